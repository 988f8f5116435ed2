package calvin.lwk.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import calvin.lwk.abi.BootParams;
import calvin.lwk.abi.Job;
import calvin.sim.time.SimTime;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A program compiled now, compared with what it prints on Linux. */
class FreshProgramSimTest {
    private static final String INPUT = "one two three\nfour five\n\nsix\n";

    private static Tools.Result linux(byte[] program) {
        return Tools.emulateWithInput(program, INPUT, List.of("CALVIN_TEST=value"), "argument");
    }

    private static Job.Task task(byte[] program) {
        return Job.Task.of("program", program, "argument").withEnvironment(List.of("CALVIN_TEST=value"));
    }

    private static void assertSame(Tools.Result linux, LwkRig rig) {
        assertEquals(linux.output().lines().sorted().toList(), rig.output().lines().sorted().toList());
        assertEquals(List.of((long) linux.code()), rig.codes());
    }

    @Test
    void aStaticProgramReadsTheInputOfItsJob() {
        byte[] program = Tools.compile("fresh.c", "-lm");
        assertSame(linux(program),
                LwkRig.quiet(task(program).withInput(INPUT.getBytes(StandardCharsets.UTF_8))).bootAndRun());
    }

    @Test
    void aPositionIndependentProgramRunsWhereTheKernelPutsIt() {
        byte[] program = Tools.compile("pie.c", "-static-pie", "-fPIE", "-nostdlib", "-Wl,--no-dynamic-linker");
        LwkRig rig = LwkRig.quiet(Job.Task.of("pie", program, "argument")).bootAndRun();
        assertEquals("position independent\n", rig.output());
        assertEquals(List.of(31L), rig.codes());
    }

    @Test
    void largeAlignedSegmentsGetLargePages() {
        byte[] program = Tools.compile("fresh.c", "-Wl,-z,max-page-size=2097152", "-Wl,-Ttext-segment=0x40000000",
                "-lm");
        assertSame(linux(program),
                LwkRig.quiet(task(program).withInput(INPUT.getBytes(StandardCharsets.UTF_8))).bootAndRun());
    }

    @Test
    void aProgramReadsTheConsoleUntilControlD() {
        byte[] program = Tools.compile("fresh.c", "-lm");
        LwkRig rig = LwkRig.quiet(task(program));
        rig.params.flags(BootParams.FLAG_CONSOLE_INPUT);
        rig.boot();
        rig.machine.type(50 * SimTime.PS_PER_MS, INPUT.substring(0, 10).getBytes(StandardCharsets.UTF_8));
        rig.machine.type(90 * SimTime.PS_PER_MS, (INPUT.substring(10) + "\u0004").getBytes(StandardCharsets.UTF_8));
        assertSame(linux(program), rig.run());
    }
}
