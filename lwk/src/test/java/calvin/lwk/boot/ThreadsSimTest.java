package calvin.lwk.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.guests.Guests;
import calvin.lwk.abi.BootParams;
import calvin.lwk.abi.Job;
import calvin.sim.time.SimTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs with threads, on one hart and on several, compared with Linux. */
class ThreadsSimTest {
    private static final long STEP_PS = 400 * SimTime.PS_PER_US;

    private static LwkRig rig(int harts, byte[] program, String... arguments) {
        LwkRig rig = new LwkRig(harts, 256L << 20);
        rig.params.flags(BootParams.FLAG_QUIET);
        return rig.jobs(Job.Task.of("program", program, arguments).withSizes(96L << 20, 0));
    }

    private static LwkRig threads(int harts) {
        return rig(harts, Guests.get("threads").bytes(), "5");
    }

    private static void assertAsOnLinux(byte[] program, String... arguments) {
        Tools.Result linux = Tools.emulate(program, arguments);
        for (int harts : new int[]{1, 3}) {
            LwkRig rig = rig(harts, program, arguments).bootAndRun();
            assertEquals(linux.output(), rig.output(), harts + " harts");
            assertEquals(List.of((long) linux.code()), rig.codes(), "one program ends, once");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void theThreadsOfTheGuestTakeTurns(int harts) {
        LwkRig rig = threads(harts).bootAndRun();
        assertTrue(rig.output().endsWith("thread 4 has its turn\n5 threads, count 10000: ok\n"), rig.output());
        assertEquals(List.of(0L), rig.codes());
    }

    @Test
    void threadsAreDealtOutToAllHarts() {
        LwkRig rig = threads(4).bootAndRun();
        for (int hart = 0; hart < 4; hart++) {
            assertTrue(rig.machine.hart(hart).hart().instret > 1000, "hart " + hart + " took part");
        }
    }

    @Test
    void aRunFromAnySnapshotEndsInTheSameState() {
        LwkRig straight = threads(4).bootAndRun();
        LwkRig cut = threads(4).boot();
        int snapshots = 0;
        for (long at = STEP_PS; cut.runUntil(at).status().running(); at += STEP_PS) {
            LwkRig resumed = threads(4);
            resumed.restore(cut.snapshot());
            resumed.run();
            assertEquals(straight.hash(), resumed.hash(), "resumed at " + at + " ps");
            assertEquals(straight.output(), cut.output() + resumed.output());
            snapshots++;
        }
        assertTrue(snapshots >= 2, "the run is long enough to be cut: " + snapshots);
    }

    @Test
    void openMpMakesItsTeams() {
        assertAsOnLinux(Tools.compile("omp.c", "-fopenmp"));
    }

    @Test
    void posixThreadsFindWhatTheyNeed() {
        assertAsOnLinux(Tools.compile("posix.c", "-pthread"), "return");
    }

    @Test
    void theLastThreadEndsTheProgramWhenTheFirstIsGone() {
        assertAsOnLinux(Tools.compile("posix.c", "-pthread"), "leave");
    }

    @Test
    void aFatalSignalEndsAllThreads() {
        LwkRig rig = rig(2, Tools.compile("posix.c", "-pthread"), "kill").bootAndRun();
        assertTrue(rig.output().endsWith("killed by SIGTERM\n"), rig.output());
        assertEquals(List.of(128L + 15), rig.codes());
    }
}
