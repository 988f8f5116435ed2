package calvin.lwk.state;

/** What a task is doing; the value of {@link TaskStruct#STATE}. The names are Kitten's. */
public enum TaskState {
    /** The structure is not in use, or being filled. */
    NONE(0),
    /** On a hart or in its run queue. */
    RUNNING(1),
    /** Waits for something that a signal may cut short. */
    INTERRUPTIBLE(2),
    /** Waits for something that only its event ends. */
    UNINTERRUPTIBLE(3),
    STOPPED(4),
    EXITED(5),
    /** No task was ever given this value. */
    CORRUPT(-1);

    public final int code;

    TaskState(int code) {
        this.code = code;
    }

    /** The state of a code read from memory; never fails. */
    public static TaskState of(long code) {
        return switch ((int) code) {
            case 0 -> NONE;
            case 1 -> RUNNING;
            case 2 -> INTERRUPTIBLE;
            case 3 -> UNINTERRUPTIBLE;
            case 4 -> STOPPED;
            case 5 -> EXITED;
            default -> CORRUPT;
        };
    }
}
