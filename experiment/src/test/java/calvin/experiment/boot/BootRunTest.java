package calvin.experiment.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.experiment.input.InputException;
import calvin.machine.board.BoardSpec;
import calvin.machine.timing.Fidelity;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BootRunTest {
    private static final BoardSpec BOARD = BoardSpec.virt(1, 64 << 20);
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream messages = new ByteArrayOutputStream();

    private int boot(String image, boolean bare, long maxInstructions) throws IOException {
        BootOptions options = BootOptions.of(BootImages.of(image, bare), BOARD).withMaxInstructions(maxInstructions);
        return BootRun.run(options, InputStream.nullInputStream(), new PrintStream(out), new PrintStream(messages));
    }

    @Test
    void everyInstructionIsLogged(@TempDir Path folder) throws IOException {
        Path log = folder.resolve("commits");
        BootRun.run(BootOptions.of(BootImages.of("pass.elf", true), BOARD).withFiles(
                BootFiles.NONE.withTraceCommits(log)),
                InputStream.nullInputStream(), new PrintStream(out), new PrintStream(messages));
        List<String> lines = Files.readAllLines(log);
        assertTrue(lines.size() > 20, () -> lines.size() + " lines");
        assertTrue(lines.stream().allMatch(line -> line.matches("core   0: 3 0x[0-9a-f]{16} \\(0x[0-9a-f]+\\).*")));
    }

    private int exec(String input, boolean virtualized, String image, String... arguments) throws IOException {
        return ExecRun.run(new ExecOptions(image, List.of(arguments), 1, 64 << 20, virtualized, "jit",
                Fidelity.FUNCTIONAL, true, Inspection.NONE),
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), out, new PrintStream(messages));
    }

    @Test
    void theCodeOfABareMetalProgramIsTheExitCode() throws IOException {
        assertEquals(0, boot("pass.elf", true, 0));
        assertEquals(3, boot("fail.elf", true, 0));
        assertTrue(out.toString().contains("fail with 3"), out::toString);
    }

    @Test
    void aProgramThatDoesNotEndIsNoSuccess() throws IOException {
        assertEquals(1, boot("smode.elf", false, 1000));
        assertTrue(messages.toString().contains("did not end within 1000 instructions"), messages::toString);
    }

    @Test
    void aKernelBootsThroughTheFirmware() throws IOException {
        assertEquals(0, boot("smode.elf", false, 0));
        assertTrue(out.toString().contains("SELFTEST PASSED"), out::toString);
    }

    @Test
    void aProgramsExitCodeAndOutputPassThroughNativeAndVirtualized() throws IOException {
        assertEquals(42, exec("", false, "tiny"));
        assertEquals(6, exec("", false, "hello", "6", "x"));
        String plain = out.toString();
        assertTrue(plain.contains("argv[2] = x"), plain);
        out.reset();
        assertEquals(6, exec("", true, "hello", "6", "x"));
        assertTrue(plain.endsWith(out.toString()), out::toString);
        assertTrue(messages.toString().contains("exits SBI_RESET"), messages::toString);
    }

    @Test
    void optionsOfAnotherKindOfImageAreRefused(@TempDir Path folder) throws IOException {
        Path kernel = folder.resolve("vmlinuz");
        byte[] header = new byte[64];
        System.arraycopy("RSC\5".getBytes(StandardCharsets.US_ASCII), 0, header, 56, 4);
        Files.write(kernel, header);
        assertTrue(refusal(kernel.toString(), null, folder.resolve("signature")).contains("no symbols"));
        assertTrue(refusal(kernel.toString(), folder.resolve("absent"), null).contains("no such file"));
        assertTrue(refusal("smode.elf", kernel, null).contains("is no Linux Image"));
    }

    private String refusal(String image, Path initrd, Path signature) {
        BootOptions options = BootOptions.of(BootImages.of(image, false).withInitrd(initrd), BOARD).withFiles(
                BootFiles.NONE.withSignature(signature));
        return assertThrows(InputException.class, () -> BootRun.run(options, InputStream.nullInputStream(),
                new PrintStream(out), new PrintStream(messages))).getMessage();
    }

    @Test
    void whatCannotRunIsRefused() {
        assertThrows(InputException.class, () -> exec("", false, "absent"));
        assertTrue(
                assertThrows(InputException.class,
                        () -> ExecRun.run(new ExecOptions("hello", List.of(), 1, 8 << 20, false, "interp",
                                Fidelity.FUNCTIONAL, false, Inspection.NONE),
                                InputStream.nullInputStream(), out, new PrintStream(messages)))
                        .getMessage().contains("MiB"));
    }
}
