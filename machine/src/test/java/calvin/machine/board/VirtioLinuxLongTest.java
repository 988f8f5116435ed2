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
import calvin.sim.event.Lane;
import calvin.sim.seed.Seed;
import calvin.sim.state.StateHash;
import calvin.sim.state.Stateful;
import calvin.sim.time.SimTime;
import calvin.sim.trace.TraceSink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A distribution's kernel uses virtio devices on either transport. Asked for with {@code -Dcalvin.virtio=FOLDER}, which
 * holds {@code vmlinuz}, {@code initrd.img} and {@code ext4.img}; docs/devices.md says how to make them.
 */
@Tag("long")
class VirtioLinuxLongTest {
    private static final long LIMIT_PS = 60 * SimTime.PS_PER_S;

    private final Lane lane = new Lane("node0");
    private final StringBuilder output = new StringBuilder();

    private static BoardSpec board(boolean pci) {
        BoardSpec board = BoardSpec.virt(1, 512L << 20)
                .withFitting(Fitting.of("rtc", "goldfish-rtc", 0x10_1000, 11))
                .withFitting(Fitting.of("pcie", "pci-host", 0x3000_0000L, 32));
        Fitting disk = pci
                ? Fitting.of("disk0", "virtio-pci", 0, 0).with("slot", "1")
                : Fitting.of("disk0", "virtio-mmio", 0x1000_1000L, 1);
        Fitting rng = pci
                ? Fitting.of("rng0", "virtio-pci", 0, 0).with("slot", "2")
                : Fitting.of("rng0", "virtio-mmio", 0x1000_2000L, 2);
        return board.withFitting(disk.with("device", "block").with("drive", "ext4"))
                .withFitting(rng.with("device", "rng"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aStockKernelMountsADiskReadsItAndWritesIt(boolean pci) throws IOException, ImageException {
        String property = System.getProperty("calvin.virtio");
        assumeTrue(property != null, "no kernel: -Dcalvin.virtio=FOLDER names the folder of vmlinuz and initrd.img");
        Path folder = Path.of(property);
        Supplies supplies = Supplies.NONE
                .with(ConsoleSink.class, "", (timePs, value) -> {
                    output.append((char) value);
                    if (Boolean.getBoolean("calvin.echo")) {
                        System.out.print((char) value);
                    }
                })
                .with(Seed.class, "", new Seed(1)).with(DiskImage.class, "ext4",
                        new RawImage(ByteSource.of(Files.readAllBytes(folder.resolve("ext4.img")), "ext4")));
        Machine machine = new Machine(lane, 0, board(pci), List.of(new SbiFirmware()), Engines.INTERPRETER, supplies,
                TraceSink.NONE, CostTable.DEFAULT);
        LinuxBoot.start(machine, Files.readAllBytes(folder.resolve("vmlinuz")),
                Files.readAllBytes(folder.resolve("initrd.img")), "console=ttyS0 earlycon run=all");
        long horizon = 0;
        while (machine.status().running() && horizon < LIMIT_PS) {
            horizon += SimTime.PS_PER_MS;
            lane.runUntil(horizon);
        }
        assertEquals("exited with code 0", machine.status().toString());
        assertTrue(output.toString().contains("mounted"), output::toString);
        StateHash hash = new StateHash();
        for (Stateful part : lane.components()) {
            hash.add(part);
        }
        System.out.println(hash.hex());
        machine.close();
    }
}
