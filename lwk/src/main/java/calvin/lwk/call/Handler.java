package calvin.lwk.call;

import calvin.machine.hosted.HartPort;

/** The body of a system call. Arguments are in x10 to x15 of the port; sepc is already behind the ECALL. */
@FunctionalInterface
interface Handler {
    /** The task waits or has ended, or its registers are already as they should be: x10 stays. */
    long NO_RESULT = Long.MIN_VALUE;
    /** The task waits and makes the call again when it is woken. */
    long RETRY = Long.MIN_VALUE + 1;

    /**
     * @param hartAt pa of the HartStruct
     * @param taskAt pa of the calling TaskStruct
     * @return what x10 becomes (a value, or a negative errno), or NO_RESULT, or RETRY
     */
    long call(HartPort port, long hartAt, long taskAt);
}
