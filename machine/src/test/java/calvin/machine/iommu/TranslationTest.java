package calvin.machine.iommu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.machine.bus.Dma;
import java.util.List;
import org.junit.jupiter.api.Test;

/** iommu 3: where accesses of devices go, and which fault stops them. */
class TranslationTest {
    private static final long V = 1;
    private static final long DTF = 1 << 4;
    private static final long PDTV = 1 << 5;
    private static final long GADE = 1 << 7;
    private static final long SADE = 1 << 8;
    private static final long DPE = 1 << 9;
    /** D, A, U, W, R, V. */
    private static final int DATA_PAGE = 0xD7;
    private static final int READ = 2;
    private static final int WRITE = 3;
    private final Bench bench = new Bench().queues().directory();
    private final byte[] buffer = new byte[8192];

    private boolean read(Dma port, long iova, int length) {
        return port.read(iova, buffer, 0, length);
    }

    /** A read by device 5 fails with this cause, iotval2 and iotval. */
    private void fails(Dma port, long iova, int cause, long iotval2) {
        assertFalse(read(port, iova, 4));
        assertEquals(List.of(cause + " " + Bench.who(5, READ) + " " + Long.toHexString(iova) + " "
                + Long.toHexString(iotval2)), bench.faults());
    }

    private static long first(long pa) {
        return Bench.SV39 | Bench.ppn(pa);
    }

    @Test
    void offRefusesAndBarePassesEverything() {
        Dma port = bench.iommu.port(5);
        bench.store(0x10, 0);
        fails(port, Bench.DATA, 256, 0);
        bench.store(0x10, 1);
        bench.memory.u64(Bench.DATA, 0x1122_3344_5566_7788L);
        assertTrue(read(port, Bench.DATA, 8));
        assertEquals((byte) 0x88, buffer[0]);
        assertTrue(port.message(Bench.FILES, 9));
        assertEquals(List.of("28000000=9"), bench.sent);
    }

    @Test
    void directoriesOfEveryDepthAreWalked() {
        for (int levels = 1; levels <= 3; levels++) {
            int deviceId = levels == 1 ? 0x2A : levels == 2 ? 0x5A2A : 0xC5_5A2A;
            long table = Bench.RAM + 0x4_0000;
            bench.memory.zero(table, 0x3000);
            bench.store(0x10, Bench.ppn(table) << 10 | levels + 1);
            for (int level = levels - 1; level > 0; level--) {
                int index = level == 2 ? deviceId >>> 15 : deviceId >>> 6 & 511;
                bench.memory.u64(table + 8L * index, Bench.ppn(table + 4096) << 10 | 1);
                table += 4096;
            }
            bench.memory.u64(table + 64L * (deviceId & 63), V);
            assertTrue(read(bench.iommu.port(deviceId), Bench.DATA, 4), levels + " levels");
            int tooWide = levels == 1 ? 64 : 1 << 15;
            if (levels < 3) {
                assertFalse(read(bench.iommu.port(tooWide), Bench.DATA, 4));
                assertEquals("260", bench.faults().getFirst().split(" ")[0], "wider than the directory");
            }
        }
    }

    @Test
    void badDirectoriesAreReported() {
        Dma port = bench.iommu.port(5);
        fails(port, Bench.DATA, 258, 0);
        bench.store(0x10, 0x10 << 10 | 2);
        fails(port, Bench.DATA, 257, 0);
        bench.store(0x10, Bench.ppn(Bench.DDT) << 10 | 3);
        fails(port, Bench.DATA, 258, 0);
        bench.memory.u64(Bench.DDT, 3);
        fails(port, Bench.DATA, 259, 0);
        bench.memory.u64(Bench.DDT, 0x10 << 10 | 1);
        fails(port, Bench.DATA, 257, 0);
    }

    @Test
    void misconfiguredContextsAreReported() {
        long sv39x4 = Bench.SV39X4 | Bench.ppn(Bench.SECOND);
        long[][] wrong = {{V | 2}, {V | 4}, {V | 8}, {V | 1 << 6}, {V | DPE}, {V | 1 << 10}, {V | 1 << 11},
            {V | 1 << 12}, {V | 1L << 32}, {V, 1L << 60}, {V, 11L << 60}, {V, sv39x4 | 1}, {V, 0, 1}, {V, 0, 1L << 32},
            {V, 0, 0, 1L << 60}, {V, 0, 0, Bench.SV39 | 1L << 44}, {V | PDTV, 0, 0, 4L << 60},
            {V, sv39x4, 0, 0, 2L << 60}, {V, 0, 0, 0, 1L << 60}, {V, sv39x4, 0, 0, 1L << 44}, {V, 0, 0, 0, 0, 1L << 47},
            {V, 0, 0, 0, 0, 0, 1L << 52}, {V, 0, 0, 0, 0, 0, 0, 1}};
        Dma port = bench.iommu.port(5);
        for (long[] words : wrong) {
            bench.context(5, new long[8]);
            bench.context(5, words);
            fails(port, Bench.DATA, 259, 0);
        }
        bench.context(5, V | DTF | GADE | SADE | 0xFF00_0000L, sv39x4 | 0xFFFFL << 44, 0xFFFF_F000L, 0, 1L << 60,
                (1L << 47) - 1, (1L << 47) - 1, 0);
        assertFalse(read(port, Bench.DATA, 4));
        assertEquals(List.of(), bench.faults(), "well formed; its guest page fault is not reported (DTF)");
    }

    @Test
    void theFirstStageTranslatesPageByPage() {
        Dma port = bench.iommu.port(5);
        bench.context(5, V, 0, 7 << 12, first(Bench.FIRST));
        bench.map(Bench.FIRST, false, 0x40_0000, Bench.DATA + 0x3000, DATA_PAGE);
        bench.map(Bench.FIRST, false, 0x40_1000, Bench.DATA + 0x1000, DATA_PAGE);
        byte[] bytes = new byte[6000];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 7);
        }
        assertTrue(port.write(0x40_0010, bytes, 0, bytes.length));
        assertEquals(bytes[0] & 0xFF, bench.memory.u8(Bench.DATA + 0x3010));
        assertEquals(bytes[4080] & 0xFF, bench.memory.u8(Bench.DATA + 0x1000));
        assertTrue(port.read(0x40_0010, buffer, 100, bytes.length));
        assertArrayEquals(bytes, java.util.Arrays.copyOfRange(buffer, 100, 6100));
        bench.memory.u64(Bench.DATA + 0x3F00, -1L);
        assertFalse(port.write(0x40_0F00, bytes, 0, 0x1200), "the third page is not mapped");
        assertEquals(-1L, bench.memory.u64(Bench.DATA + 0x3F00), "nothing was written");
        assertEquals(List.of("15 " + Bench.who(5, WRITE) + " 402000 0"), bench.faults());
    }

    @Test
    void pageFaultsAreThoseOfTheAccess() {
        Dma port = bench.iommu.port(5);
        bench.context(5, V, 0, 0, first(Bench.FIRST));
        fails(port, 0x40_0000, 13, 0);
        bench.map(Bench.FIRST, false, 0x40_0000, Bench.DATA, 0xC3 | 0x10);
        assertTrue(read(port, 0x40_0000, 4));
        assertFalse(port.message(0x40_0000, 1), "read-only");
        assertEquals(List.of("15 " + Bench.who(5, WRITE) + " 400000 0"), bench.faults());
        bench.map(Bench.FIRST, false, 0x40_0000, Bench.DATA, 0xC7);
        fails(port, 0x40_0000, 13, 0);
        fails(port, 1L << 40, 13, 0);
        bench.context(5, V, 0, 0, first(0x1000));
        fails(port, 0x40_0000, 5, 0);
    }

    @Test
    void accessedAndDirtyAreSetWhereTheContextSaysSo() {
        Dma port = bench.iommu.port(5);
        bench.context(5, V, 0, 0, first(Bench.FIRST));
        bench.map(Bench.FIRST, false, 0x40_0000, Bench.DATA, 0x17);
        fails(port, 0x40_0000, 13, 0);
        bench.context(5, V | SADE);
        assertTrue(read(port, 0x40_0000, 4));
        long entry = bench.entryPa(Bench.FIRST, false, 0x40_0000);
        assertEquals(0x57, bench.memory.u64(entry) & 0xFF);
        assertTrue(port.message(0x40_0000, 1));
        assertEquals(0xD7, bench.memory.u64(entry) & 0xFF);
    }

    @Test
    void twoStagesTranslateAndReportTheGuestsAddress() {
        Dma port = bench.iommu.port(5);
        long guestTables = 0x10_0000;
        bench.context(5, V | SADE, Bench.SV39X4 | 3L << 44 | Bench.ppn(Bench.SECOND), 0, first(guestTables));
        fails(port, 0x40_0000, 21, guestTables | 1);
        // The guest sees the first stage's tables 0x10_0000 lower than they are behind FIRST and the tables below.
        for (long page = 0; page < 0x10; page++) {
            bench.map(Bench.SECOND, true, guestTables + page * 4096, Bench.FIRST + page * 4096, DATA_PAGE);
        }
        bench.memory.u64(Bench.FIRST, Bench.ppn(guestTables + 0x1000) << 10 | 1);
        bench.memory.u64(Bench.FIRST + 0x1000 + 8 * 2, Bench.ppn(guestTables + 0x2000) << 10 | 1);
        bench.memory.u64(Bench.FIRST + 0x2000, Bench.ppn(0x77_7000) << 10 | DATA_PAGE);
        fails(port, 0x40_0018, 21, 0x77_7018);
        bench.map(Bench.SECOND, true, 0x77_7000, Bench.DATA, DATA_PAGE);
        bench.memory.u32(Bench.DATA + 0x18, 0xCAFE);
        assertTrue(read(port, 0x40_0018, 4));
        assertEquals((byte) 0xFE, buffer[0]);
        // A must be set in the first stage, whose table the second stage does not let be written.
        bench.memory.u64(Bench.FIRST + 0x2000, Bench.ppn(0x77_7000) << 10 | 0x17);
        bench.map(Bench.SECOND, true, guestTables + 0x2000, Bench.FIRST + 0x2000, 0xD3);
        fails(port, 0x40_0018, 21, guestTables + 0x2000 | 3);
    }

    @Test
    void theSecondStageAlone() {
        Dma port = bench.iommu.port(5);
        bench.context(5, V | GADE, Bench.SV39X4 | Bench.ppn(Bench.SECOND));
        bench.map(Bench.SECOND, true, 3L << 39, Bench.DATA, 0x17);
        assertTrue(read(port, 3L << 39, 4), "bits 40 and 39 choose among four root pages");
        fails(port, 1L << 41, 21, 1L << 41);
        bench.map(Bench.SECOND, true, 0x5000, Bench.DATA, 0xC7);
        fails(port, 0x5004, 21, 0x5004);
    }

    @Test
    void processesHaveTablesOfTheirOwn() {
        long directory = Bench.RAM + 0x5_0000;
        bench.context(5, V | PDTV, 0, 0, 3L << 60 | Bench.ppn(directory));
        int processId = 5 << 17 | 3 << 8 | 9;
        bench.memory.u64(directory + 8 * 5, Bench.ppn(directory + 0x1000) << 10 | 1);
        bench.memory.u64(directory + 0x1000 + 8 * 3, Bench.ppn(directory + 0x2000) << 10 | 1);
        bench.memory.u64(directory + 0x2000 + 16 * 9, V | 0x123L << 12);
        bench.memory.u64(directory + 0x2000 + 16 * 9 + 8, first(Bench.FIRST));
        bench.map(Bench.FIRST, false, 0x40_0000, Bench.DATA, DATA_PAGE);
        bench.map(Bench.FIRST, false, 0x40_1000, Bench.DATA, 0xC7);
        assertTrue(read(bench.iommu.port(5, processId, false), 0x40_0000, 4));
        assertTrue(read(bench.iommu.port(5), Bench.DATA, 4), "without process: bare");
        assertFalse(read(bench.iommu.port(5, processId + 1, false), 0x40_0000, 4));
        assertTrue(bench.faults().getFirst().startsWith("266 "));
        assertFalse(read(bench.iommu.port(5, processId, true), 0x40_1000, 4), "ENS is 0");
        String fault = bench.faults().getFirst();
        assertEquals("260 " + Long.toHexString(processId | 3L << 20 | 2L << 22 | 5L << 28) + " 401000 0", fault);
        bench.memory.u64(directory + 0x2000 + 16 * 9, V | 2);
        assertTrue(read(bench.iommu.port(5, processId, true), 0x40_1000, 4), "a supervisor's page");
        assertFalse(read(bench.iommu.port(5, processId, true), 0x40_0000, 4), "a user's page");
        bench.memory.u64(directory + 0x2000 + 16 * 9, V | 2 | 4);
        assertTrue(read(bench.iommu.port(5, processId, true), 0x40_0000, 4), "with SUM");
        bench.faults();
        bench.memory.u64(directory + 0x2000 + 16 * 9, V | 8);
        assertFalse(read(bench.iommu.port(5, processId, false), 0x40_0000, 4));
        assertTrue(bench.faults().getFirst().startsWith("267 "));
        bench.memory.u64(directory + 8 * 5, 0x10 << 10 | 1);
        assertFalse(read(bench.iommu.port(5, processId, false), 0x40_0000, 4));
        assertTrue(bench.faults().getFirst().startsWith("265 "));
        bench.context(5, V | PDTV, 0, 0, 1L << 60 | Bench.ppn(directory));
        assertFalse(read(bench.iommu.port(5, 256, false), 0x40_0000, 4));
        assertTrue(bench.faults().getFirst().startsWith("260 "), "PD8 has 256 processes");
        bench.context(5, V, 0, 0, 0);
        assertFalse(read(bench.iommu.port(5, 0, false), 0x40_0000, 4));
        assertTrue(bench.faults().getFirst().startsWith("260 "), "no directory");
    }

    @Test
    void theDefaultProcessIsZero() {
        long directory = Bench.RAM + 0x5_0000;
        bench.context(5, V | PDTV | DPE, 0, 0, 1L << 60 | Bench.ppn(directory));
        fails(bench.iommu.port(5), 0x40_0000, 266, 0);
        bench.memory.u64(directory, V);
        bench.memory.u64(directory + 8, first(Bench.FIRST));
        bench.map(Bench.FIRST, false, 0x40_0000, Bench.DATA, DATA_PAGE);
        assertTrue(read(bench.iommu.port(5), 0x40_0000, 4));
    }

    @Test
    void aGuestsProcessDirectoryIsReadThroughTheSecondStage() {
        bench.context(5, V | PDTV, Bench.SV39X4 | Bench.ppn(Bench.SECOND), 0, 1L << 60 | Bench.ppn(0x9000));
        assertFalse(read(bench.iommu.port(5, 2, false), 0, 4));
        assertEquals("21", bench.faults().getFirst().split(" ")[0]);
        bench.store(0x30, 0);
        assertTrue(bench.faults().getFirst().endsWith(" 0 9021"), "the entry's guest address, implicit");
        long directory = Bench.RAM + 0x5_0000;
        bench.map(Bench.SECOND, true, 0x9000, directory, DATA_PAGE);
        bench.map(Bench.SECOND, true, 0, Bench.DATA, DATA_PAGE);
        bench.memory.u64(directory + 32, V);
        assertTrue(read(bench.iommu.port(5, 2, false), 0, 4));
    }

    @Test
    void messagesOfGuestsGoToTheirFiles() {
        Dma port = bench.iommu.port(5);
        long table = Bench.RAM + 0x6_0000;
        // Files of the guest at 0x2800_0000 with bits 12 and 14 of the address for the hart.
        bench.context(5, V, Bench.SV39X4 | Bench.ppn(Bench.SECOND), 0, 0, 1L << 60 | Bench.ppn(table), 5, 0x28000);
        assertFalse(port.message(0x2800_4000, 3));
        assertEquals(List.of("262 " + Bench.who(5, WRITE) + " 28004000 0"), bench.faults());
        bench.memory.u64(table + 16 * 2, Bench.ppn(Bench.FILES + 0x7000) << 10 | 3 << 1 | 1);
        bench.memory.u64(table + 16 * 2 + 8, -1L);
        assertTrue(port.message(0x2800_4004, 3));
        assertEquals(List.of("28007004=3"), bench.sent);
        assertFalse(port.message(0x2800_2000, 3), "bit 13 is not in the mask: no file");
        assertEquals(List.of("23 " + Bench.who(5, WRITE) + " 28002000 28002000"), bench.faults());
        for (long wrong : new long[]{1, 1 | 2 << 1, 1 | 3 << 1 | 1 << 3, 1 | 3 << 1 | 1L << 63, 1 | 1 << 1 | 1 << 3}) {
            bench.memory.u64(table, wrong);
            assertFalse(port.message(0x2800_0000, 3));
            assertEquals(List.of("263 " + Bench.who(5, WRITE) + " 28000000 0"), bench.faults(), "entry " + wrong);
        }
        bench.context(5, V, Bench.SV39X4 | Bench.ppn(Bench.SECOND), 0, 0, 1L << 60 | 1);
        assertFalse(port.message(0x2800_0000, 3));
        assertTrue(bench.faults().getFirst().startsWith("261 "));
    }

    @Test
    void memoryResidentFilesCollectMessagesAndNotify() {
        Dma port = bench.iommu.port(5);
        long table = Bench.RAM + 0x6_0000;
        long file = Bench.RAM + 0x7_0200;
        bench.context(5, V, Bench.SV39X4 | Bench.ppn(Bench.SECOND), 0, 0, 1L << 60 | Bench.ppn(table), 0, 0x28000);
        bench.memory.u64(table, file >>> 9 << 7 | 1 << 1 | 1);
        bench.memory.u64(table + 8, 1L << 60 | Bench.ppn(Bench.FILES + 0x3000) << 10 | 0x155);
        assertTrue(port.message(0x2800_0000, 70));
        assertEquals(1L << 6, bench.memory.u64(file + 16));
        assertTrue(port.message(0x2800_0004, Integer.reverseBytes(2047)));
        assertEquals(1L << 63, bench.memory.u64(file + 0x1F0));
        assertTrue(port.message(0x2800_0000, 0));
        assertEquals(1, bench.memory.u64(file), "identity 0 is stored too");
        assertEquals(List.of("28003000=1365", "28003000=1365", "28003000=1365"), bench.sent);
        assertTrue(port.message(0x2800_0000, 2048));
        assertTrue(port.message(0x2800_0008, 5));
        assertEquals(3, bench.sent.size(), "accepted and discarded");
        assertFalse(read(port, 0x2800_0000, 4));
        bench.memory.u64(table, 0x1000 >>> 9 << 7 | 1 << 1 | 1);
        assertFalse(port.message(0x2800_0000, 1));
        assertEquals(List.of("264 " + Bench.who(5, WRITE) + " 28000000 0"), bench.faults());
    }
}
