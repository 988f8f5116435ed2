package calvin.machine.nic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import calvin.machine.nic.TestNode.Piece;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Wireshark's dissectors make of the card's packets. */
class TsharkTest {
    private static final int LINKTYPE_ETHERNET = 1;

    @TempDir
    private Path folder;

    private static boolean hasTshark() throws InterruptedException {
        try {
            Process process = new ProcessBuilder("tshark", "--version").redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private Path capture(Rig rig) throws IOException {
        Path file = folder.resolve("card.pcap");
        try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(file))) {
            // Nanosecond pcap, big-endian.
            out.writeInt(0xA1B2_3C4D);
            out.writeInt(2 << 16 | 4);
            out.writeLong(0);
            out.writeInt(65535);
            out.writeInt(LINKTYPE_ETHERNET);
            for (int i = 0; i < rig.wire.frames.size(); i++) {
                byte[] frame = rig.wire.frames.get(i);
                long ns = rig.wire.frameTimes.get(i) / 1000;
                out.writeInt((int) (ns / 1_000_000_000));
                out.writeInt((int) (ns % 1_000_000_000));
                out.writeInt(frame.length);
                out.writeInt(frame.length);
                out.write(frame);
            }
        }
        return file;
    }

    private List<String> tshark(Path capture, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of("tshark", "-r", capture.toString(), "-o", "ip.check_checksum:TRUE",
                        // Takes any SEND for RPC over RDMA.
                        "--disable-protocol", "rpcordma", "-n"));
        command.addAll(Arrays.asList(arguments));
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD)
                .redirectOutput(output.toFile()).start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "tshark does not end");
        assertEquals(0, process.exitValue());
        return Files.readAllLines(output, StandardCharsets.UTF_8);
    }

    @Test
    void everyPacketIsWellFormedRoce() throws IOException, InterruptedException {
        assumeTrue(hasTshark(), "needs the package tshark");
        Rig rig = new Rig(Exchange.plan());
        Exchange exchange = new Exchange(rig);
        // Loses one packet, so that a NAK is in the capture too.
        rig.wire.hand = (port, ordinal, frame, deliver) -> {
            if (port != 0 || ordinal != 4) {
                deliver.accept(frame);
            }
        };
        exchange.begin();
        rig.run();
        exchange.check("capture");
        TestNode.Region to = rig.b.region(512, TestNode.LOCAL_WRITE);
        rig.pairA.postInline(Rig.SEND, Rig.SIGNALED | Rig.SOLICITED, 0, 1, 0, 0, new byte[5]);
        rig.pairA.ring();
        while (rig.b.card.counter(calvin.machine.nic.verbs.Counter.RNR_NAKS_SENT) == 0) {
            rig.step();
        }
        rig.pairB.receive(1, new Piece(to.pa(), 512, to.key()));
        rig.run();
        Path capture = capture(rig);
        List<String> rows = tshark(capture, "-T", "fields", "-e", "infiniband.bth.opcode", "-e",
                "infiniband.bth.destqp", "-e",
                "infiniband.bth.psn", "-e", "infiniband.aeth.syndrome", "-e", "ip.checksum.status", "-e", "udp.dstport",
                "-e",
                "infiniband.reth.dmalen", "-e", "infiniband.invariant.crc", "-e", "infiniband.bth.se");
        assertEquals(rig.wire.frames.size(), rows.size());
        List<Integer> opcodes = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            String[] fields = rows.get(i).split("\t", -1);
            byte[] frame = rig.wire.frames.get(i);
            assertEquals(9, fields.length, rows.get(i));
            int opcode = Integer.decode(fields[0]);
            opcodes.add(opcode);
            assertEquals(frame[42] & 0xFF, opcode);
            assertTrue(Integer.decode(fields[1]) >= 17, rows.get(i));
            assertEquals("1", fields[4], "IPv4 checksum of frame " + i);
            assertEquals("4791", fields[5]);
            byte[] icrc = calvin.machine.nic.roce.SlowIcrc.of(frame);
            int shown = Integer.parseUnsignedInt(fields[7].substring(2), 16);
            assertEquals((icrc[0] & 0xFF) << 24 | (icrc[1] & 0xFF) << 16 | (icrc[2] & 0xFF) << 8 | icrc[3] & 0xFF,
                    shown,
                    "ICRC of frame " + i);
        }
        for (int opcode : new int[]{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0x11}) {
            assertTrue(opcodes.contains(opcode), "opcode " + opcode + " is in the capture: " + opcodes);
        }
        assertTrue(
                rows.stream().anyMatch(r -> r.split("\t", -1)[3].equals("0x60") || r.split("\t", -1)[3].equals("96")),
                "a sequence NAK");
        List<String> malformed = tshark(capture, "-Y",
                "_ws.malformed || !infiniband || _ws.expert.severity == \"Error\"");
        assertEquals(List.of(), malformed);
    }
}
