package calvin.machine.engine;

import calvin.machine.engine.Subject.Cut;
import calvin.machine.hart.EngineFactory;
import calvin.machine.hart.Hart;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * Runs programs on two engines and compares everything: registers and counts at many times, the hash of the whole state
 * at some. Both sides are snapshotted and go on in new machines, with the other engine, now and then.
 */
final class Duel {
    private static final long PERIOD_PS = 500;
    private final Supplier<EngineFactory> one;
    private final Supplier<EngineFactory> other;
    private final Cut cut;
    private final long limit;
    private final int reductions;
    private long instructions;

    /**
     * Two engines.
     *
     * @param cut        how the runs on the second are cut
     * @param limit      instructions after which a program is left
     * @param reductions runs that finding a smaller program may take
     */
    Duel(Supplier<EngineFactory> one, Supplier<EngineFactory> other, Cut cut, long limit, int reductions) {
        this.one = one;
        this.other = other;
        this.cut = cut;
        this.limit = limit;
        this.reductions = reductions;
    }

    /** Instructions that both sides have retired, counted once. */
    long instructions() {
        return instructions;
    }

    /** Runs the program of a seed; null, or what differed, with the smallest program found that shows it. */
    String run(long seed) {
        Program program = Generator.program(seed);
        String found = compare(program, -1);
        return found == null ? null : report(program, found);
    }

    /** Null, or a difference at the first comparison that shows one; ends at a time if that is not negative. */
    private String compare(Program program, long untilPs) {
        SplittableRandom random = new SplittableRandom(program.seed() + 2);
        Subject a = new Subject(program, one.get(), Cut.WHOLE);
        Subject b = new Subject(program, other.get(), cut);
        try {
            boolean swapped = false;
            long longestPs = 8 * PERIOD_PS * limit;
            long timePs = 0;
            // Who waits for nothing retires nothing: time is limited too.
            for (int step = 1; a.running() && a.machine.instructions() < limit && timePs < longestPs; step++) {
                timePs += PERIOD_PS * (1 + random.nextInt(step % 2 == 0 ? 2_000 : 200_000));
                boolean switching = random.nextInt(12) == 0;
                boolean deep = step % 16 == 0;
                boolean last = untilPs >= 0 && timePs >= untilPs;
                long horizonPs = last ? untilPs : timePs;
                a.runUntil(horizonPs);
                b.runUntil(horizonPs);
                String found = a.difference(b);
                if (found == null && (deep || last || !a.running()) && !a.hash().equals(b.hash())) {
                    found = a.deepDifference(b);
                    found = found == null ? "state hash" : found;
                }
                if (found != null) {
                    return found + where(a, horizonPs);
                }
                if (last) {
                    return null;
                }
                if (switching) {
                    swapped = !swapped;
                    a = a.switched(program, (swapped ? other : one).get());
                    b = b.switched(program, (swapped ? one : other).get());
                }
            }
            if (untilPs < 0) {
                instructions += a.machine.instructions();
            }
            return a.running() == b.running() ? null : "one has ended" + where(a, timePs);
        } finally {
            a.close();
            b.close();
        }
    }

    private static String where(Subject subject, long timePs) {
        StringBuilder text = new StringBuilder(" at cycle " + timePs / PERIOD_PS);
        for (int i = 0; i < subject.machine.board().harts(); i++) {
            Hart hart = subject.machine.hart(i).hart();
            text.append(String.format("; hart %d at 0x%x in mode %d", i, hart.pc, hart.mode));
        }
        return text.toString();
    }

    private String report(Program program, String found) {
        Program small = shrink(program);
        String now = compare(small, -1);
        return "engines differ, seed " + program.seed() + ": " + found + "\nreduced: " + (now == null ? found : now)
                + "\nfirst seen " + narrow(small) + "\n" + small.listing();
    }

    /** Halves, quarters and so on of the units become nops while the program still shows a difference. */
    private Program shrink(Program program) {
        Program best = program;
        int runs = 0;
        for (int repeats = program.repeats() / 2; repeats > 0 && runs < reductions; repeats /= 2, runs++) {
            if (compare(best.withRepeats(repeats), -1) == null) {
                break;
            }
            best = best.withRepeats(repeats);
        }
        for (int size = best.units().size(); size >= 1; size /= 2) {
            for (int from = 0; from < best.units().size() && runs < reductions; from += size, runs++) {
                Program smaller = best.without(from, Math.min(best.units().size(), from + size));
                if (compare(smaller, -1) != null) {
                    best = smaller;
                }
            }
        }
        for (int i = best.rounds().size() - 1; i >= 0 && best.rounds().size() > 1; i--) {
            List<Program.Round> fewer = new ArrayList<>(best.rounds());
            fewer.remove(i);
            if (compare(best.withRounds(fewer), -1) != null) {
                best = best.withRounds(fewer);
            }
        }
        return best;
    }

    /** Finds the cycle of the first difference, as far as a run that ends there shows it. */
    private String narrow(Program program) {
        long high = PERIOD_PS * 4 * limit;
        if (compare(program, high) == null) {
            return "nowhere when looked at by itself";
        }
        long low = 0;
        String found = null;
        while (high - low > PERIOD_PS) {
            long middle = low + (high - low) / 2 / PERIOD_PS * PERIOD_PS;
            String difference = compare(program, middle);
            if (difference == null) {
                low = middle;
            } else {
                high = middle;
                found = difference;
            }
        }
        return found;
    }
}
