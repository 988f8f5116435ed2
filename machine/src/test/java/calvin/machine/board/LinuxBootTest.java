package calvin.machine.board;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.machine.isa.Assembler;
import calvin.machine.isa.Csr;
import calvin.sim.time.SimTime;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class LinuxBootTest {
    private static final int IMAGE_BYTES = 3 << 20;
    private static final byte[] DISK = {7, 0, 7, 0, 1};

    /** A kernel whose header's first instruction jumps to itself. */
    private static ByteBuffer kernel(long textOffset, long imageBytes) {
        ByteBuffer image = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
        image.putInt(0, Assembler.assemble("jal x0, .+0"));
        image.putLong(8, textOffset).putLong(16, imageBytes).putInt(32, 2);
        image.putLong(48, 0x5643534952L).putInt(56, 0x05435352);
        return image;
    }

    private static byte[] pack(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }

    private static Rig boot(byte[] kernel, byte[] disk) throws ImageException {
        Rig rig = new Rig(BoardSpec.virt(2, 16 << 20));
        LinuxBoot.start(rig.machine, kernel, disk, "quiet");
        rig.lane.runUntil(SimTime.PS_PER_US);
        return rig;
    }

    @Test
    void theKernelStartsAsTheBootProtocolSays() throws ImageException {
        Rig rig = boot(kernel(0x20_0000, IMAGE_BYTES).array(), DISK);
        var hart = rig.machine.hart(0).hart();
        assertEquals(AddressMap.KERNEL, hart.pc);
        assertEquals(0, hart.x[10]);
        assertEquals(0xEDFE0DD0L, rig.machine.memory().u32(hart.x[11]), "a1 is the device tree");
        assertEquals(0, hart.x[11] % 8);
        assertEquals(0, rig.machine.hart(0).csr(Csr.SATP));
        assertTrue(rig.machine.hart(1).hart().waiting);
    }

    @Test
    void theRamDiskLiesWhereChosenSays() throws ImageException {
        Rig rig = boot(kernel(0x20_0000, IMAGE_BYTES).array(), DISK);
        long initrdPa = rig.machine.treePa(Chosen.of("quiet")) - 4096;
        byte[] found = new byte[DISK.length];
        rig.machine.memory().read(initrdPa, found, 0, found.length);
        assertArrayEquals(DISK, found);
        byte[] tree = DeviceTree.of(rig.machine.board(), new Chosen("quiet", initrdPa, initrdPa + DISK.length));
        byte[] placed = new byte[tree.length];
        rig.machine.memory().read(rig.machine.treePa(Chosen.of("quiet")), placed, 0, placed.length);
        assertArrayEquals(tree, placed);
    }

    @Test
    void aPackedKernelIsTheSameKernel() throws ImageException {
        byte[] kernel = kernel(0x40_0000, IMAGE_BYTES).array();
        Rig rig = boot(pack(kernel), null);
        assertEquals(AddressMap.RAM + 0x40_0000, rig.machine.hart(0).hart().pc);
        assertEquals(boot(kernel, null).hash(), rig.hash());
    }

    @Test
    void aKernelNeverOverlapsTheFirmware() throws ImageException {
        assertEquals(AddressMap.KERNEL, boot(kernel(0, IMAGE_BYTES).array(), null).machine.hart(0).hart().pc);
    }

    @Test
    void whatIsNoKernelOrDoesNotFitIsRefused() {
        assertTrue(refusal(new byte[100], null).contains("neither"));
        assertTrue(refusal(pack(new byte[100]), null).contains("of what gzip unpacks"));
        assertTrue(refusal(new byte[]{0x1F, (byte) 0x8B, 8}, null).contains("cannot be unpacked"));
        assertTrue(refusal(pack(new byte[17 << 20]), null).contains("more bytes than RAM"));
        assertTrue(refusal(kernel(0x20_0000, 1L << 40).array(), null).contains("wants"));
        assertTrue(refusal(kernel(-8, IMAGE_BYTES).array(), null).contains("wants"));
        assertTrue(refusal(kernel(0x20_0000, 14 << 20).array(), null).contains("the kernel does not fit"));
        assertTrue(refusal(kernel(0x20_0000, IMAGE_BYTES).array(), new byte[12 << 20]).contains("RAM disk"));
        ByteBuffer bigEndian = kernel(0x20_0000, IMAGE_BYTES).putLong(24, 1);
        assertTrue(refusal(bigEndian.array(), null).contains("big-endian"));
    }

    private static String refusal(byte[] kernel, byte[] disk) {
        return assertThrows(ImageException.class, () -> boot(kernel, disk)).getMessage();
    }

    @Test
    void imagesAreToldFromElfFiles() {
        assertTrue(LinuxBoot.isImage(kernel(0, 0).array()));
        assertTrue(LinuxBoot.isImage(pack(new byte[1])));
        assertFalse(LinuxBoot.isImage(new byte[]{0x7F, 'E', 'L', 'F'}));
        assertFalse(LinuxBoot.isImage(new byte[100]));
    }
}
