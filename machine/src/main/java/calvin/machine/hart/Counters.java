package calvin.machine.hart;

import static calvin.machine.hart.Status.*;

import calvin.machine.isa.Csr;
import calvin.sim.state.Derived;
import calvin.sim.state.Published;
import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;
import java.util.Arrays;

/**
 * mcycle, minstret and mhpmcounter3..31 with what they count, in which modes, and their overflow (priv 3.1.10 to
 * 3.1.12; Sscofpmf; Smcntrpmf).
 *
 * <p>Each event has a source that only grows: the hart's clock, its count of instructions, and a number per kind of
 * slow path. A counter that counts is its source plus an offset, so counting costs nothing; offsets change when a
 * counter is written, inhibited, or its modes are left. An overflow of a clock or instruction counter is found at
 * exactly its instruction boundary, because the run loop asks for {@link #overflowCycle} as it does for timers.
 *
 * <p>What an instruction writes to a counter is what the next one reads, and a counter that it inhibits stands at
 * once: {@link #own} says that the instruction in progress is still to be counted by the source. Returns from traps
 * count in the mode they are executed in.
 *
 * <p>State is each counter's contents at the time of saving, which does not depend on when offsets changed.
 */
final class Counters {
    static final int COUNT = 32;
    static final int CYCLE = 0;
    static final int TIME = 1;
    static final int INSTRET = 2;
    static final int FIRST_EVENT = 3;

    /** mhpmevent: overflowed, or an interrupt not wanted (Sscofpmf). */
    static final long OF = 1L << 63;
    /** Inhibits in M, S, U, VS and VU mode. */
    static final long MINH = 1L << 62;
    private static final long SINH = 1L << 61;
    private static final long UINH = 1L << 60;
    private static final long VSINH = 1L << 59;
    private static final long VUINH = 1L << 58;
    private static final long INHIBITS = MINH | SINH | UINH | VSINH | VUINH;
    private static final long CODE = (1L << 56) - 1;

    private static final HpmEvent[] EVENTS = HpmEvent.values();

    private final Hart hart;
    private final CsrState state;
    private final int present;

    /** mhpmevent; for counters 0 and 2 mcyclecfg and minstretcfg with the event that they always have. */
    @Published
    private final long[] config = new long[COUNT];
    @Published
    private int inhibited;
    /** Contents, less the source's while the counter counts. */
    @Published
    private final long[] offset = new long[COUNT];
    /** What has been counted of the events that have no other place. */
    @Derived(from = "nothing: only differences matter")
    private final long[] counted = new long[EVENTS.length];
    /** Counters that count now. */
    @Derived(from = "config, inhibited and mode")
    private int active;
    /** Some counter depends on the mode. */
    @Derived(from = "config")
    private boolean filtered;
    /** Source at which the next counter of cycles or instructions overflows; MAX_VALUE for never. */
    @Derived(from = "offset and config")
    private long cycleLimit;
    @Derived(from = "offset and config")
    private long instretLimit;
    /** 1 while an instruction acts that its sources have not counted yet. */
    @Derived(from = "nothing: 0 between instructions")
    private int own;

    Counters(Hart hart, CsrState state) {
        this.hart = hart;
        this.state = state;
        present = (int) state.model.counterBits();
        reset();
    }

    void reset() {
        Arrays.fill(config, 0);
        config[CYCLE] = HpmEvent.CYCLES.code;
        config[INSTRET] = HpmEvent.INSTRUCTIONS.code;
        Arrays.fill(offset, 0);
        inhibited = 0;
        active = 0;
        settleActive(0);
    }

    boolean present(int counter) {
        return (present >>> counter & 1) != 0;
    }

    /** An instruction begins (1) that may act on counters, or has ended (0). */
    void instruction(int begins) {
        own = begins;
    }

    // Counting.

    /** One more of an event that is neither cycles nor instructions. */
    void count(HpmEvent event) {
        counted[event.ordinal()]++;
        int candidates = active & -1 << FIRST_EVENT;
        while (candidates != 0) {
            int i = Integer.numberOfTrailingZeros(candidates);
            candidates &= candidates - 1;
            if (code(i) == event.code && counted[event.ordinal()] + offset[i] == 0) {
                overflow(i);
                hart.deadline = 0;
            }
        }
    }

    private int code(int counter) {
        return (int) config[counter];
    }

    /** {@code own} instructions are part of what counts for the cycle and instruction counters. */
    private long source(int counter, int counting) {
        HpmEvent event = EVENTS[code(counter) & 0xFF];
        return switch (event) {
            case CYCLES -> hart.cycle + counting;
            case INSTRUCTIONS -> hart.instret + counting;
            default -> counted[event.ordinal()];
        };
    }

    long read(int counter) {
        return (active >>> counter & 1) != 0 ? source(counter, 0) + offset[counter] : offset[counter];
    }

    /** The next instruction reads {@code contents}. */
    void write(int counter, long contents) {
        if (present(counter)) {
            settle();
            offset[counter] = (active >>> counter & 1) != 0 ? contents - source(counter, own) : contents;
            limits();
        }
    }

    // What is counted, and when.

    /** mhpmevent, mcyclecfg or minstretcfg. */
    long config(int counter) {
        settle();
        return counter < FIRST_EVENT ? config[counter] & INHIBITS : config[counter];
    }

    void setConfig(int counter, long contents) {
        if (!present(counter)) {
            return;
        }
        settle();
        stop(1 << counter, 0);
        if (counter < FIRST_EVENT) {
            config[counter] = contents & INHIBITS | code(counter);
        } else {
            HpmEvent event = HpmEvent.of(contents & CODE);
            config[counter] = contents & (OF | INHIBITS) | (event == null ? 0 : event.code);
        }
        settleActive(0);
    }

    int inhibited() {
        return inhibited;
    }

    void setInhibited(long contents) {
        settle();
        inhibited = (int) contents & present;
        settleActive(0);
    }

    /** The hart's mode is another. */
    void modeChanged() {
        if (filtered) {
            settle();
            settleActive(own);
        }
    }

    private static long inhibitOf(int mode) {
        return switch (mode) {
            case Hart.MODE_M -> MINH;
            case Hart.MODE_S -> SINH;
            case Hart.MODE_U -> UINH;
            case Hart.MODE_V + Hart.MODE_S -> VSINH;
            default -> VUINH;
        };
    }

    /** Starts and stops counters so that those count that should. Those that stop count {@code leaving} more. */
    private void settleActive(int leaving) {
        long inhibit = inhibitOf(hart.mode);
        int wanted = 0;
        filtered = false;
        for (int rest = present; rest != 0; rest &= rest - 1) {
            int i = Integer.numberOfTrailingZeros(rest);
            filtered |= (config[i] & INHIBITS) != 0;
            wanted |= (config[i] & inhibit) == 0 && code(i) != 0 ? 1 << i : 0;
        }
        wanted &= ~inhibited;
        stop(active & ~wanted, leaving);
        for (int rest = wanted & ~active; rest != 0; rest &= rest - 1) {
            int i = Integer.numberOfTrailingZeros(rest);
            offset[i] -= source(i, own);
        }
        active = wanted;
        limits();
    }

    private void stop(int set, int leaving) {
        for (int rest = set & active; rest != 0; rest &= rest - 1) {
            int i = Integer.numberOfTrailingZeros(rest);
            offset[i] += source(i, leaving);
        }
        active &= ~set;
    }

    // Overflow (Sscofpmf).

    private void limits() {
        cycleLimit = Long.MAX_VALUE;
        instretLimit = Long.MAX_VALUE;
        for (int rest = active & -1 << FIRST_EVENT; rest != 0; rest &= rest - 1) {
            int i = Integer.numberOfTrailingZeros(rest);
            // The contents pass zero when the source reaches -offset; what is zero from the start has not passed it.
            if (code(i) == HpmEvent.CYCLES.code && -offset[i] > hart.cycle + own) {
                cycleLimit = Math.min(cycleLimit, -offset[i]);
            } else if (code(i) == HpmEvent.INSTRUCTIONS.code && -offset[i] > hart.instret + own) {
                instretLimit = Math.min(instretLimit, -offset[i]);
            }
        }
    }

    /** Notes the overflows up to now. */
    void settle() {
        if (hart.cycle < cycleLimit && hart.instret < instretLimit) {
            return;
        }
        for (int rest = active & -1 << FIRST_EVENT; rest != 0; rest &= rest - 1) {
            int i = Integer.numberOfTrailingZeros(rest);
            boolean cycles = code(i) == HpmEvent.CYCLES.code && -offset[i] >= cycleLimit && -offset[i] <= hart.cycle;
            if (cycles || code(i) == HpmEvent.INSTRUCTIONS.code && -offset[i] >= instretLimit
                    && -offset[i] <= hart.instret) {
                overflow(i);
            }
        }
        limits();
    }

    private void overflow(int counter) {
        if ((config[counter] & OF) == 0) {
            config[counter] |= OF;
            state.setBits(Csr.MIP, LCOFIP, true);
        }
    }

    /** A cycle at or before which the next overflow of a clock or instruction counter comes; MAX_VALUE for never. */
    long overflowCycle() {
        long byInstructions = instretLimit == Long.MAX_VALUE || hart.waiting
                ? Long.MAX_VALUE
                : hart.cycle + (instretLimit - hart.instret);
        return Math.min(cycleLimit, byInstructions < 0 ? Long.MAX_VALUE : byInstructions);
    }

    /** OF of all counters, by their number. */
    long overflowed() {
        settle();
        long bits = 0;
        for (int i = FIRST_EVENT; i < COUNT; i++) {
            bits |= config[i] >>> 63 << i;
        }
        return bits;
    }

    // State.

    void save(StateWriter out) {
        settle();
        out.u64s(config);
        out.u64(inhibited);
        for (int i = 0; i < COUNT; i++) {
            out.u64(read(i));
        }
    }

    /** The hart's clock, count and mode are loaded already. */
    void load(StateReader in) {
        in.u64s(config);
        inhibited = (int) in.u64();
        active = 0;
        in.u64s(offset);
        settleActive(0);
    }
}
