package calvin.lwk.state;

/**
 * What a waiting task waits for; the value of {@link TaskStruct#WAIT_KIND}. It says what happens when the task is
 * woken.
 */
public enum WaitKind {
    NONE(0),
    /** nanosleep: the call returns 0 when the time has come. */
    SLEEP(1),
    /** futex: 0 when woken, -ETIMEDOUT when the time has come. */
    FUTEX(2),
    /** The call is made again when the task is woken. */
    RETRY(3),
    /** A vcpu in WFI. */
    GUEST(4),
    /** sigtimedwait: the number of the signal, or -EAGAIN when the time has come. */
    SIGNAL(5),
    CORRUPT(-1);

    private static final WaitKind[] BY_CODE = {NONE, SLEEP, FUTEX, RETRY, GUEST, SIGNAL};

    public final int code;

    WaitKind(int code) {
        this.code = code;
    }

    /** The kind of a code read from memory; never fails. */
    public static WaitKind of(long code) {
        return code >= 0 && code < BY_CODE.length ? BY_CODE[(int) code] : CORRUPT;
    }
}
