package calvin.hypervisor;

import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.hypervisor.vm.VmSpec;
import calvin.machine.isa.Cause;
import calvin.machine.isa.Csr;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Handling an exit leaves nothing on the Java heap. */
final class ExitAllocationTest {
    private static final int ROUNDS = 5000;

    private final FakePort port = new FakePort(16 << 20);
    private final Vmm vmm = new Vmm(new SilentHost());
    private long vmAt;

    @Test
    void exitsAllocateNothing() {
        new VmSpec("guest", 4L << 20, VmSpec.GIGAPAGE, -1, 0, new VmSpec.Guest.HostedKernel(1, 0), List.of(), List.of(),
                0).write(port.physical(), FakePort.BASE);
        vmAt = vmm.create(port, FakePort.BASE, 1, 0);
        vmm.launch(port, vmAt);
        vmm.enter(port, vmAt);
        exits();
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        exits();
        long bytes = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(bytes < ROUNDS, bytes + " bytes in " + 4 * ROUNDS + " exits");
    }

    private void exits() {
        for (int i = 0; i < ROUNDS; i++) {
            trap(Cause.STORE_GUEST_PAGE_FAULT, 0x1000_0000L, 0x00A0_0023L);
            trap(Cause.LOAD_GUEST_PAGE_FAULT, 0x1000_0005L, 0x0000_4503L);
            port.x[17] = 0x10;
            port.x[16] = 0;
            trap(Cause.ECALL_FROM_VS, 0, 0);
            trap(Cause.SUPERVISOR_TIMER, 0, 0);
        }
    }

    private void trap(Cause cause, long gpa, long htinst) {
        port.csrs[Csr.SCAUSE.number] = cause.value();
        port.csrs[Csr.STVAL.number] = gpa;
        port.csrs[Csr.HTVAL.number] = gpa >>> 2;
        port.csrs[Csr.HTINST.number] = htinst;
        vmm.exit(port, vmAt);
    }
}
