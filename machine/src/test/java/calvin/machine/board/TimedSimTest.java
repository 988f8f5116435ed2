package calvin.machine.board;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.machine.elf.ElfException;
import calvin.sim.seed.Seed;
import calvin.sim.state.Snapshot;
import calvin.sim.time.SimTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The timed fidelity on a kernel that uses paging, traps, timers and a second hart. */
class TimedSimTest {
    private static final long END_PS = 25 * SimTime.PS_PER_MS;
    private static final long MIDDLE_PS = 1_234_567_890L;

    private static Rig boot(int harts, boolean timed) throws ElfException {
        Rig rig = SelfTest.boot(BoardSpec.hpc(harts, 64 << 20, 1).withHartPeriodPs(5000)
                .withQuantumPs(2 * SimTime.PS_PER_US));
        rig.machine.timing().set(timed);
        return rig;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void programsComputeTheSameAndTakeLonger(int harts) throws ElfException {
        Rig functional = boot(harts, false);
        Rig timed = boot(harts, true);
        functional.lane.runUntil(END_PS);
        timed.lane.runUntil(END_PS);
        assertTrue(timed.output.toString().contains("SELFTEST PASSED"), timed.output.toString());
        assertEquals(functional.output.toString(), timed.output.toString());
        assertTrue(timed.machine.status().endPs() > functional.machine.status().endPs());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void cuttingARunChangesNothing(int harts) throws ElfException {
        Rig whole = boot(harts, true);
        whole.lane.runUntil(END_PS);
        Rig pieces = boot(harts, true);
        Seed seed = new Seed(harts);
        long horizon = 0;
        for (long i = 0; horizon < END_PS; i++) {
            horizon = Math.min(END_PS, horizon + 1 + seed.drawBelow(i, 4 * SimTime.PS_PER_US));
            pieces.lane.runUntil(horizon);
        }
        assertEquals(whole.hash(), pieces.hash());
    }

    @Test
    void aForkTakesTheModelAlong() throws ElfException {
        Rig straight = boot(2, true);
        straight.lane.runUntil(END_PS);
        Rig original = boot(2, true);
        original.lane.runUntil(MIDDLE_PS);
        Rig fork = boot(2, false);
        Snapshot.take(original.lane.components()).restore(fork.lane.components());
        assertEquals(original.hash(), fork.hash());
        fork.lane.runUntil(END_PS);
        assertEquals(straight.hash(), fork.hash());
    }

    @Test
    void fidelityIsSwitchedBetweenEvents() throws ElfException {
        Rig rig = boot(1, true);
        rig.lane.runUntil(MIDDLE_PS);
        rig.machine.timing().set(false);
        assertFalse(rig.machine.timing().on());
        String left = rig.hash();
        Rig other = boot(1, false);
        other.lane.runUntil(MIDDLE_PS);
        assertNotEquals(left, other.hash(), "what was timed came less far");
        rig.lane.runUntil(END_PS);
        assertTrue(rig.output.toString().contains("SELFTEST PASSED"), rig.output.toString());
    }
}
