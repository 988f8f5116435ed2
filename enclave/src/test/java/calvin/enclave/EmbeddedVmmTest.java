package calvin.enclave;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.guests.Guests;
import calvin.hypervisor.vm.VmSpec;
import calvin.machine.board.AddressMap;
import calvin.machine.board.BoardSpec;
import calvin.machine.board.Engines;
import calvin.machine.board.Machine;
import calvin.machine.board.MachineStatus;
import calvin.machine.hosted.HostedVector;
import calvin.machine.sbi.SbiFirmware;
import calvin.sim.event.Lane;
import calvin.sim.time.SimTime;
import calvin.sim.trace.TraceSink;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The hypervisor in a kernel that is not the LWK: what its host interface promises is enough. */
final class EmbeddedVmmTest {
    private static final long ROOT = AddressMap.KERNEL;
    private static final long IMAGE = ROOT + 0x2000;

    private final StringBuilder console = new StringBuilder();

    private Machine run(byte[] elf, long largestLeaf) {
        Lane lane = new Lane("node0");
        Machine machine = new Machine(lane, 0, BoardSpec.virt(1, 128L << 20),
                List.of(new SbiFirmware(), new TinyHost()), Engines.INTERPRETER,
                (timePs, value) -> console.append((char) value), TraceSink.NONE);
        machine.memory().u64(ROOT, AddressMap.RAM + (16 << 20));
        machine.memory().write(IMAGE, elf, 0, elf.length);
        new VmSpec("vm", 32L << 20, largestLeaf, -1, VmSpec.TELEMETRY,
                new VmSpec.Guest.ElfKernel(IMAGE, elf.length, ""), List.of(), List.of(), 0)
                .write(machine.memory(), ROOT + 4096);
        machine.bootSupervisor(HostedVector.of(TinyHost.NUMBER, HostedVector.BOOT), ROOT);
        for (int i = 0; i < 5000 && machine.status().running() && !machine.stuck(); i++) {
            lane.runUntil(lane.timePs() + SimTime.PS_PER_MS);
        }
        return machine;
    }

    @Test
    void theSelfTestKernelPassesInAVirtualMachine() {
        Machine machine = run(Guests.get("smode.elf").bytes(), VmSpec.GIGAPAGE);
        assertTrue(console.toString().contains("SELFTEST PASSED"), console.toString());
        assertEquals("exited with code 0", machine.status().toString());
        assertTrue(console.toString().contains("telem.1>MMIO_STORE:Cnt="), console.toString());
    }

    @Test
    void smallPagesMeanTheSame() {
        Machine machine = run(Guests.get("smode.elf").bytes(), VmSpec.PAGE);
        assertTrue(console.toString().contains("SELFTEST PASSED"), console.toString());
        assertEquals(MachineStatus.Kind.EXITED, machine.status().kind());
    }
}
