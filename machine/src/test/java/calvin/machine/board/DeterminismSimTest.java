package calvin.machine.board;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.machine.elf.ElfException;
import calvin.sim.seed.Seed;
import calvin.sim.state.Snapshot;
import calvin.sim.state.SnapshotFile;
import calvin.sim.time.SimTime;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One meaning: however a run is cut, forked or resumed, it computes the same. */
class DeterminismSimTest {
    private static final long END_PS = 20 * SimTime.PS_PER_MS;

    /** A slow hart, so that the test's own delays, which are times, take few instructions. */
    private static Rig boot(int harts) throws ElfException {
        return SelfTest.boot(BoardSpec.virt(harts, 64 << 20).withHartPeriodPs(5000)
                .withQuantumPs(2 * SimTime.PS_PER_US));
    }

    /** Runs to exactly {@code endPs} in windows of random length. */
    private static Rig runInPieces(Rig rig, long endPs, Seed seed, long longestPs) {
        long horizon = rig.lane.timePs();
        for (long i = 0; horizon < endPs; i++) {
            horizon = Math.min(endPs, horizon + 1 + seed.drawBelow(i, longestPs));
            rig.lane.runUntil(horizon);
        }
        return rig;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void cuttingARunChangesNothing(int harts) throws ElfException {
        Rig whole = boot(harts);
        whole.lane.runUntil(END_PS);
        assertTrue(whole.output.toString().contains("SELFTEST PASSED"), whole.output.toString());
        for (long cut = 0; cut < 2; cut++) {
            Rig pieces = runInPieces(boot(harts), END_PS, new Seed(harts * 10 + cut),
                    40 * SimTime.PS_PER_US / (1 + 9 * cut));
            assertEquals(whole.hash(), pieces.hash(), "seed " + (harts * 10 + cut));
            assertEquals(whole.output.toString(), pieces.output.toString());
        }
    }

    @Test
    void oneHartStopsExactlyWhereItShould() throws ElfException {
        long middlePs = 1_234_567_890L;
        Rig whole = boot(1);
        whole.lane.runUntil(middlePs);
        Rig pieces = runInPieces(boot(1), middlePs, new Seed(5), 3 * SimTime.PS_PER_US);
        assertEquals(whole.hash(), pieces.hash());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aForkEndsAsTheOriginalAndDisturbsNobody(int harts) throws ElfException {
        Rig straight = boot(harts);
        straight.lane.runUntil(END_PS);
        Rig original = boot(harts);
        original.lane.runUntil(END_PS / 20);
        String before = original.hash();
        Snapshot snapshot = Snapshot.take(original.lane.components());
        Rig fork = boot(harts);
        snapshot.restore(fork.lane.components());
        assertEquals(before, fork.hash());
        fork.lane.runUntil(END_PS);
        assertEquals(straight.hash(), fork.hash());
        assertEquals(before, original.hash(), "the fork's writes are its own");
        original.lane.runUntil(END_PS);
        assertEquals(straight.hash(), original.hash());
        fork.machine.close();
        Rig late = boot(harts);
        snapshot.restore(late.lane.components());
        assertEquals(before, late.hash());
        late.lane.runUntil(END_PS);
        assertEquals(straight.hash(), late.hash());
    }

    @Test
    void aSnapshotFileResumesInAnotherProcessesStead() throws ElfException, IOException {
        Rig straight = boot(2);
        straight.lane.runUntil(END_PS);
        Rig original = boot(2);
        original.lane.runUntil(END_PS / 20);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        SnapshotFile.write(Snapshot.take(original.lane.components()), "self-test", file);
        Rig resumed = boot(2);
        SnapshotFile.read(file.toByteArray()).snapshot().restore(resumed.lane.components());
        assertEquals(original.hash(), resumed.hash());
        resumed.lane.runUntil(END_PS);
        assertEquals(straight.hash(), resumed.hash());
    }

    @Test
    void anotherQuantumIsAnotherRunThatPassesToo() throws ElfException {
        Rig coarse = boot(2);
        Rig fine = SelfTest.boot(BoardSpec.virt(2, 64 << 20).withHartPeriodPs(5000)
                .withQuantumPs(300 * SimTime.PS_PER_NS));
        coarse.lane.runUntil(END_PS);
        fine.lane.runUntil(END_PS);
        assertTrue(fine.output.toString().contains("SELFTEST PASSED"), fine.output.toString());
        assertNotEquals(coarse.hash(), fine.hash());
    }
}
