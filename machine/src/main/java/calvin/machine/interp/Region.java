package calvin.machine.interp;

import calvin.machine.hart.Hart;

/**
 * Translated code of a part of a page. It does what {@link Interpreter} would do with the same instructions, only
 * faster; whatever else is needed (a TLB miss, a CSR, a trap, a device) it leaves to the interpreter.
 */
public abstract class Region {
    /** How {@link #run} ends: pc is an instruction that may be anywhere, also in this region again. */
    public static final int CONTINUE = 0;
    /** How {@link #run} ends: the interpreter must execute the instruction at pc. */
    public static final int INTERPRET = 1;

    /**
     * Executes at most {@code budget} instructions. On return pc, cycle, instret and the registers are those of an
     * instruction boundary.
     *
     * @param pageVa  where the page is mapped
     * @param at      byte offset in the page at which to begin, one of the region's entries
     * @param fpState what the interpreter knows of mstatus.FS: 0 nothing, 1 it is on, 2 it is dirty
     * @return {@link #CONTINUE} or {@link #INTERPRET}
     */
    public abstract int run(Hart hart, long pageVa, int at, int budget, int fpState);
}
