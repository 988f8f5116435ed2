package calvin.lwk.task;

import calvin.machine.hosted.HartPort;

/**
 * What the kernel asks of a hypervisor built into it. A vcpu is a task like any other: it has a {@code TaskStruct} of
 * kind {@code KIND_GUEST}, is scheduled round robin on its hart, waits and ends as tasks do. The kernel saves and
 * restores x, f, fcsr, sepc and sstatus of every task; everything that only a guest has (hstatus, hgatp, the VS CSRs,
 * interrupt state) is the runner's.
 *
 * <p>The runner is given to the kernel's constructor and holds no state. Its structures are bytes in memory, from
 * {@code Kmem} and {@code Pmem}, reached through {@code TaskStruct.GUEST}. All methods run within one kernel entry and
 * to completion.
 *
 * <p>Order of calls: {@link #start} once; then {@link #enter}, any number of {@link #exit}, {@link #leave}, and again;
 * {@link #ended} once. A vcpu that is not on a hart is woken by {@code Scheduler.wake(port, taskAt)}.
 */
public interface GuestRunner {
    /** What becomes of the vcpu after an exit. */
    enum Next {
        /** Goes on at sepc, which the runner has advanced where that is due. */
        RUN,
        /** Goes on, after the other tasks of the hart had their turn. */
        YIELD,
        /**
         * Waits (WFI, stopped by HSM) until woken, or until {@code TaskStruct.WAKE_TIME} if the runner has set that.
         */
        WAIT,
        /** The trap is an interrupt for the host: the kernel handles it, then the vcpu goes on. */
        HOST,
        /** The vcpu is gone for good, {@code TaskStruct.EXIT_CODE} is set; the kernel ends the task. */
        ENDED
    }

    /**
     * Makes the virtual machine that a GUEST job of the boot parameters describes. The task at {@code taskAt} exists,
     * belongs to its hart and is not yet runnable; it becomes vcpu 0. The runner sets {@code PC}, {@code SSTATUS} (SPP
     * as the guest's mode) and {@code X} in it. Further vcpus are made with {@code Tasks.createVcpu}.
     *
     * @param jobAt pa of the JobStruct
     * @return 0, or a negative errno after a message on the console
     */
    long start(HartPort port, long taskAt, long jobAt);

    /**
     * A trap while the vcpu at {@code taskAt} was on the hart: V was 1, scause, stval, htval and htinst are the trap's,
     * the port's x and f are the guest's.
     */
    Next exit(HartPort port, long taskAt);

    /**
     * The vcpu comes onto the hart: load what the guest owns, set hstatus.SPV. The kernel loads x, f, sepc and sstatus
     * afterwards.
     */
    void enter(HartPort port, long taskAt);

    /**
     * The vcpu leaves the hart: save what the guest owns, clear hstatus.SPV. The kernel has saved x, f, sepc and
     * sstatus.
     */
    void leave(HartPort port, long taskAt);

    /** The task ends, whoever decided so; it is not on the hart any more. Give back its memory. */
    void ended(HartPort port, long taskAt);
}
