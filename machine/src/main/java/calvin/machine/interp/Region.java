package calvin.machine.interp;

import calvin.machine.hart.Hart;
import calvin.sim.state.Derived;
import java.util.Arrays;

/**
 * Translated code of a part of a page. It does what {@link Interpreter} would do with the same instructions, only
 * faster; whatever else is needed (a TLB miss, a CSR, a trap, a device) it leaves to the interpreter.
 */
public abstract class Region {
    /** Runs in which a region is cut short, and misses the TLB, on purpose. */
    private static final int TRAINING = 4_000;
    private static final int TRAINING_BUDGET = 128;
    /** Runs in which it returns often, so that HotSpot's next version of it is entered. */
    private static final int WARMING = 60_000;
    private static final int WARMING_BUDGET = 8_192;

    @Derived(from = "how often it ran, about: lanes do not take turns")
    private int runs;

    /** How {@link #run} ends: pc is an instruction that may be anywhere, also in this region again. */
    public static final int CONTINUE = 0;
    /** How {@link #run} ends: the interpreter must execute the instruction at pc. */
    public static final int INTERPRET = 1;

    /**
     * How much of a budget to give this run. HotSpot compiles what it has seen: a branch that it has never seen taken
     * becomes a trap back into its own interpreter, and each one taken later costs a compilation of the whole region.
     * So the first runs take all the ways out: budgets end in every block, and now and then the TLB is empty.
     */
    final int budget(Hart hart, int wanted) {
        int run = runs;
        if (run >= WARMING) {
            return wanted;
        }
        runs = run + 1;
        if (run >= TRAINING) {
            return Math.min(wanted, WARMING_BUDGET);
        }
        if (run % 16 == 0) {
            Arrays.fill(hart.tlbReadTag, Hart.TLB_EMPTY);
            Arrays.fill(hart.tlbWriteTag, Hart.TLB_EMPTY);
        }
        return Math.min(wanted, 1 + (run * 0x9E37_79B1 >>> 16) % TRAINING_BUDGET);
    }

    /**
     * Executes at most {@code budget} instructions. On return pc, cycle, instret and the registers are those of an
     * instruction boundary.
     *
     * @param pageVa  where the page is mapped
     * @param at      byte offset in the page at which to begin, one of the region's entries
     * @param fpState what the interpreter knows of mstatus.FS: 0 nothing, 1 it is on, 2 it is dirty
     * @param fp      does floating-point instructions exactly
     * @return {@link #CONTINUE} or {@link #INTERPRET}
     */
    public abstract int run(Hart hart, long pageVa, int at, int budget, int fpState, FpOps fp);
}
