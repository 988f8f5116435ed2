package calvin.machine.board;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import calvin.machine.dev.ConsoleSink;
import calvin.machine.disk.ByteSource;
import calvin.machine.disk.DiskImage;
import calvin.machine.disk.RawImage;
import calvin.machine.fitting.Fitting;
import calvin.machine.fitting.Supplies;
import calvin.machine.hart.CostTable;
import calvin.machine.sbi.SbiFirmware;
import calvin.machine.virtio.share.SharedFile;
import calvin.machine.virtio.share.SharedTree;
import calvin.sim.event.Lane;
import calvin.sim.seed.Seed;
import calvin.sim.time.SimTime;
import calvin.sim.trace.TraceSink;
import calvin.sim.wire.Frame;
import calvin.sim.wire.Port;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A distribution's kernel uses virtio devices. Asked for with {@code -Dcalvin.virtio=FOLDER}, which holds {@code
 * vmlinuz}, {@code initrd.img} and {@code ext4.img}; docs/devices.md says how to make them.
 */
@Tag("long")
class VirtioLinuxLongTest {
    private static final long LIMIT_PS = 120 * SimTime.PS_PER_S;
    private static final long LATENCY_PS = 20 * SimTime.PS_PER_US;
    private static final long PS_PER_BYTE = 8000;

    private Path folder;

    @BeforeEach
    void find() {
        String property = System.getProperty("calvin.virtio");
        assumeTrue(property != null, "no kernel: -Dcalvin.virtio=FOLDER names the folder of vmlinuz and initrd.img");
        folder = Path.of(property);
    }

    /** A machine that boots the kernel. */
    private final class Guest {
        final Lane lane;
        final StringBuilder output = new StringBuilder();
        final Machine machine;

        Guest(String name, BoardSpec board, Supplies supplies, String arguments) throws IOException, ImageException {
            lane = new Lane(name);
            boolean echo = Boolean.getBoolean("calvin.echo");
            machine = new Machine(lane, 0, board, List.of(new SbiFirmware()), Engines.TRANSLATOR,
                    supplies.with(Seed.class, "", new Seed(1)).with(ConsoleSink.class, "", (timePs, value) -> {
                        output.append((char) value);
                        if (echo) {
                            System.out.print((char) value);
                        }
                    }), TraceSink.NONE, CostTable.DEFAULT);
            LinuxBoot.start(machine, Files.readAllBytes(folder.resolve("vmlinuz")),
                    Files.readAllBytes(folder.resolve("initrd.img")), "console=ttyS0 earlycon " + arguments);
        }

        void says(String text) {
            assertTrue(output.toString().contains(text), () -> "does not say '" + text + "':\n" + output);
        }

        void ends() {
            assertEquals("exited with code 0", machine.status().toString());
            machine.close();
        }
    }

    private static Fitting device(boolean pci, String name, int slot, String device) {
        return (pci
                ? Fitting.of(name, "virtio-pci", 0, 0).with("slot", Integer.toString(slot))
                : Fitting.of(name, "virtio-mmio", 0x1000_0000L + 0x1000 * slot, slot)).with("device", device);
    }

    private static BoardSpec board() {
        return BoardSpec.virt(1, 512L << 20)
                .withFitting(Fitting.of("pcie", "pci-host", 0x3000_0000L, 32));
    }

    private static String md5(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private SharedTree share(byte[] big) {
        byte[] program = "#!/bin/sh\necho executed from the share\n".getBytes(StandardCharsets.UTF_8);
        byte[] note = "a note\n".getBytes(StandardCharsets.UTF_8);
        return new SharedTree("node0/share0/tree", SharedFile.folder("root", 0755, 0, List.of(
                SharedFile.file("big", 0644, 0, ByteSource.of(big, "big")),
                SharedFile.folder("sub", 0755, 0, List.of(
                        SharedFile.file("note", 0644, 0, ByteSource.of(note, "note")),
                        SharedFile.file("program", 0755, 0, ByteSource.of(program, "program")))))),
                "test");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aStockKernelUsesDiskEntropyShareAndBalloon(boolean pci) throws IOException, ImageException {
        byte[] big = new byte[1_000_000];
        for (int i = 0; i < big.length; i++) {
            big[i] = (byte) new Seed(4).draw(i);
        }
        BoardSpec board = board().withFitting(device(pci, "disk0", 1, "block").with("drive", "ext4"))
                .withFitting(device(pci, "rng0", 2, "rng"))
                .withFitting(device(pci, "share0", 3, "9p").with("share", "share0").with("tag", "tag"))
                .withFitting(device(pci, "balloon0", 4, "balloon").with("pages", "20000"));
        Guest guest = new Guest("node0", board, Supplies.NONE.with(DiskImage.class, "ext4",
                new RawImage(ByteSource.of(Files.readAllBytes(folder.resolve("ext4.img")), "ext4")))
                .with(SharedTree.class, "share0", share(big)), "run=all");
        for (long at = 0; guest.machine.status().running() && at < LIMIT_PS; at += SimTime.PS_PER_MS) {
            guest.lane.runUntil(at);
        }
        guest.says("setting system clock to 2026-01-01T00:00:00 UTC");
        guest.says("disk vda: 32768 sectors, serial disk0");
        guest.says("mounted");
        guest.says("written");
        guest.says("virtio_rng.0");
        guest.says(pci ? "0000:00:04.0" : "virtio3");
        guest.says("shared");
        guest.says(md5(big) + "  /share/big");
        guest.says("executed from the share");
        guest.says("moved");
        guest.says("reboot: Power down");
        guest.ends();
    }

    /** One end of a cable at 1 Gb/s. */
    private static final class Cable implements Port {
        private final int number;
        private long freeAtPs;
        private long sequence;
        private Lane far;

        Cable(int number) {
            this.number = number;
        }

        @Override
        public int number() {
            return number;
        }

        @Override
        public long freeAtPs() {
            return freeAtPs;
        }

        @Override
        public long durationPs(int frameBytes) {
            return (Math.max(frameBytes, 60) + 24) * PS_PER_BYTE;
        }

        @Override
        public long send(long timePs, byte[] bytes, long origin) {
            long start = Math.max(timePs, freeAtPs);
            freeAtPs = start + durationPs(bytes.length);
            far.accept(new Frame(start + LATENCY_PS, durationPs(bytes.length), 1 - number, number, sequence,
                    Frame.origin(number, sequence++), bytes));
            return freeAtPs;
        }
    }

    private Guest networked(int node, Cable cable, boolean pci) throws IOException, ImageException {
        return new Guest("node" + node, board().withFitting(device(pci, "net0", 1, "net").with("net", "cable")
                .with("mac", "02:00:00:00:00:0" + node)), Supplies.NONE.with(Port.class, "cable", cable),
                "run=net node=" + node);
    }

    @Test
    void twoGuestsPingAndTalkTcpOverTheirCards() throws IOException, ImageException {
        Cable left = new Cable(0);
        Cable right = new Cable(1);
        Guest first = networked(1, left, false);
        Guest second = networked(2, right, true);
        left.far = second.lane;
        right.far = first.lane;
        boolean running = true;
        // Neither can reach the other within the cable's latency.
        for (long at = 0; running && at < LIMIT_PS; at += LATENCY_PS) {
            first.lane.runUntil(at);
            second.lane.runUntil(at);
            running = first.machine.status().running() || second.machine.status().running();
        }
        second.says("3 packets transmitted, 3 packets received, 0% packet loss");
        second.says("2 packets transmitted, 2 packets received, 0% packet loss");
        String sum = second.output.substring(second.output.indexOf("  /bin/busybox") - 32,
                second.output.indexOf("  /bin/busybox"));
        first.says(sum + "  -");
        first.ends();
        second.ends();
    }
}
