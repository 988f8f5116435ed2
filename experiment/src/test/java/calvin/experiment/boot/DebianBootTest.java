package calvin.experiment.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import calvin.guests.debian.DebianBuilder;
import calvin.guests.debian.DebianException;
import calvin.guests.debian.DebianGuest;
import calvin.guests.debian.DebianRequest;
import calvin.guests.debian.GuestStore;
import calvin.machine.board.BoardSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Debian's stock kernel and packages, obtained by apt, boot to user space. Asked for with {@code mvn -Plinux}, as CI
 * does; skipped where apt cannot obtain them.
 */
@Tag("linux")
class DebianBootTest {
    private static final long MEMORY_BYTES = 512L << 20;
    private static DebianGuest guest;

    /** What a run printed at its console, and about itself. */
    private record Ran(int code, String console, String state) {}

    @BeforeAll
    static void obtain() throws IOException {
        try {
            guest = new DebianBuilder(GuestStore.ofUser(), step -> {
            }).build(new DebianRequest("debian", "trixie", "", List.of(), false));
        } catch (DebianException e) {
            assumeTrue(false, "apt cannot obtain Debian's kernel: " + e.getMessage());
        }
    }

    /** @param command run by the guest's init, which then turns the machine off */
    private static Ran boot(BoardSpec board, BootFiles files, Path firmware, String command) throws IOException {
        BootImages images = new BootImages(guest.kernel().toString(), false, firmware, guest.initrd(),
                "console=ttyS0 calvin.run=\"" + command + "\"");
        BootOptions options = BootOptions.of(images, board).withFiles(files).withShowHash();
        ByteArrayOutputStream console = new ByteArrayOutputStream();
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        int code = BootRun.run(options, InputStream.nullInputStream(), new PrintStream(console),
                new PrintStream(messages));
        return new Ran(code, console.toString(StandardCharsets.UTF_8), messages.toString(StandardCharsets.UTF_8));
    }

    private static void assertWell(Ran ran, String... wanted) {
        for (String each : wanted) {
            assertTrue(ran.console.contains(each), () -> "no `" + each + "` in\n" + ran.console);
        }
        assertTrue(ran.console.contains("calvin.run: 0"), ran::console);
        assertTrue(ran.console.contains("reboot: Power down"), ran::console);
        assertFalse(ran.console.contains("Kernel panic"), ran::console);
        assertEquals(0, ran.code, ran.state);
    }

    @Test
    void oneHartBootsSavesAndEndsTheSameFromThere(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("snapshot");
        String command = "uname -a; modprobe kvm; dmesg | grep kvm";
        BoardSpec board = BoardSpec.virt(1, MEMORY_BYTES);
        BootImages images = new BootImages(guest.kernel().toString(), false, null, guest.initrd(),
                "console=ttyS0 calvin.run=\"" + command + "\"");
        BootOptions saving = BootOptions.of(images, board).withFiles(BootFiles.NONE.withSave(file))
                .withSaveAt(SaveAt.parse("--save-at", "456789 us")).withShowHash();
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        ByteArrayOutputStream console = new ByteArrayOutputStream();
        BootRun.run(saving, InputStream.nullInputStream(), new PrintStream(console), new PrintStream(messages));
        assertTrue(Files.size(file) > 1 << 20);
        Ran loaded = boot(board, BootFiles.NONE.withLoad(file), null, command);
        assertWell(loaded, "Linux calvin 6.", "hypervisor extension available");
        assertEquals(state(messages.toString(StandardCharsets.UTF_8)), state(loaded.state),
                "loaded in mid-boot, it ends as the run that saved it");
        assertTrue(console.toString(StandardCharsets.UTF_8).endsWith(loaded.console));
    }

    private static String state(String messages) {
        return messages.lines().filter(line -> line.startsWith("calvin: state")).findFirst().orElseThrow();
    }

    @Test
    void fourHartsBootTwiceTheSame() throws IOException {
        BoardSpec board = BoardSpec.virt(4, MEMORY_BYTES);
        Ran first = boot(board, BootFiles.NONE, null, "nproc");
        assertWell(first, "Brought up 1 node, 4 CPUs", "\n4\r\n");
        Ran second = boot(board, BootFiles.NONE, null, "nproc");
        assertEquals(first, second);
    }

    @Test
    void fourNumaNodesAreThere() throws IOException {
        assertWell(boot(BoardSpec.hpc(4, MEMORY_BYTES, 4), BootFiles.NONE, null,
                "cat /sys/devices/system/node/node*/distance /sys/devices/system/node/online"),
                "10 12 20 20\r\n12 10 20 20\r\n20 20 10 12\r\n20 20 12 10\r\n0-3\r\n");
    }
}
