package calvin.hypervisor.vdev;

import static org.junit.jupiter.api.Assertions.assertEquals;

import calvin.hypervisor.FakeHost;
import calvin.hypervisor.FakePort;
import calvin.hypervisor.Vmm;
import calvin.hypervisor.gpa.GStage;
import calvin.hypervisor.host.After;
import calvin.hypervisor.vm.VmSpec;
import calvin.hypervisor.vm.VmStruct;
import calvin.machine.isa.Cause;
import calvin.machine.isa.Csr;
import calvin.sim.state.Memory;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The card is memory here: what the hypervisor lets through can be read back from it. */
final class VirtualCardTest {
    private static final long CARD_PA = FakePort.BASE + (12 << 20);
    private static final long CARD_GPA = 0x4000_0000L;
    private static final int A0 = 10;

    private final FakePort port = new FakePort(16 << 20);
    private final FakeHost host = new FakeHost(FakePort.BASE + (1 << 20), CARD_PA);
    private final Vmm vmm = new Vmm(host);
    private final Memory memory = port.physical();
    private long vmAt;
    private long ramPa;

    @BeforeEach
    void build() {
        new VmSpec("guest", 4L << 20, VmSpec.GIGAPAGE, -1, 0, new VmSpec.Guest.HostedKernel(1, 0), List.of(), List.of(),
                CARD_PA).write(memory, FakePort.BASE);
        vmAt = vmm.create(port, FakePort.BASE, 1, 0);
        vmm.launch(port, vmAt);
        vmm.enter(port, vmAt);
        ramPa = VmStruct.MEMORY_PA.get(memory, vmAt);
    }

    private void store(int offset, int bytes, long value) {
        port.x(A0, value);
        access(Cause.STORE_GUEST_PAGE_FAULT, offset, (bytes == 8 ? 3 : 2) << 12 | A0 << 20 | 0x23);
    }

    private long load(int offset, int bytes) {
        access(Cause.LOAD_GUEST_PAGE_FAULT, offset, (bytes == 8 ? 3 : 6) << 12 | A0 << 7 | 0x03);
        return port.x(A0);
    }

    private void access(Cause cause, int offset, long instruction) {
        port.csr(Csr.SCAUSE.number, cause.value());
        port.csr(Csr.STVAL.number, CARD_GPA + offset);
        port.csr(Csr.HTVAL.number, CARD_GPA + offset >>> 2);
        port.csr(Csr.HTINST.number, instruction);
        assertEquals(After.GUEST, vmm.exit(port, vmAt));
    }

    private void command(int opcode, long... arguments) {
        for (int i = 0; i < arguments.length; i++) {
            store(0x100 + 8 * i, 8, arguments[i]);
        }
        store(0x140, 4, opcode);
    }

    private long given(int argument) {
        return memory.u64(CARD_PA + 0x100 + 8 * argument);
    }

    @Test
    void doorbellPagesAreMappedAndRegistersAreNot() {
        long root = VmStruct.ROOT_PA.get(memory, vmAt);
        assertEquals(CARD_PA + 0x10_0000, GStage.translate(memory, GStage.SV39X4, root, CARD_GPA + 0x10_0000));
        assertEquals(CARD_PA + 0x1F_F008, GStage.translate(memory, GStage.SV39X4, root, CARD_GPA + 0x1F_F008));
        assertEquals(-1, GStage.translate(memory, GStage.SV39X4, root, CARD_GPA));
        assertEquals(-1, GStage.translate(memory, GStage.SV39X4, root, CARD_GPA + 0x20_0000));
    }

    @Test
    void registersReadThrough() {
        memory.u32(CARD_PA, 0x494E_5643L);
        memory.u64(CARD_PA + 8, 0x0200_0A00_0001L);
        assertEquals(0x494E_5643L, load(0, 4));
        assertEquals(0x0200_0A00_0001L, load(8, 8));
    }

    @Test
    void addressesInCommandsBecomeTheHosts() {
        command(3, 7, 0x1234_5000L, 0x2000, 0x8010_0000L, 15);
        assertEquals(3, memory.u32(CARD_PA + 0x140));
        assertEquals(7, given(0));
        assertEquals(0x1234_5000L, given(1), "the va is the guest's own business");
        assertEquals(ramPa + 0x10_0000, given(3));
        assertEquals(0x8010_0000L, load(0x118, 8), "the guest reads back what it wrote");
        command(7, 1, 2, 0x8000_0000L, 4, 0x8001_0000L, 5, 0x8002_0000L, 33);
        assertEquals(ramPa, given(2));
        assertEquals(ramPa + 0x1_0000, given(4));
        assertEquals(ramPa + 0x2_0000, given(6));
        assertEquals(33, given(7));
        command(5, 0x8003_0000L, 6, 0x8004_0000L, 1);
        assertEquals(ramPa + 0x3_0000, given(0));
        assertEquals(ramPa + 0x4_0000, given(2));
    }

    @Test
    void commandsThatNameOtherMemoryAreRefused() {
        command(3, 7, 0x1000, 0x2000, 0x803F_F000L, 15);
        assertEquals(0, memory.u32(CARD_PA + 0x140), "the card has not seen it");
        assertEquals(22, load(0x144, 4));
        command(7, 1, 2, 0x8000_0000L, 15, 0x8001_0000L, 5, 0x8002_0000L, 33);
        assertEquals(22, load(0x144, 4), "a send queue of 8 MiB is more than guest memory");
        command(7, 1, 2, 0x8000_0000L, 60, 0x8001_0000L, 5, 0x8002_0000L, 33);
        assertEquals(22, load(0x144, 4), "lengths do not wrap");
        command(1);
        memory.u32(CARD_PA + 0x144, 0);
        assertEquals(0, load(0x144, 4), "the next command is the card's");
    }
}
