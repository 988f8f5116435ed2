package calvin.machine.interp;

import calvin.machine.hart.Hart;
import calvin.machine.interp.Promoter.Sampling;
import calvin.sim.state.Derived;

/**
 * Finds hot code at no cost to the loop that runs it: after every period of instructions a burst of single steps, whose
 * taken jumps are reported. A burst of 128 in 32,768 instructions costs some two percent of the interpreter's time.
 */
final class Sampler {
    private final Promoter promoter;
    private final Sampling sampling;
    @Derived(from = "how far execution has gone; affects speed only")
    private long untilBurst;
    @Derived(from = "as above")
    private int burst;
    @Derived(from = "as above")
    private int sinceJump;

    Sampler(Promoter promoter) {
        this.promoter = promoter;
        sampling = promoter.sampling();
        untilBurst = sampling.period();
    }

    /** The most instructions that may be executed before {@link #ran}. */
    long limit() {
        return burst > 0 ? 1 : untilBurst;
    }

    /** Whether jumps are looked at now. */
    boolean bursting() {
        return burst > 0;
    }

    /** {@code count} instructions were interpreted since the last call. */
    void ran(long count) {
        if (burst > 0) {
            burst--;
            sinceJump++;
        } else if ((untilBurst -= count) <= 0) {
            untilBurst = sampling.period();
            burst = sampling.burst();
            sinceJump = 0;
            promoter.poll();
        }
    }

    /** In a burst, the instruction at {@code fromVa} led to the hart's pc, on {@code page}. */
    void stepped(Hart hart, long fromVa, boolean indirect, CodePage page) {
        long distance = hart.pc - fromVa;
        // Direct jumps some instructions forward are branches inside a loop: what closes the loop is counted.
        if (indirect || distance <= 0 || distance > 0x200) {
            promoter.reached(page, (int) (hart.pc & 0xFFF) >>> 1, sinceJump);
            sinceJump = 0;
        }
    }
}
