package calvin.machine.engine;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.machine.board.Engines;
import calvin.machine.engine.Subject.Cut;
import calvin.machine.hart.Engine;
import calvin.machine.hart.EngineFactory;
import calvin.machine.hart.Hart;
import calvin.machine.jit.Tuning;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random programs mean the same to every engine, however their runs are cut, forked and resumed.
 *
 * <p>{@code -Dcalvin.engine.seed=N} begins with another seed, {@code -Dcalvin.engine.volume=M} compares M million
 * instructions in each test; docs/testing.md has the long run.
 */
class EnginePropertyTest {
    private static final long SEED = Long.getLong("calvin.engine.seed", 1);
    private static final long VOLUME = 1_000_000 * Long.getLong("calvin.engine.volume", 10);
    /** Of one program. */
    private static final long LIMIT = 600_000;

    private static void compare(Supplier<EngineFactory> one, Supplier<EngineFactory> other, Cut cut, long volume) {
        Duel duel = new Duel(one, other, cut, LIMIT, 400);
        for (long seed = SEED; duel.instructions() < volume; seed++) {
            assertNull(duel.run(seed));
        }
    }

    @ParameterizedTest
    @EnumSource(Cut.class)
    void cutsDoNotShow(Cut cut) {
        compare(() -> Engines.INTERPRETER, () -> Engines.INTERPRETER, cut, VOLUME / 2);
    }

    @ParameterizedTest
    @EnumSource(Cut.class)
    void translationDoesNotShow(Cut cut) {
        EngineFactory translator = Engines.translator(Tuning.EAGER);
        compare(() -> Engines.INTERPRETER, () -> translator, cut, VOLUME);
    }

    @Test
    void aWrongEngineIsFoundAndTheProgramReduced() {
        // One instruction too many, after the thousandth, at every stop.
        Supplier<EngineFactory> wrong = () -> (bus, harts) -> Engines.INTERPRETER.create(bus, harts).stream()
                .<Engine>map(Late::new).toList();
        String report = new Duel(() -> Engines.INTERPRETER, wrong, Cut.COARSE, 100_000, 40).run(SEED);
        assertNotNull(report);
        assertTrue(report.contains("seed " + SEED), report);
        List<String> code = report.lines().filter(line -> line.matches("  [0-9a-f]{5}: .*")).toList();
        assertTrue(code.size() < 500, () -> code.stream().collect(Collectors.joining("\n")));
    }

    private record Late(Engine engine) implements Engine {
        @Override
        public void run(Hart hart) {
            if (hart.instret > 1000 && hart.deadline > hart.cycle) {
                hart.deadline++;
            }
            engine.run(hart);
        }

        @Override
        public void codeChanged(long pagePa) {
            engine.codeChanged(pagePa);
        }

        @Override
        public void stopsChanged() {
            engine.stopsChanged();
        }

        @Override
        public void allCodeChanged() {
            engine.allCodeChanged();
        }
    }
}
