package calvin.machine.hosted;

import calvin.sim.state.Memory;

/**
 * The one door between a hosted kernel and the machine. It translates, checks, charges cycles and NUMA distance, marks
 * pages dirty, and is where faults strike. Valid during one entry only; never stored.
 *
 * <p>Inside a virtual machine (V=1) the same calls mean what the same instructions would mean there: {@code
 * csr(SSTATUS)} is vsstatus, physical addresses are guest-physical and go through the G stage, and what traps to the
 * hypervisor does so synchronously: the hypervisor's entry runs to completion before the call returns.
 */
public interface HartPort {
    int hartId();

    /** Number of the machine in its experiment; 0 for a machine by itself. */
    int node();

    /** Whether this entry runs with V=1. */
    boolean virtual();

    /** The interrupted code's integer register, 0..31. Writes to 0 are ignored. */
    long x(int register);

    void x(int register, long value);

    /** The interrupted code's floating-point register, raw bits. */
    long f(int register);

    void f(int register, long value);

    int fcsr();

    void fcsr(int value);

    /**
     * Reads a CSR by number as a csrr instruction at the kernel's level would. A CSR that is not there is a bug of the
     * kernel.
     */
    long csr(int number);

    /** Writes a CSR by number as a csrw instruction at the kernel's level would. */
    void csr(int number, long value);

    /**
     * Physical memory and devices at the kernel's level, each access charged. Device registers are reached with u8 to
     * u64 at their width. An address where nothing is reads as 0 and sets {@link #badAccess()}.
     */
    Memory physical();

    /** Whether an access since the last call of this method hit nothing; clears the mark. */
    boolean badAccess();

    /**
     * Translates a virtual address of the interrupted context's address space (satp, or vsatp inside a VM) as a
     * user-mode access would; the cost of the walk is charged.
     *
     * @param access 0 read, 1 write, 2 execute
     * @return the physical address at the kernel's level, or -1 where the access would fault
     */
    long translateUser(long va, int access);

    /**
     * Copies from user memory, page by page; false when any byte is not readable (nothing is promised about {@code
     * into} then).
     */
    boolean copyFromUser(long va, byte[] into, int offset, int length);

    boolean copyToUser(long va, byte[] from, int offset, int length);

    /**
     * Guest memory as the current vsatp and hgatp map it, by the rules of HLV and HSV with SPVP; for a hypervisor.
     *
     * @return the value zero-extended; on a fault 0, and {@link #badAccess()} is set
     */
    long guestLoad(long gva, int sizeLog2);

    void guestStore(long gva, int sizeLog2, long value);

    /** Adds to the cost of this entry. */
    void charge(long cycles);

    /** The hart's time now, in picoseconds, with what this entry has been charged so far. */
    long timePs();

    /** The time CSR now. */
    long time();

    /** SFENCE.VMA of everything at the kernel's level; with V=1 this guest's only. */
    void sfenceVma();

    /** HFENCE.GVMA and HFENCE.VVMA of everything; for a hypervisor. */
    void hfence();

    /** FENCE.I. */
    void fenceI();

    /**
     * An ECALL from the kernel's level with the SBI calling convention. Registers of the interrupted code are as before
     * afterwards.
     *
     * @return the SBI error (a0) in the low half and success in {@link #sbiValue()} (a1)
     */
    long ecall(int extension, int function, long a0, long a1, long a2, long a3);

    /** The value (a1) that the last {@link #ecall} returned. */
    long sbiValue();

    /** Records why the kernel gives up; the entry then returns {@link Resume#PANIC}. */
    void panic(String message);

    /** Set in the number of a task of a guest, in what {@link #taskStarted} and {@link #taskEnded} report. */
    long GUEST_TASK = 1L << 32;

    /** A task of the workload began; for traces and for "the job has ended". */
    void taskStarted(long task);

    /** A task of the workload ended. {@code code} is its exit code, or 128 + signal. */
    void taskEnded(long task, long code);

    /** Telemetry of a VM exit, for traces. */
    void vmExit(int code, long cycles, int vcpu);
}
