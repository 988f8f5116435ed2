package calvin.machine.profile;

import calvin.machine.board.Machine;
import calvin.machine.hart.Hart;
import calvin.machine.hart.HartUnit;
import calvin.machine.hart.Sampler;
import calvin.machine.hosted.HostedVector;
import calvin.sim.check.Check;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Samples every hart at multiples of a number of cycles: where it is, in which mode, and by whom it was called. A hart
 * that waits is not sampled. An instruction or hosted kernel's entry that takes longer counts for each multiple that it
 * passes.
 *
 * <p>Chains follow frame pointers (psABI: the return address and the caller's frame pointer lie below the frame pointer
 * in s0), so programs must be compiled with {@code -fno-omit-frame-pointer}; otherwise they end early.
 *
 * <p>Cost: nothing between samples.
 */
public final class Profile {
    private static final int MOST_CALLERS = 64;
    private static final int RETURN_ADDRESS = 1;
    private static final int FRAME_POINTER = 8;
    private static final long MOST_FRAME_BYTES = 1 << 20;
    private static final String KERNEL = "[hosted kernel %d]";

    private final Machine machine;
    private final Symbols symbols;
    private final long everyCycles;
    private final boolean chains;
    private final Map<String, Long> stacks = new TreeMap<>();
    private final Map<String, Long> selves = new TreeMap<>();
    private long samples;

    private Profile(Machine machine, Symbols symbols, long everyCycles, boolean chains) {
        this.machine = machine;
        this.symbols = symbols;
        this.everyCycles = everyCycles;
        this.chains = chains;
    }

    /**
     * Begins to sample all harts.
     *
     * @param everyCycles 1 or more
     * @param chains      whether to follow callers
     */
    public static Profile attach(Machine machine, Symbols symbols, long everyCycles, boolean chains) {
        Check.that(everyCycles >= 1, "cycles between samples", everyCycles);
        Profile profile = new Profile(machine, symbols, everyCycles, chains);
        for (int i = 0; i < machine.board().harts(); i++) {
            machine.hart(i).setSampler(profile.new HartSampler(machine.hart(i)));
        }
        return profile;
    }

    /** Looks at one hart. */
    private final class HartSampler implements Sampler {
        private final HartUnit unit;
        private long next;
        /** The hosted kernel whose entry began at the last look, or -1. */
        private int kernel = -1;

        HartSampler(HartUnit unit) {
            this.unit = unit;
            woke(unit.hart());
        }

        @Override
        public void woke(Hart hart) {
            next = hart.cycle / everyCycles * everyCycles + everyCycles;
            kernel = -1;
        }

        @Override
        public long look(Hart hart) {
            if (hart.cycle >= next) {
                long passed = (hart.cycle - next) / everyCycles + 1;
                next += passed * everyCycles;
                take(hart, passed);
            }
            kernel = HostedVector.contains(hart.pc) ? HostedVector.kernel(hart.pc) : -1;
            return next;
        }

        private void take(Hart hart, long weight) {
            String mode = mode(hart.mode);
            String here = kernel >= 0
                    ? String.format(Locale.ROOT, KERNEL, kernel)
                    : nameOf(hart.pc);
            StringBuilder stack = new StringBuilder(mode);
            if (chains && kernel < 0) {
                List<String> callers = callers(hart);
                for (int i = callers.size() - 1; i >= 0; i--) {
                    stack.append(';').append(callers.get(i));
                }
            }
            stack.append(';').append(here);
            stacks.merge(stack.toString(), weight, Long::sum);
            selves.merge(mode + " " + here, weight, Long::sum);
            samples += weight;
        }

        private List<String> callers(Hart hart) {
            List<String> names = new ArrayList<>();
            long frame = hart.x[FRAME_POINTER];
            while (names.size() < MOST_CALLERS && (frame & 7) == 0 && frame != 0) {
                long back = word(frame - 8);
                long outer = word(frame - 16);
                if (names.isEmpty() && back - frame > 0 && back - frame < MOST_FRAME_BYTES) {
                    // A function that calls nobody saves s0 alone; its return address is still in ra.
                    outer = back;
                    back = hart.x[RETURN_ADDRESS];
                }
                long callPa = unit.translateForDebug(back - 1);
                if (callPa < 0 || !machine.memory().isRam(callPa, 1)) {
                    break; // no code there: s0 is no frame pointer
                }
                names.add(nameOf(back - 1));
                if (Long.compareUnsigned(outer, frame) <= 0) {
                    break; // stacks grow down: a caller's frame lies above
                }
                frame = outer;
            }
            return names;
        }

        /** A word of the hart's memory, 0 where there is none. */
        private long word(long va) {
            long pa = unit.translateForDebug(va);
            return pa >= 0 && (va & 0xFFF) <= 0xFF8 && machine.memory().isRam(pa, 8) ? machine.memory().u64(pa) : 0;
        }
    }

    private String nameOf(long va) {
        return HostedVector.contains(va)
                ? String.format(Locale.ROOT, KERNEL, HostedVector.kernel(va))
                : symbols.name(va);
    }

    private static String mode(int mode) {
        return switch (mode) {
            case Hart.MODE_M -> "M";
            case Hart.MODE_S -> "HS";
            case Hart.MODE_U -> "U";
            case Hart.MODE_V + Hart.MODE_S -> "VS";
            default -> "VU";
        };
    }

    /** Samples taken, by weight. */
    public long samples() {
        return samples;
    }

    /** Call chains from the outside in, joined by semicolons, with their counts: what flame graphs are made of. */
    public String folded() {
        StringBuilder text = new StringBuilder();
        stacks.forEach((stack, count) -> text.append(stack).append(' ').append(count).append('\n'));
        return text.toString();
    }

    /** The symbols with most samples, at most {@code rows} of them. */
    public String table(int rows) {
        StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "%7s %10s  mode symbol%n", "%", "samples"));
        selves.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .limit(rows).forEach(entry -> text.append(String.format(Locale.ROOT, "%7.2f %10d  %s%n",
                        100.0 * entry.getValue() / Math.max(1, samples), entry.getValue(), entry.getKey())));
        return text.toString();
    }
}
