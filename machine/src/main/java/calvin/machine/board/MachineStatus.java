package calvin.machine.board;

import calvin.sim.state.Published;
import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;
import calvin.sim.state.Stateful;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Whether a machine still runs, how it ended, and which tasks of the workload have begun and ended on it. */
public final class MachineStatus implements Stateful {
    /** How the machine stands. */
    public enum Kind {
        /** Its harts execute, or wait for something. */
        RUNNING,
        /** Software turned it off, with {@link MachineStatus#code()}. */
        EXITED,
        /** A kernel gave up, with {@link MachineStatus#message()}. */
        PANIC
    }

    private final String stateName;
    @Published
    private Kind kind = Kind.RUNNING;
    @Published
    private long code;
    @Published
    private long endPs;
    @Published
    private String message = "";
    @Published
    private int restarts;
    @Published
    private int started;
    @Published
    private int ended;
    /** Task numbers and exit codes in the order in which they ended, and when. */
    @Published
    private long[] endedTasks = new long[3 * 8];

    MachineStatus(String stateName) {
        this.stateName = stateName;
    }

    public Kind kind() {
        return kind;
    }

    public boolean running() {
        return kind == Kind.RUNNING;
    }

    /** Exit code of a machine that {@link Kind#EXITED}; 0 is success. */
    public long code() {
        return code;
    }

    /** When it stopped running. */
    public long endPs() {
        return endPs;
    }

    /** Why a kernel gave up. */
    public String message() {
        return message;
    }

    /** How often software has restarted it. */
    public int restarts() {
        return restarts;
    }

    public int tasksStarted() {
        return started;
    }

    public int tasksEnded() {
        return ended;
    }

    /** The task that ended as number {@code index}, from 0. */
    public long endedTask(int index) {
        return endedTasks[3 * index];
    }

    /** Its exit code, or 128 + signal. */
    public long endedCode(int index) {
        return endedTasks[3 * index + 1];
    }

    /** When it ended. */
    public long endedPs(int index) {
        return endedTasks[3 * index + 2];
    }

    /** Whether tasks have been started and all have ended. */
    public boolean allTasksEnded() {
        return started > 0 && ended == started;
    }

    void exit(long timePs, long value) {
        if (kind == Kind.RUNNING) {
            kind = Kind.EXITED;
            code = value;
            endPs = timePs;
        }
    }

    void panic(long timePs, String why) {
        if (kind == Kind.RUNNING) {
            kind = Kind.PANIC;
            message = why;
            endPs = timePs;
        }
    }

    void restarted() {
        restarts++;
    }

    void taskStarted() {
        started++;
    }

    void taskEnded(long timePs, long task, long exitCode) {
        if (3 * ended == endedTasks.length) {
            endedTasks = Arrays.copyOf(endedTasks, 2 * endedTasks.length);
        }
        endedTasks[3 * ended] = task;
        endedTasks[3 * ended + 1] = exitCode;
        endedTasks[3 * ended + 2] = timePs;
        ended++;
    }

    @Override
    public String stateName() {
        return stateName;
    }

    @Override
    public void save(StateWriter out) {
        out.u64(kind.ordinal());
        out.u64(code);
        out.u64(endPs);
        out.blob(message.getBytes(StandardCharsets.UTF_8));
        out.u64(restarts);
        out.u64(started);
        out.u64(ended);
        for (int i = 0; i < 3 * ended; i++) {
            out.u64(endedTasks[i]);
        }
    }

    @Override
    public void load(StateReader in) {
        kind = Kind.values()[(int) in.u64()];
        code = in.u64();
        endPs = in.u64();
        message = new String(in.blob(), StandardCharsets.UTF_8);
        restarts = (int) in.u64();
        started = (int) in.u64();
        ended = (int) in.u64();
        endedTasks = new long[Math.max(24, 3 * ended)];
        for (int i = 0; i < 3 * ended; i++) {
            endedTasks[i] = in.u64();
        }
    }

    @Override
    public String toString() {
        return switch (kind) {
            case RUNNING -> "running";
            case EXITED -> "exited with code " + code;
            case PANIC -> "panic: " + message;
        };
    }
}
