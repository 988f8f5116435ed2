package calvin.network.capture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import calvin.network.check.IcrcChecker;
import calvin.network.check.PcapngReader;
import calvin.sim.check.BugException;
import calvin.sim.wire.Frame;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CaptureTest {
    private static final CapturedPort A = new CapturedPort(0, "node0/port0", 100_000_000_000L);
    private static final CapturedPort B = new CapturedPort(5, "switch0/port2", 100_000_000_000L);
    /** A RoCEv2 acknowledgement that stock rxe sent. */
    private static final byte[] ACK = HexFormat.of().parseHex("02000a00000202000a0000010800"
            + "45000030c56c40004011614e0a0000010a000002c12112b7001c00001100ffff0000001100ca02d71f0000017704e3b7");

    private static List<PcapngReader.Packet> read(byte[] file) throws IOException {
        PcapngReader reader = new PcapngReader(new ByteArrayInputStream(file));
        List<PcapngReader.Packet> packets = new ArrayList<>();
        for (PcapngReader.Packet packet = reader.next(); packet != null; packet = reader.next()) {
            packets.add(packet);
        }
        return packets;
    }

    private static byte[] bytes(int length, int fill) {
        byte[] made = new byte[length];
        Arrays.fill(made, (byte) fill);
        return made;
    }

    /** Feeds a fixed story, draining whenever {@code drains} says so. */
    private static byte[] story(long... drains) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Capture capture = new Capture(out, List.of(B, A), 0);
        int next = 0;
        for (int step = 0; step < 20; step++) {
            long now = step * 1_000_500L;
            // A sends into its future, as a queue of frames on one line does.
            capture.tap(0).frame(now + 5_000_000, 0, true, Frame.origin(0, step), bytes(60 + step, step));
            capture.tap(5).frame(now, 5, false, Frame.origin(2, step), bytes(61, 100 + step));
            capture.tap(5).frame(now, 5, true, Frame.origin(2, step), bytes(62, 100 + step));
            while (next < drains.length && drains[next] <= now) {
                capture.drain(drains[next++]);
            }
        }
        capture.close();
        assertEquals(60, capture.packets());
        return out.toByteArray();
    }

    @Test
    void packetsComeBackWithTheirTimesNamesAndBytes() throws IOException {
        List<PcapngReader.Packet> packets = read(story());
        assertEquals(60, packets.size());
        PcapngReader.Packet first = packets.getFirst();
        assertEquals("switch0/port2", first.interfaceName());
        assertEquals(1, first.flags());
        assertEquals(2, packets.get(1).flags());
        assertEquals(Frame.origin(2, 0), first.packetId());
        assertArrayEquals(bytes(61, 100), first.bytes());
        PcapngReader.Packet last = packets.getLast();
        assertEquals("node0/port0", last.interfaceName());
        assertEquals(19 * 1_000_500L / 1000 * 1000 + 5_000_000, last.timePs());
        assertEquals(79, last.length());
        for (int i = 1; i < packets.size(); i++) {
            assertTrue(packets.get(i - 1).timePs() <= packets.get(i).timePs());
        }
    }

    @Test
    void theFileDoesNotDependOnWhenItIsDrained() throws IOException {
        byte[] once = story();
        assertArrayEquals(once, story(1_000_500, 2_001_000, 3_001_500, 9_999_999));
        assertArrayEquals(once, story(7_000_000));
    }

    @Test
    void aSnapLengthKeepsTheTrueLength() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Capture capture = new Capture(out, List.of(A), 96)) {
            capture.tap(0).frame(0, 0, true, 0, bytes(4154, 1));
        }
        PcapngReader.Packet packet = read(out.toByteArray()).getFirst();
        assertEquals(4154, packet.length());
        assertEquals(96, packet.bytes().length);
    }

    @Test
    void aFrameLargerThanTheBufferIsWritten() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Capture capture = new Capture(out, List.of(A), 0)) {
            for (int i = 0; i < 5; i++) {
                capture.tap(0).frame(i, 0, true, i, bytes(65_549, i));
            }
        }
        List<PcapngReader.Packet> packets = read(out.toByteArray());
        assertEquals(5, packets.size());
        assertArrayEquals(bytes(65_549, 4), packets.get(4).bytes());
    }

    @Test
    void timeThatGoesBackIsABug() throws IOException {
        try (Capture capture = new Capture(new ByteArrayOutputStream(), List.of(A), 0)) {
            capture.tap(0).frame(10, 0, true, 0, ACK);
            assertThrows(BugException.class, () -> capture.tap(0).frame(9, 0, true, 1, ACK));
        }
    }

    @Test
    void theCheckerFindsTheOneBadFrame() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Capture capture = new Capture(out, List.of(A), 0)) {
            for (int i = 0; i < 10; i++) {
                byte[] frame = ACK.clone();
                frame[frame.length - 6] ^= (byte) (i == 7 ? 0x10 : 0);
                capture.tap(0).frame(i * 1000L, 0, true, 50 + i, frame);
            }
            capture.tap(0).frame(20_000, 0, true, 60, bytes(60, 0));
        }
        IcrcChecker.Report report = IcrcChecker.check(new ByteArrayInputStream(out.toByteArray()));
        assertEquals(11, report.packets());
        assertEquals(10, report.roce());
        assertEquals(1, report.bad());
        assertEquals(8, report.findings().getFirst().packet());
        assertEquals(57, report.findings().getFirst().packetId());
        assertTrue(!report.sound());
    }

    @Test
    void damagedFilesAreRefusedNotMisread() throws IOException {
        byte[] file = story();
        for (int cut = 1; cut < 300; cut++) {
            byte[] part = Arrays.copyOf(file, file.length - cut);
            if (cut % 4 != 0) {
                assertThrows(IOException.class, () -> read(part), "cut " + cut);
            }
        }
        assertThrows(IOException.class, () -> read("GIF89a, this is none".getBytes(StandardCharsets.US_ASCII)));
        byte[] lengths = file.clone();
        lengths[4] ^= 4;
        assertThrows(IOException.class, () -> read(lengths));
        assertNull(new PcapngReader(new ByteArrayInputStream(new byte[0])).next());
    }

    @Test
    void tsharkReadsItExactly(@TempDir Path folder) throws Exception {
        assumeTrue(onPath("tshark"), "needs the package tshark");
        Path file = folder.resolve("a.pcapng");
        try (Capture capture = new Capture(Files.newOutputStream(file), List.of(A, B), 0)) {
            for (int i = 0; i < 200; i++) {
                capture.tap(i % 2 == 0 ? 0 : 5).frame(i * 1_234_567_891_000L, i % 2 == 0 ? 0 : 5, i % 4 == 0, i, ACK);
                capture.drain(i * 1_000_000_000_000L);
            }
        }
        List<String> lines = run(folder, "tshark", "-n", "-r", file.toString(), "-o", "ip.check_checksum:TRUE",
                "-T", "fields", "-e", "frame.time_epoch", "-e", "frame.interface_name",
                "-e", "frame.packet_flags_direction", "-e", "frame.len", "-e", "infiniband.bth.opcode",
                "-e", "infiniband.bth.psn", "-e", "_ws.malformed", "-e", "_ws.expert.severity");
        assertEquals(200, lines.size());
        for (int i = 0; i < 200; i++) {
            long ns = i * 1_234_567_891L;
            String[] fields = lines.get(i).split("\t", -1);
            assertEquals(String.format("%d.%09d", ns / 1_000_000_000, ns % 1_000_000_000), fields[0]);
            assertEquals(i % 2 == 0 ? A.name() : B.name(), fields[1]);
            assertEquals(i % 4 == 0 ? "0x00000002" : "0x00000001", fields[2]);
            assertEquals(List.of("62", "17", "13238999", "", ""), Arrays.asList(fields).subList(3, 8));
        }
    }

    private static boolean onPath(String tool) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(dir -> new File(dir, tool).canExecute());
    }

    private static List<String> run(Path folder, String... command) throws Exception {
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        Process process = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "tshark does not end");
        assertEquals(0, process.exitValue(), Files.readString(err));
        return Files.readAllLines(out);
    }
}
