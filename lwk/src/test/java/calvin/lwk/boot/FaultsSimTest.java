package calvin.lwk.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.guests.Guests;
import calvin.lwk.abi.Job;
import calvin.machine.board.MachineStatus;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a program's mistakes do: end it, with a message and 128 + signal, and nothing else. */
class FaultsSimTest {
    // @formatter:off
    private static final Map<String, Integer> ENDS = Map.of(
        "load", 139, "store", 139, "text", 139, "jump", 139, "execute", 139, "illegal", 132,
        "break", 133, "stack", 139, "abort", 134, "term", 143);
    // @formatter:on

    private static LwkRig run(String... arguments) {
        return LwkRig.quiet(Job.Task.of("faults", Tools.compile("faults.c"), arguments)).bootAndRun();
    }

    @Test
    void everyMistakeEndsTheProgramWithItsSignal() {
        ENDS.forEach((how, code) -> {
            LwkRig rig = run(how);
            assertEquals(List.of((long) code), rig.codes(), how + ":\n" + rig.output());
            assertTrue(rig.output().startsWith("about to die: " + how + "\n<3>(faults) task 2 killed by SIG"),
                    rig.output());
            assertEquals(MachineStatus.Kind.EXITED, rig.status().kind(), "the kernel goes on");
        });
    }

    @Test
    void aFaultIsReportedWithItsAddressAndTheRegisters() {
        String output = run("store").output();
        assertTrue(output.contains("killed by SIGSEGV: store page fault at pc 0x") && output.contains(", value 0x8\n"),
                output);
        assertEquals(8, output.lines().filter(line -> line.matches("<3>( +\\w+ [0-9a-f]{16}){4}")).count(), output);
    }

    @Test
    void aFaultKillsOnlyItsOwnTask() {
        LwkRig rig = LwkRig.quiet(Job.Task.of("faults", Tools.compile("faults.c"), "stack"),
                Job.Task.of("hello", Guests.get("hello").bytes(), "6"),
                Job.Task.of("faults", Tools.compile("faults.c"), "illegal"));
        rig.params.commandLine("sched_hz=20000");
        assertEquals(List.of(6L, 132L, 139L), rig.bootAndRun().codes().stream().sorted().toList(), rig.output());
    }

    @Test
    void aTaskCanKillAnotherThatSleeps() {
        byte[] program = Tools.compile("faults.c");
        LwkRig rig = LwkRig.quiet(Job.Task.of("sleeper", program, "wait"),
                Job.Task.of("killer", program, "other", "2"));
        assertEquals(List.of(5L, 137L), rig.bootAndRun().codes().stream().sorted().toList(), rig.output());
    }

    @Test
    void aTaskCanKillAnotherOnAnotherHart() {
        byte[] program = Tools.compile("faults.c");
        LwkRig rig = new LwkRig(2, 256L << 20).jobs(Job.Task.of("sleeper", program, "wait").onHart(1),
                Job.Task.of("killer", program, "other", "2").onHart(0));
        assertEquals(List.of(5L, 137L), rig.bootAndRun().codes().stream().sorted().toList(), rig.output());
    }

    @Test
    void whatCannotRunIsRefusedWithAReason() throws Exception {
        byte[] good = Guests.get("tiny").bytes();
        byte[] foreign = good.clone();
        foreign[18] = 62;
        refused(foreign, "ELF file for x86-64");
        refused(java.util.Arrays.copyOf(good, 100), "truncated ELF file");
        refused("#!/bin/sh\n".getBytes(), "not an ELF file");
        refused(Tools.compile("fresh.c", "-dynamic", "-lm"), "-static");
    }

    private static void refused(byte[] image, String reason) {
        LwkRig rig = LwkRig.quiet(Job.Task.of("bad", image), Job.Task.of("tiny", Guests.get("tiny").bytes()))
                .bootAndRun();
        assertTrue(rig.output().startsWith("<3>(bad) cannot start: ") && rig.output().contains(reason), rig.output());
        assertEquals(List.of(126L, 42L), rig.codes());
    }

    @Test
    void aProgramThatDoesNotFitIsRefusedAndLeavesNothingBehind() {
        LwkRig rig = LwkRig.quiet(Job.Task.of("large", Guests.get("tiny").bytes()).withSizes(1L << 40, 0),
                Job.Task.of("deep", Guests.get("tiny").bytes()).withSizes(0, 1L << 40),
                Job.Task.of("half", Guests.get("tiny").bytes()).withSizes(128L << 20, 0));
        rig.bootAndRun();
        assertTrue(
                rig.output().contains("(large) cannot start: no 1099511627776 bytes of contiguous memory for its heap"),
                rig.output());
        assertTrue(
                rig.output().contains("(deep) cannot start: no 1099511627776 bytes of contiguous memory for its stack"),
                rig.output());
        assertEquals(List.of(126L, 126L, 42L), rig.codes());
    }
}
