package calvin.machine.oracle;

import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.machine.board.Engines;
import calvin.machine.isa.Program;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random translation and protection ({@link TranslationScenario}) here and on QEMU: cause, trap values, guest physical
 * addresses, transformed instructions, GVA, loaded values, and memory afterwards, A and D bits among it.
 * {@code -Dcalvin.scenarios=N} sets how many scenarios of 24 accesses, {@code -Dcalvin.seed=N} the first seed.
 */
class PrivilegedQemuTest {
    private static final int SCENARIOS = Integer.getInteger("calvin.scenarios", 160);
    private static final long SEED = Long.getLong("calvin.seed", 1);
    private static final int ACCESSES = 24;
    private static final int OF_A_PROGRAM = TrapProgram.SPACE_BYTES / TranslationScenario.BYTES;

    private final Map<QemuDeviation, Integer> deviations = new EnumMap<>(QemuDeviation.class);

    @TempDir
    Path folder;

    @Test
    void translationAndProtectionAreThoseOfQemu() throws IOException, InterruptedException {
        TrapRun.assumeQemu();
        List<String> wrong = new ArrayList<>();
        long compared = 0;
        for (int first = 0; first < SCENARIOS; first += OF_A_PROGRAM) {
            compared += run(SEED * 1_000_000 + first, first / OF_A_PROGRAM % 2 == 1, wrong);
        }
        System.out.println("PrivilegedQemuTest: seed " + SEED + ", " + compared + " accesses compared, left out "
                + deviations);
        assertTrue(wrong.isEmpty(), () -> wrong.size() + " differ\n"
                + String.join("\n", wrong.subList(0, Math.min(6000, wrong.size()))));
    }

    private long run(long seed, boolean napot, List<String> wrong) throws IOException, InterruptedException {
        TrapProgram program = new TrapProgram();
        byte[] space = new byte[TrapProgram.SPACE_BYTES];
        for (int i = 0; i < OF_A_PROGRAM; i++) {
            TranslationScenario scenario = new TranslationScenario(seed + i,
                    TrapProgram.SPACE + (long) i * TranslationScenario.BYTES, space, i * TranslationScenario.BYTES,
                    napot, ACCESSES);
            program.setup("    csrw mstatus, s4\n" + scenario.setup());
            for (String step : scenario.steps) {
                program.step("seed " + (seed + i) + (scenario.restricted() ? " with PMP " : " ")
                        + TranslationScenario.describe(step), step);
            }
        }
        Program image = program.assemble();
        TrapRun.Memory ours = TrapRun.here(image, space, Engines.INTERPRETER);
        TrapRun.Memory theirs = TrapRun.there(image, space, "rv64,h=true,sstc=true,svnapot=" + napot, folder);
        int compared = 0;
        for (int scenario = 0; scenario < OF_A_PROGRAM; scenario++) {
            boolean agree = true;
            for (int i = scenario * ACCESSES; i < (scenario + 1) * ACCESSES && agree; i++) {
                long[] mine = ours.entry(i);
                long[] other = theirs.entry(i);
                QemuDeviation deviation = QemuDeviation.of(program.name(i), mine, other);
                List<String> found = deviation == null ? TrapLog.differences(mine, other) : List.of();
                if (deviation != null) {
                    deviations.merge(deviation, 1, Integer::sum);
                }
                if (!found.isEmpty()) {
                    wrong.add(program.name(i) + ": " + String.join(", ", found));
                }
                // What follows a difference is its consequence; QEMU may have done what PMP forbids here.
                agree = found.isEmpty() && deviation != QemuDeviation.PMP_IN_A_WALK;
                compared++;
            }
            long from = TrapProgram.SPACE + (long) scenario * TranslationScenario.BYTES;
            for (long pa = from; pa < from + TranslationScenario.BYTES && agree; pa += 8) {
                if (!QemuDeviation.samePte(ours.u64(pa), theirs.u64(pa))) {
                    wrong.add(String.format("seed %d: memory at %x is %016x, QEMU has %016x", seed + scenario, pa,
                            ours.u64(pa), theirs.u64(pa)));
                    agree = false;
                }
            }
        }
        return compared;
    }
}
