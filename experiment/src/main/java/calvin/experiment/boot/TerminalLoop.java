package calvin.experiment.boot;

import calvin.experiment.gdb.GdbServer;
import calvin.machine.board.Machine;
import calvin.sim.event.Lane;
import calvin.sim.time.SimTime;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;

/** Advances a machine whose console is the terminal: in slices of virtual time, with what was typed in between. */
final class TerminalLoop {
    /** Virtual time between two looks at the terminal. */
    private static final long SLICE_PS = SimTime.PS_PER_MS;
    /** The same while more has been typed than was taken. */
    private static final long TYPING_SLICE_PS = 50 * SimTime.PS_PER_US;
    private static final int FIFO_BYTES = 16;
    private static final long IDLE_SLEEP_MS = 10;

    private final Machine machine;
    private final Lane lane;
    private final TerminalInput input;
    private final OutputStream out;
    /** Typed when the input ends, or -1 for nothing. */
    private final int endMark;
    private final LoopHooks hooks;
    /** Advances the machine instead; null where no debugger may come. */
    private final GdbServer gdb;
    private boolean endTyped;

    TerminalLoop(Machine machine, TerminalInput input, OutputStream out, int endMark, LoopHooks hooks, GdbServer gdb) {
        this.gdb = gdb;
        this.machine = machine;
        this.lane = machine.lane();
        this.input = input;
        this.out = out;
        this.endMark = endMark;
        this.hooks = hooks;
    }

    /**
     * Runs until the machine ends, nothing can happen any more, a hook ends it, or all harts together have retired
     * {@code limit} instructions.
     */
    void run(long limit, PrintStream messages) throws IOException {
        while (goesOn() && machine.instructions() < limit) {
            type();
            flush();
            if (!hooks.turn() || machine.stuck() && !held() && !waitForInput(messages)) {
                break;
            }
            advance(Math.min(hooks.limitPs(), sliceEndPs(Math.min(limit, hooks.limitInstructions()))));
        }
        if (!machine.status().running()) {
            // However the run was cut, the lane's time is then the same.
            lane.runUntil(Math.ceilDiv(lane.timePs(), SLICE_PS) * SLICE_PS);
        }
        flush();
    }

    private boolean held() {
        return gdb != null && gdb.holds();
    }

    private boolean goesOn() {
        return held() || machine.status().running() && (gdb == null || !gdb.killed());
    }

    private void advance(long untilPs) throws IOException {
        if (gdb == null) {
            lane.runUntil(untilPs);
        } else {
            gdb.runUntil(untilPs);
        }
    }

    private void flush() throws IOException {
        out.flush();
        if (out instanceof PrintStream print && print.checkError()) {
            throw new IOException("standard output has been closed, or its disk is full");
        }
    }

    /** No hart retires more than one instruction per cycle, so the limit is approached from below. */
    private long sliceEndPs(long limit) {
        long perHart = Math.max(1, (limit - machine.instructions()) / machine.board().harts());
        long slicePs = input.isEmpty() ? SLICE_PS : TYPING_SLICE_PS;
        long endPs = SimTime.plus(lane.timePs() / slicePs * slicePs, slicePs);
        return perHart > slicePs
                ? endPs
                : Math.min(endPs, SimTime.plus(lane.timePs(), perHart * machine.board().hartPeriodPs()));
    }

    /** A FIFO at a time, when the last one has been taken. */
    private void type() throws IOException {
        if (!machine.typedIsTaken() || gdb != null && gdb.inThePast()) {
            return;
        }
        byte[] typed = input.take(FIFO_BYTES);
        if (typed.length > 0) {
            type(typed);
        } else if (endMark >= 0 && !endTyped && input.ended()) {
            endTyped = true;
            type(new byte[]{(byte) endMark});
        }
    }

    private void type(byte[] bytes) throws IOException {
        long timePs = lane.timePs() + 1;
        if (gdb == null) {
            machine.type(timePs, bytes);
        } else {
            gdb.type(timePs, bytes);
        }
        hooks.typed(timePs, bytes);
    }

    /** Nothing can happen but input: waits for it; false when there will be none. */
    private boolean waitForInput(PrintStream messages) {
        if (input.ended()) {
            messages.println("calvin: every hart waits, and nothing is on its way: it will never end");
            return false;
        }
        return input.await(IDLE_SLEEP_MS);
    }
}
