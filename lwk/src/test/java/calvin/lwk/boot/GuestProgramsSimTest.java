package calvin.lwk.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.guests.Guests;
import calvin.lwk.abi.Job;
import calvin.machine.board.MachineStatus;
import calvin.sim.time.SimTime;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Ready-made programs, natively on the kernel. */
class GuestProgramsSimTest {
    private static final long STEP_PS = 40 * SimTime.PS_PER_US;

    private static Job.Task guest(String name, String... arguments) {
        return Job.Task.of(name, Guests.get(name).bytes(), arguments);
    }

    @Test
    void helloPrintsAndItsExitCodePassesThrough() {
        LwkRig rig = LwkRig.quiet(guest("hello", "3", "two words")).bootAndRun();
        assertEquals(
                "Hello from RISC-V, 3 arguments\n  argv[0] = hello\n  argv[1] = 3\n  argv[2] = two words\nheap ok\n",
                rig.output());
        assertEquals(List.of(3L), rig.codes());
        assertEquals(MachineStatus.Kind.EXITED, rig.status().kind());
    }

    @Test
    void stdioPrintsWhatItPrintsOnLinux() {
        byte[] program = Guests.get("stdio").bytes();
        Tools.Result linux = Tools.emulate(program);
        LwkRig rig = LwkRig.quiet(guest("stdio")).bootAndRun();
        assertFalse(rig.output().contains("BROKEN"), rig.output());
        assertEquals(linux.output().lines().sorted().toList(), rig.output().lines().sorted().toList());
        assertEquals(linux.code(), rig.codes().getFirst());
    }

    @Test
    void tinyNeedsNoLibrary() {
        LwkRig rig = LwkRig.quiet(guest("tiny")).bootAndRun();
        assertEquals("tiny\n", rig.output());
        assertEquals(List.of(42L), rig.codes());
    }

    @Test
    void theConsoleHasBannerMemoryMapAndLastLine() {
        LwkRig rig = new LwkRig(1, 64L << 20).jobs(guest("hello"));
        rig.params.commandLine("console=serial sched_hz=10 kmem_size=4M");
        String output = rig.bootAndRun().output();
        assertTrue(output.startsWith("<6>Kitten lightweight kernel"), output);
        assertTrue(output.contains("<6>  [0x000080200000, "), output);
        assertTrue(output.contains("BOOTMEM") && output.contains("KMEM") && output.contains("UMEM"), output);
        assertTrue(output.contains("Kernel heap: 4096 KiB"), output);
        assertTrue(output.endsWith("<6>(hello) task 2 ended with code 0\n<6>That's all, folks!\n"), output);
    }

    @Test
    void twoTasksShareAHart() {
        LwkRig rig = LwkRig.quiet(guest("stdio"), guest("hello", "5"), guest("tiny"));
        rig.params.commandLine("sched_hz=10000");
        rig.bootAndRun();
        assertEquals(List.of(5L, 7L, 42L), rig.codes().stream().sorted().toList(), rig.output());
        assertEquals(7L, rig.codes().getLast(), "the longest one ends last, though it was first");
        assertFalse(rig.output().contains("BROKEN"), rig.output());
    }

    @Test
    void tasksRunOnSeveralHarts() {
        LwkRig rig = new LwkRig(4, 512L << 20).jobs(guest("hello"), guest("hello"), guest("hello", "1"),
                guest("tiny").onHart(2),
                guest("tiny").onHart(3));
        rig.bootAndRun();
        assertEquals(List.of(0L, 0L, 1L, 42L, 42L), rig.codes().stream().sorted().toList(), rig.output());
        assertFalse(rig.output().contains("BROKEN"), rig.output());
        assertTrue(rig.output().endsWith("That's all, folks!\n"));
    }

    @Test
    void aRunIsAFunctionOfItsInputs() {
        Job[] jobs = {guest("hello", "4"), guest("hello", "5")};
        assertEquals(LwkRig.quiet(jobs).bootAndRun().hash(), LwkRig.quiet(jobs).bootAndRun().hash());
    }

    @Test
    void aRunFromAnySnapshotEndsInTheSameState() {
        LwkRig straight = twoHellos().bootAndRun();
        LwkRig cut = twoHellos().boot();
        int snapshots = 0;
        for (long at = STEP_PS; cut.runUntil(at).status().running(); at += STEP_PS) {
            LwkRig resumed = twoHellos();
            resumed.restore(cut.snapshot());
            resumed.run();
            assertEquals(straight.hash(), resumed.hash(), "resumed at " + at + " ps");
            assertEquals(straight.output(), cut.output() + resumed.output());
            snapshots++;
        }
        assertTrue(snapshots >= 5, "the run is long enough to be cut: " + snapshots);
    }

    private static LwkRig twoHellos() {
        LwkRig rig = LwkRig.quiet(guest("hello", "4"), guest("hello", "5"));
        rig.params.commandLine("sched_hz=100000");
        return rig;
    }

    @Test
    void theLastTaskEndingStopsTheMachineUnlessTheKernelIsToStay() {
        LwkRig rig = LwkRig.quiet(guest("tiny"));
        rig.params.flags(calvin.lwk.abi.BootParams.FLAG_STAY);
        rig.bootAndRun();
        assertEquals(List.of(42L), rig.codes());
        assertTrue(rig.machine.stuck(), "the hart waits, and no timer is armed");
    }
}
