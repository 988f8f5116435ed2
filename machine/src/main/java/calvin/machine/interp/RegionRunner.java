package calvin.machine.interp;

import calvin.machine.hart.Hart;
import calvin.machine.isa.Slot;
import calvin.sim.state.Derived;
import java.util.Arrays;

/**
 * Goes from region to region, as long as jumps lead from one to another. One per hart.
 *
 * <p>Cost: a look at a direct-mapped table by pc, and a virtual call; the registers go through the hart.
 */
final class RegionRunner {
    private static final int ENTRIES = 1024;

    private final Interpreter interpreter;
    private final Promoter promoter;
    private final FpOps fp;
    @Derived(from = "the pages' links and translations")
    private final long[] tags = new long[ENTRIES];
    @Derived(from = "as above")
    private final int[] contexts = new int[ENTRIES];
    @Derived(from = "as above")
    private final Region[] regions = new Region[ENTRIES];
    @Derived(from = "Hart.translationGeneration when the table was made")
    private long translationGeneration;
    @Derived(from = "CodeCache.generation and the promoter's links, as above")
    private long codeGeneration = -1;

    RegionRunner(Interpreter interpreter, Promoter promoter, FpOps fp) {
        this.interpreter = interpreter;
        this.promoter = promoter;
        this.fp = fp;
    }

    /**
     * Runs regions from pc.
     *
     * @return the slot at pc if it is not for the hot loop, otherwise 0
     */
    long run(Hart hart, int fpState, long generation) {
        if (translationGeneration != hart.translationGeneration || codeGeneration != generation) {
            Arrays.fill(tags, Hart.TLB_EMPTY);
            translationGeneration = hart.translationGeneration;
            codeGeneration = generation;
        }
        while (true) {
            Region region = at(hart);
            if (region == null) {
                return 0;
            }
            long pc = hart.pc;
            long retired = hart.instret;
            int most = (int) Math.min(hart.deadline - hart.cycle, Integer.MAX_VALUE);
            int end = region.run(hart, pc & ~0xFFFL, (int) pc & 0xFFF, region.budget(hart, most), fpState, fp);
            hart.stats.translated += hart.instret - retired;
            if (hart.cycle >= hart.deadline) {
                return 0;
            }
            if (end == Region.INTERPRET) {
                return interpreter.runHidden(hart, interpreter.known(hart, hart.pc));
            }
        }
    }

    /** The region that is entered at pc, or null. */
    private Region at(Hart hart) {
        long pc = hart.pc;
        int entry = (int) (pc >>> 1) & ENTRIES - 1;
        if (tags[entry] == pc && contexts[entry] == hart.fetchContext) {
            return regions[entry];
        }
        CodePage page = interpreter.known(hart, pc);
        int halfword = (int) (pc & 0xFFF) >>> 1;
        if (page == null) {
            return null;
        }
        if (!page.linked(halfword)) {
            if (!page.hasStops() && Slot.op(page.slots[halfword]) != Interpreter.CROSSING) {
                promoter.reached(page, halfword, 1);
            }
            return null;
        }
        tags[entry] = pc;
        contexts[entry] = hart.fetchContext;
        regions[entry] = page.link(page.slots[halfword]).region();
        return regions[entry];
    }
}
