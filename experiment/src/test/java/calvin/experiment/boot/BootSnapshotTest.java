package calvin.experiment.boot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.experiment.input.InputException;
import calvin.machine.board.BoardSpec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots on the command line, keys of Calvin's, the log of what is typed. */
class BootSnapshotTest {
    private static final BootOptions TEST = BootOptions.of(BootImages.of("smode.elf", false),
            BoardSpec.virt(2, 64 << 20)).withShowHash();

    @TempDir
    Path folder;

    /** What a run prints of itself; its output goes nowhere. */
    private static String run(BootOptions options) throws IOException {
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        BootRun.run(options, InputStream.nullInputStream(), new PrintStream(new ByteArrayOutputStream()),
                new PrintStream(messages));
        return messages.toString(StandardCharsets.UTF_8);
    }

    private static String state(String messages) {
        return messages.lines().filter(line -> line.startsWith("calvin: state")).findFirst().orElseThrow();
    }

    @Test
    void aLoadedMachineEndsAsOneThatRanThrough() throws IOException {
        String straight = state(run(TEST));
        for (String at : new String[]{"40000", "130 us"}) {
            Path file = folder.resolve("snapshot");
            BootFiles save = BootFiles.NONE.withSave(file);
            String saving = run(TEST.withFiles(save).withSaveAt(SaveAt.parse("--save-at", at)));
            assertTrue(saving.contains("saved to"), saving);
            assertEquals(straight, state(saving), "saving changes nothing");
            assertEquals(straight, state(run(TEST.withFiles(BootFiles.NONE.withLoad(file)))), at);
        }
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(1, left.count(), "no other file is left");
        }
    }

    @Test
    void anInstructionIsMetExactlyByOneHart() throws IOException {
        BootOptions one = BootOptions.of(BootImages.of("smode.elf", false), BoardSpec.virt(1, 64 << 20)).withShowHash();
        Path file = folder.resolve("snapshot");
        run(one.withFiles(BootFiles.NONE.withSave(file)).withMaxInstructions(12_345));
        String state = state(run(one.withFiles(BootFiles.NONE.withLoad(file)).withMaxInstructions(12_345)));
        assertTrue(state.contains("after 12345 instructions"), state);
    }

    @Test
    void damagedForeignAndMissingSnapshotsAreRefused() throws IOException {
        Path file = folder.resolve("snapshot");
        run(TEST.withFiles(BootFiles.NONE.withSave(file)).withMaxInstructions(1000));
        BootFiles load = BootFiles.NONE.withLoad(file);
        BootOptions other = BootOptions.of(BootImages.of("smode.elf", false), BoardSpec.virt(1, 64 << 20));
        assertTrue(refusal(other.withFiles(load)).contains("another machine"));
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
        refusal(TEST.withFiles(load));
        Files.writeString(file, "no snapshot");
        refusal(TEST.withFiles(load));
        Files.delete(file);
        assertTrue(refusal(TEST.withFiles(load)).contains("no such file"));
    }

    private static String refusal(BootOptions options) {
        return assertThrows(InputException.class, () -> run(options)).getMessage();
    }

    @Test
    void aFolderThatIsNotThereIsSaidOnce() {
        BootFiles files = BootFiles.NONE.withSave(folder.resolve("absent/snapshot"));
        assertThrows(IOException.class, () -> run(TEST.withFiles(files).withMaxInstructions(1000)));
    }

    @Test
    void whatIsTypedIsLoggedAndTypedAgain() throws IOException {
        Path log = folder.resolve("typed");
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        BootRun.run(TEST.withFiles(BootFiles.NONE.withRecord(log)),
                new ByteArrayInputStream("hello".getBytes(StandardCharsets.US_ASCII)),
                new PrintStream(new ByteArrayOutputStream()), new PrintStream(messages));
        String first = state(messages.toString(StandardCharsets.UTF_8));
        assertEquals(first, state(run(TEST.withFiles(BootFiles.NONE.withReplay(log)))));
        Files.writeString(log, "5 616\n");
        assertTrue(refusal(TEST.withFiles(BootFiles.NONE.withReplay(log))).contains(":1:1"));
    }

    @Test
    void controlAIsCalvins() {
        TerminalKeys keys = new TerminalKeys();
        byte[] typed = {'a', 1, 's', 'b', 1, 1, 3, 1};
        assertArrayEquals(new byte[]{'a', 'b', 1, 3}, keys.guests(typed, typed.length));
        assertEquals(TerminalKeys.Command.SAVE, keys.next());
        assertNull(keys.next());
        assertArrayEquals(new byte[]{'y'}, keys.guests(new byte[]{'x', 'y'}, 2), "an escape may come in two pieces");
        assertEquals(TerminalKeys.Command.LEAVE, keys.next());
    }

    @Test
    void timesAndCountsAreTold() {
        assertEquals(new SaveAt(-1, 5000), SaveAt.parse("--save-at", "5_000"));
        assertEquals(new SaveAt(2_000_000_000L, -1), SaveAt.parse("--save-at", "2 ms"));
        assertThrows(InputException.class, () -> SaveAt.parse("--save-at", "soon"));
    }
}
