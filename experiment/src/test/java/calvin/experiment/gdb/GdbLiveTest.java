package calvin.experiment.gdb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import calvin.experiment.boot.BootImages;
import calvin.experiment.boot.BootOptions;
import calvin.experiment.boot.BootRun;
import calvin.experiment.boot.Inspection;
import calvin.machine.board.BoardSpec;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real gdb on bare-metal programs and on the self-test kernel. */
class GdbLiveTest {
    @TempDir
    static Path folder;

    private final GdbRig rig = new GdbRig();

    @BeforeAll
    static void tools() {
        GdbRig.assumeInstalled();
    }

    private String debuggee(String... commands) throws IOException, InterruptedException {
        Path elf = GdbRig.compileBare(folder, "debuggee");
        return rig.debug(new BootImages(elf.toString(), true, null, null, ""), BoardSpec.virt(2, 16 << 20), elf,
                commands);
    }

    private static void contains(String text, String... parts) {
        int from = 0;
        for (String part : parts) {
            int at = text.indexOf(part, from);
            assertTrue(at >= 0, "\"" + part + "\" is missing, or out of order, in\n" + text);
            from = at + part.length();
        }
    }

    @Test
    void breaksStepsLooksAtBothHartsAndWritesRegisters() throws IOException, InterruptedException {
        String said = debuggee("break work if round == 3", "continue", "backtrace 2", "finish", "info locals",
                "info threads", "thread 2", "backtrace 1", "print/x $misa", "set $mscratch = 0x1234",
                "print/x $mscratch", "thread 1", "stepi", "delete", "set var victim = 77", "print victim", "kill");
        contains(said, "hit Breakpoint 1, work (round=round@entry=3)", "in first_hart ()",
                "Value returned is $1 = 3675",
                "round = 3", "\"hart 0\" (M mode)", "\"hart 1\" (M mode)", "second_hart ()", "= 0x80000000001",
                "= 0x1234",
                "= 77");
        assertEquals(1, rig.exitCode());
    }

    @Test
    void goesBackToTheWriteThatSpoiledTheVariable() throws IOException, InterruptedException {
        String said = debuggee("tbreak work if round == 99", "continue", "print victim", "watch victim",
                "reverse-continue", "backtrace 1", "print victim", "reverse-continue", "print victim", "delete",
                "reverse-continue", "continue", "continue");
        contains(said, "$1 = 2989", "Thread 2 \"hart 1\" hit Hardware watchpoint", "Old value = 2989", "New value = 20",
                "in spoil (", "*stray = value;", "$2 = 20", "Thread 1 \"hart 0\" hit Hardware watchpoint",
                "New value = 19", "$3 = 19", "No more reverse-execution history", "the machine has ended",
                "SIGTERM", "exited with code 01");
        assertEquals(1, rig.exitCode(), "tohost = 3 is code 1");
    }

    @Test
    void reverseStepAndFinishReturnToTheCaller() throws IOException, InterruptedException {
        String said = debuggee("break work if round == 5", "continue", "next", "next", "print round", "reverse-next",
                "reverse-next", "reverse-finish", "backtrace 1", "print/x $pc", "reverse-stepi", "stepi", "print/x $pc",
                "kill");
        contains(said, "hit Breakpoint 1", "$1 = 5", "first_hart ()");
        java.util.regex.Matcher pcs = java.util.regex.Pattern.compile("\\$\\d+ = (0x8[0-9a-f]+)").matcher(said);
        assertTrue(pcs.find(), said);
        String first = pcs.group(1);
        assertTrue(pcs.find(), said);
        assertEquals(first, pcs.group(1), "a step back and one forward");
    }

    @Test
    void aKernelsPagesModesAndWalksAreSeen() throws IOException, InterruptedException {
        String said = rig.debug(new BootImages("smode.elf", false, null, null, ""), BoardSpec.virt(2, 64 << 20),
                GdbRig.root().resolve("guests/src/main/resources/calvin/guests/images/smode.elf"),
                "hbreak enter_user", "continue", "print $priv", "print $virt", "monitor mode",
                "monitor walk 0x80200000",
                "monitor csr satp", "monitor time", "monitor nonsense", "x/2i $pc", "monitor phys on",
                "x/1xw 0x80200000", "monitor phys off", "delete", "detach");
        contains(said, "in enter_user ()", "$1 = 1", "$2 = 0", "hart 0  HS", "hart 1  M", "leaf", "page of 4 KiB",
                "satp = 0x8000", "instructions", "no such command: nonsense", "<enter_user", "take physical addresses");
        contains(rig.console(), "SELFTEST PASSED");
        assertEquals(0, rig.exitCode());
    }

    @Test
    void aGuestInVsModeIsStoppedAndSeenThroughBothStages() throws IOException, InterruptedException {
        Path elf = GdbRig.compileBare(folder, "vsguest");
        String said = rig.debug(new BootImages(elf.toString(), true, null, null, ""), BoardSpec.virt(1, 16 << 20), elf,
                "break guest_work if round == 4", "continue", "print $virt", "print $priv", "info threads",
                "monitor mode", "monitor walk 0xc0000000", "print/x *(unsigned long *)((char *)&secret + 0x40000000)",
                "set var *(unsigned long *)((char *)&secret + 0x40000000) = 0x77", "print/x secret",
                "print/x $vsatp >> 60", "watch secret", "continue", "continue", "reverse-continue", "print/x secret",
                "delete", "continue", "continue");
        contains(said, "Breakpoint 1, guest_work (round=", "$1 = 1", "$2 = 1", "(VS mode)", "hart 0  VS",
                "VS or S", "G stage", "0xc0000000 -> 0x80000000, page of 1048576 KiB", "$3 = 0x51", "$4 = 0x77",
                "$5 = 0xfffffffffffffff8", "Old value = 119", "New value = 123", "Breakpoint 1, guest_work (round=",
                "Old value = 123", "New value = 119", "$6 = 0x77", "exited normally");
        assertEquals(0, rig.exitCode());
    }

    @Test
    void aProgramOnTheLightweightKernelGoesBackToItsStrayStore() throws IOException, InterruptedException {
        assumeTrue(Files.exists(Path.of("/usr/riscv64-linux-gnu/lib/libc.a")),
                "no static C library for RISC-V (Debian package libc6-dev-riscv64-cross)");
        String said = rig.debugProgram(GdbRig.compile(folder, "program"), "break main", "continue", "print $priv",
                "tbreak program.c:17", "continue", "print table", "watch table[3]", "reverse-continue", "print value",
                "backtrace 2", "delete", "reverse-continue", "continue", "continue");
        contains(said, "Breakpoint 1, main ()", "$1 = 0", "{1, 2, 3, 99}", "Old value = 99", "New value = 4",
                "in put (", "= 99", "in main ()", "No more reverse-execution history", "exited normally");
        assertEquals("total 10\ntable 99\n", rig.console(), "printed once, though it has run twice");
        assertEquals(0, rig.exitCode());
    }

    @Test
    void aProfileFollowsFramePointers() throws IOException, InterruptedException {
        Path elf = GdbRig.compileBare(folder, "debuggee");
        Path folded = folder.resolve("folded");
        BootOptions options = BootOptions.of(new BootImages(elf.toString(), true, null, null, ""),
                BoardSpec.virt(1, 16 << 20)).withMaxInstructions(20_000)
                .withInspection(Inspection.NONE.withProfile(new Inspection.Profiling(folded, 10, true)));
        BootRun.run(options, InputStream.nullInputStream(), new PrintStream(OutputStream.nullOutputStream()),
                new PrintStream(OutputStream.nullOutputStream()));
        assertTrue(Files.readAllLines(folded).stream().anyMatch(line -> line.startsWith("M;_start;first_hart;work ")),
                Files.readString(folded));
    }
}
