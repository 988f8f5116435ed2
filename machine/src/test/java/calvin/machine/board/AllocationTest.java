package calvin.machine.board;

import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.machine.hosted.HartPort;
import calvin.machine.hosted.HostedKernel;
import calvin.machine.hosted.HostedVector;
import calvin.machine.hosted.Resume;
import calvin.machine.isa.Csr;
import calvin.machine.sbi.SbiFirmware;
import calvin.sim.time.SimTime;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Instructions, device accesses, timers, traps and hosted kernels' entries allocate nothing once warm. */
class AllocationTest {
    private static final com.sun.management.ThreadMXBean THREADS = (com.sun.management.ThreadMXBean) ManagementFactory
            .getThreadMXBean();

    /** A kernel that sets a timer by SBI, reads a device, touches memory, and sleeps. */
    private static final class Ticker implements HostedKernel {
        @Override
        public String name() {
            return "ticker";
        }

        @Override
        public Resume boot(HartPort port) {
            port.csr(Csr.STVEC.number, HostedVector.of(1, HostedVector.TRAP));
            port.csr(Csr.SIE.number, 0x20);
            return trap(port);
        }

        @Override
        public Resume trap(HartPort port) {
            port.physical().u64(AddressMap.KERNEL, port.physical().u64(AddressMap.KERNEL) + 1);
            port.physical().u8(AddressMap.UART + 5);
            port.physical().u64(AddressMap.CLINT + 0x4000, port.time() + 7);
            port.ecall(0x54494D45, 0, port.time() + 20, 0, 0, 0);
            return Resume.IDLE;
        }
    }

    private static long allocatedBy(Rig rig, long fromPs, long toPs) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        rig.lane.runUntil(toPs);
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }

    @Test
    void aTickingKernelAllocatesNothing() {
        Rig rig = new Rig(BoardSpec.virt(1, 16 << 20), List.of(new SbiFirmware(), new Ticker()));
        rig.machine.bootSupervisor(HostedVector.of(1, HostedVector.BOOT), "");
        rig.lane.runUntil(20 * SimTime.PS_PER_MS);
        long ticks = rig.machine.memory().u64(AddressMap.KERNEL);
        long bytes = allocatedBy(rig, 20 * SimTime.PS_PER_MS, 40 * SimTime.PS_PER_MS);
        long entries = rig.machine.memory().u64(AddressMap.KERNEL) - ticks;
        assertTrue(entries > 9000, "only " + entries + " entries");
        assertTrue(bytes < 1000, bytes + " bytes for " + entries + " entries");
    }

    @Test
    void instructionsThatTrapAndTouchDevicesAllocateNothing() {
        // Loop: store to MSIP of hart 1, load MTIME, ECALL to M whose handler returns behind it.
        Rig rig = MachineTest.program(BoardSpec.virt(2, 4 << 20), "auipc x6, 0", "addi x6, x6, 36",
                "csrrw x0, mtvec, x6",
                "lui x5, 0x2000", "sw x0, 4(x5)", "lui x7, 0x200c", "ld x8, -8(x7)", "ecall", "jal x0, .-16",
                "csrrs x9, mepc, x0",
                "addi x9, x9, 4", "csrrw x0, mepc, x9", "addi x28, x0, -1", "csrrs x0, mstatus, x28", "mret");
        rig.lane.runUntil(5 * SimTime.PS_PER_MS);
        long before = rig.machine.instructions();
        long bytes = allocatedBy(rig, 5 * SimTime.PS_PER_MS, 10 * SimTime.PS_PER_MS);
        assertTrue(rig.machine.instructions() - before > 500_000, "only " + (rig.machine.instructions() - before));
        assertTrue(bytes < 1000, bytes + " bytes");
    }
}
