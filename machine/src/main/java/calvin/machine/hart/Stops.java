package calvin.machine.hart;

import calvin.sim.state.Derived;
import java.util.Arrays;

/**
 * Where a debugger wants the harts of a machine to stop (ADR 8). It is the debugger's, not the machine's: neither saved
 * nor hashed, and stopping changes nothing in what is computed. Owned by the machine's lane.
 *
 * <p>A stop is always before an instruction (or a hosted kernel's entry): the hart at {@link #hart} is about to do
 * something at its present cycle. Three things stop a hart: it reaches an address of the set; it is the target and has
 * reached the target's cycle; or any hart is asked to stop at its next boundary.
 *
 * <p>Cost: without a debugger a test of a field each time a hart's engine is entered, nothing per instruction. With
 * addresses set, pages that hold none of them run as before.
 */
public final class Stops {
    /** Why the machine has stopped. */
    public enum Reason {
        /** It has not. */
        NONE,
        /** A hart is at an address of the set. */
        ADDRESS,
        /** The target has been reached. */
        TARGET,
        /** A watch or another observer asked for it. */
        REQUEST
    }

    private static final long NEVER = Long.MAX_VALUE;

    @Derived(from = "the debugger")
    private long[] addresses = new long[0];
    @Derived(from = "the debugger")
    private boolean active;
    @Derived(from = "the debugger")
    private int targetHart = -1;
    @Derived(from = "the debugger")
    private long targetCycle = NEVER;
    @Derived(from = "the debugger")
    private boolean requested;
    /** Where the last stop was: the address there is passed when the machine goes on. */
    @Derived(from = "the debugger")
    private int passHart = -1;
    @Derived(from = "the debugger")
    private long passCycle;
    @Derived(from = "the debugger")
    private Reason reason = Reason.NONE;
    @Derived(from = "the debugger")
    private int hart = -1;

    // For the debugger, while the machine stands still.

    /**
     * Replaces the virtual addresses to stop at, for all harts and address spaces.
     *
     * @return whether they are others than before, so that engines must be told
     */
    public boolean addresses(long[] vas) {
        long[] sorted = vas.clone();
        Arrays.sort(sorted);
        boolean changed = !Arrays.equals(sorted, addresses);
        addresses = sorted;
        return changed;
    }

    /** Stops this hart, and with it the machine, at its first boundary with {@code hart.cycle >= cycle}. */
    public void target(int number, long cycle) {
        targetHart = number;
        targetCycle = cycle;
        refresh();
    }

    public void noTarget() {
        target(-1, NEVER);
    }

    /** Stops whichever hart comes to a boundary next. Also from within an access of a hart, which is then completed. */
    public void request() {
        requested = true;
        refresh();
    }

    /** Lets the machine go on; an address is passed once where the hart stands at this cycle. */
    public void resume(int number, long cycle) {
        passHart = number;
        passCycle = cycle;
        requested = false;
        reason = Reason.NONE;
        hart = -1;
        refresh();
    }

    public Reason reason() {
        return reason;
    }

    /** The hart that has stopped, or -1. */
    public int hart() {
        return hart;
    }

    private void refresh() {
        active = requested || targetHart >= 0 || reason != Reason.NONE;
    }

    private void stop(Hart at, Reason why) {
        reason = why;
        hart = at.id;
        active = true;
    }

    // For the machine's run loop.

    /** Whether there is anything to ask at a boundary. */
    public boolean active() {
        return active;
    }

    /** Whether the machine has stopped and its loop must be left. */
    public boolean stopped() {
        return reason != Reason.NONE;
    }

    /** Asked between instructions of a hart that is about to do something: whether it must not. */
    public boolean before(Hart at) {
        if (reason == Reason.NONE) {
            if (at.id == targetHart && at.cycle >= targetCycle) {
                stop(at, Reason.TARGET);
            } else if (requested) {
                stop(at, Reason.REQUEST);
            }
        }
        return reason != Reason.NONE;
    }

    /** Lowers the deadline so that the hart does not run past the target. */
    public void limit(Hart at) {
        if (at.id == targetHart) {
            at.deadline = Math.min(at.deadline, targetCycle);
        }
    }

    // For engines.

    /** Whether an address of the set lies on the page at {@code pageVa}. */
    public boolean inPage(long pageVa) {
        for (long va : addresses) {
            if ((va & ~0xFFFL) == pageVa) {
                return true;
            }
        }
        return false;
    }

    /** The addresses on a page, as halfword numbers. */
    public int[] halfwords(long pageVa) {
        return Arrays.stream(addresses).filter(va -> (va & ~0xFFFL) == pageVa)
                .mapToInt(va -> (int) (va & 0xFFF) >>> 1).toArray();
    }

    /**
     * Asked before the instruction at an address of the set: whether the hart stops here. It does not where the machine
     * goes on from a stop at this very place.
     */
    public boolean at(Hart here) {
        if (here.id == passHart && here.cycle == passCycle) {
            return false;
        }
        stop(here, Reason.ADDRESS);
        return true;
    }
}
