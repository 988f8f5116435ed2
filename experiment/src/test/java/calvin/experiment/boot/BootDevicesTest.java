package calvin.experiment.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.experiment.input.InputException;
import calvin.machine.board.BoardSpec;
import calvin.machine.board.Engines;
import calvin.machine.board.Machine;
import calvin.machine.dev.ConsoleSink;
import calvin.machine.disk.DiskImage;
import calvin.machine.fitting.Fitting;
import calvin.machine.hart.CostTable;
import calvin.machine.sbi.SbiFirmware;
import calvin.sim.event.Lane;
import calvin.sim.state.Snapshot;
import calvin.sim.trace.TraceSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BootDevicesTest {
    private static final BoardSpec VIRT = BoardSpec.virt(1, 64L << 20);

    @TempDir
    Path folder;

    private static BootDevices of(List<String> drives, List<String> others) {
        return BootDevices.of(VIRT, drives, List.of(), others);
    }

    private static String refused(List<String> drives, List<String> others) {
        return assertThrows(InputException.class, () -> of(drives, others)).getMessage();
    }

    /** An empty qcow2 image of 1 MiB over {@code backing}. */
    private Path qcow2(String name, String backing) throws IOException {
        ByteBuffer file = ByteBuffer.allocate(3 << 16);
        file.putInt(0, 0x514649FB).putInt(4, 2).putLong(8, 200).putInt(16, backing.length()).putInt(20, 16)
                .putLong(24, 1 << 20).putInt(36, 1).putLong(40, 1 << 16).put(200, backing.getBytes());
        return Files.write(folder.resolve(name), file.array());
    }

    @Test
    void aQcow2ImageIsReadOverItsBackingFile() throws IOException {
        byte[] raw = new byte[1 << 20];
        raw[70_000] = 42;
        Files.write(folder.resolve("base.raw"), raw);
        BootDevices devices = of(List.of(qcow2("top.qcow2", "base.raw") + ",pci"), List.of());
        Fitting drive = devices.board().fittings().getLast();
        assertEquals("virtio-pci", drive.kind());
        DiskImage image = devices.supplies().get(DiskImage.class, drive.parameter("drive", ""));
        byte[] bytes = new byte[1];
        assertTrue(image.read(70_000, bytes, 0, 1));
        assertEquals(42, bytes[0]);
    }

    @Test
    void imagesThatCannotBeAreRefused() throws IOException {
        assertTrue(refused(List.of(qcow2("circle.qcow2", "circle.qcow2").toString()), List.of()).contains("backing"));
        assertTrue(refused(List.of(folder.resolve("nothing").toString()), List.of()).contains("no such file"));
        Path empty = Files.write(folder.resolve("empty"), new byte[0]);
        assertTrue(refused(List.of(empty.toString()), List.of()).contains("0 bytes"));
    }

    @Test
    void balloonAndSocketsAreFitted() {
        BootDevices devices = of(List.of(), List.of("balloon=100,pci", "vsock=7"));
        List<Fitting> fittings = devices.board().fittings();
        assertEquals("100", fittings.get(fittings.size() - 2).parameter("pages", ""));
        assertEquals("7", fittings.getLast().parameter("cid", ""));
        assertTrue(refused(List.of(), List.of("toaster=1")).contains("balloon=PAGES"));
        assertEquals(List.of(), devices.board().problems());
    }

    @Test
    void pciWindowsAvoidRamAndTheRdmaCard() {
        BoardSpec large = BootDevices.of(BoardSpec.virt(1, 40L << 30), List.of(), List.of(), List.of()).board();
        assertEquals("c00000000", large.fitting("pcie").orElseThrow().parameter("high", ""));
        BoardSpec hpc = BootDevices.of(BoardSpec.hpc(1, 64L << 20, 1), List.of(), List.of(), List.of()).board();
        assertEquals("50000000", hpc.fitting("pcie").orElseThrow().parameter("low", ""));
    }

    @Test
    void aMachineWithEveryKindOfDeviceCanBeSaved() throws IOException {
        Path disk = Files.write(folder.resolve("disk"), new byte[4096]);
        Files.createDirectory(folder.resolve("shared"));
        BootDevices devices = BootDevices.of(VIRT, List.of(disk.toString(), disk + ",pci"),
                List.of("work=" + folder.resolve("shared"), "more=" + folder.resolve("shared")),
                List.of("balloon=100", "vsock=7,pci"));
        Lane lane = new Lane("node0");
        ConsoleSink console = (timePs, value) -> {
        };
        Machine machine = new Machine(lane, 0, devices.board(), List.of(new SbiFirmware()), Engines.INTERPRETER,
                devices.supplies().with(ConsoleSink.class, "", console), TraceSink.NONE, CostTable.DEFAULT);
        Snapshot.take(lane.components()).restore(lane.components());
        machine.close();
    }
}
