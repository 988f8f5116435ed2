package calvin.lwk.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.lwk.abi.Job;
import calvin.lwk.call.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/**
 * Every row of the table of system calls, from a program; the same program first on Linux, so that it expects what
 * Linux does.
 */
class CallsSimTest {
    /** Calls that end the caller, which the program makes last or other tests make. */
    private static final List<Call> ENDING = List.of(Call.EXIT, Call.EXIT_GROUP);

    @Test
    void everyCallDoesWhatItsRowSays() {
        byte[] program = Tools.compile("calls.c");
        LwkRig rig = LwkRig.quiet(Job.Task.of("calls", program)).bootAndRun();
        assertFalse(rig.output().contains("BROKEN"), rig.output());
        assertEquals(List.of(21L), rig.codes(), rig.output());
        List<String> untested = new ArrayList<>();
        for (Call call : Call.values()) {
            String name = call.name().toLowerCase(Locale.ROOT);
            if (!ENDING.contains(call) && !rig.output().lines().toList().contains(name + " ok")) {
                untested.add(name);
            }
        }
        assertTrue(untested.isEmpty(), "calls without a section in calls.c: " + untested);
    }

    @Test
    void linuxAgreesWithTheProgramsExpectations() {
        Tools.Result linux = Tools.emulate(Tools.compile("calls.c"), "linux");
        assertFalse(linux.output().contains("BROKEN"), linux.output());
        assertEquals(21, linux.code(), linux.output());
    }

    @Test
    void anUnknownCallIsReportedOnce() {
        LwkRig rig = new LwkRig(1, 128L << 20).jobs(Job.Task.of("calls", Tools.compile("calls.c")));
        List<String> lines = rig.bootAndRun().output().lines().toList();
        assertEquals(1, lines.stream().filter(line -> line.endsWith("system call 999 is not implemented")).count());
    }
}
