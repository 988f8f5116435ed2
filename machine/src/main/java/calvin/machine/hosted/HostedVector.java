package calvin.machine.hosted;

/**
 * The window of virtual addresses that belongs to kernels written in Java. A trap vector or entry point in it means:
 * call the kernel, do not fetch. So which kernel serves a hart at a level is in the hart's own registers (mtvec, stvec,
 * vstvec, pc), travels with snapshots and world switches, and a hypervisor needs to know nothing of it.
 *
 * <pre>
 * BASE + kernel * 16      trap entry: what xtvec holds
 *                   + 4   boot entry: pc at reset, of a started hart, or of a new vcpu
 *                   + 8   idle: pc while the kernel has nothing to run and waits for an interrupt
 * </pre>
 */
public final class HostedVector {
    /** Top 64 KiB of the canonical address space. */
    public static final long BASE = 0xFFFF_FFFF_FFFF_0000L;
    public static final int KERNEL_BYTES = 16;
    public static final int TRAP = 0;
    public static final int BOOT = 4;
    public static final int IDLE = 8;

    private HostedVector() {}

    public static boolean contains(long pc) {
        return pc >>> 16 == 0xFFFF_FFFF_FFFFL;
    }

    /** The address of entry {@code TRAP}, {@code BOOT} or {@code IDLE} of kernel number {@code kernel}. */
    public static long of(int kernel, int entry) {
        return BASE + (long) kernel * KERNEL_BYTES + entry;
    }

    public static int kernel(long pc) {
        return (int) (pc & 0xFFFF) / KERNEL_BYTES;
    }

    public static int entry(long pc) {
        return (int) (pc & (KERNEL_BYTES - 1));
    }
}
