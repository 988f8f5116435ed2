package calvin.machine.iommu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.machine.bus.Device;
import calvin.machine.bus.DeviceContractTest;
import calvin.sim.event.Lane;
import java.util.List;
import org.junit.jupiter.api.Test;

/** iommu 4 and 6: registers, queues, interrupts. */
class IommuTest extends DeviceContractTest {
    private static final long IOFENCE = 2;
    private static final long IODIR = 3;
    private final Bench bench = new Bench();

    @Override
    protected Device build(Lane lane) {
        return new Bench().iommu;
    }

    @Test
    void capabilitiesAreThoseOfTheDocumentation() {
        long capabilities = bench.load(0);
        assertEquals(0x10, capabilities & 0xFF, "version 1.0");
        assertEquals(7, capabilities >>> 9 & 7, "Sv39, Sv48, Sv57");
        assertEquals(7, capabilities >>> 17 & 7, "and their x4 forms");
        assertEquals(0, capabilities >>> 8 & 1 | capabilities >>> 16 & 1, "no Sv32");
        assertEquals(0xF, capabilities >>> 21 & 0xF, "AMO_MRIF, MSI_FLAT, MSI_MRIF, AMO_HWAD");
        assertEquals(0, capabilities >>> 25 & 7, "no ATS, T2GPA, END");
        assertEquals(2, capabilities >>> 28 & 3, "IGS: both");
        assertEquals(0, capabilities >>> 30 & 3, "no HPM, DBG");
        assertEquals(56, capabilities >>> 32 & 63);
        assertEquals(7, capabilities >>> 38 & 7, "process directories");
        assertEquals(0, capabilities >>> 41);
    }

    @Test
    void registersKeepTheBitsTheyHave() {
        bench.store(8, 0xFFFF_FFFFL);
        assertEquals(2, bench.load(8));
        bench.store(0x10, -1L & ~0xFL | 4);
        assertEquals(0x003F_FFFF_FFFF_FC04L, bench.load(0x10));
        bench.store(0x10, 9);
        assertEquals(4, bench.load(0x10), "a reserved mode is not taken");
        bench.store(0x18, -1L);
        assertEquals(0x003F_FFFF_FFFF_FC1FL, bench.load(0x18));
        bench.store(0x28, Bench.ppn(Bench.FAULTS) << 10 | 2);
        bench.store(0x30, 0xFFFF_FFFFL);
        assertEquals(7, bench.load(0x30), "an index of a queue of 8");
        bench.store(0x2F8, -1L);
        assertEquals(0x33, bench.load(0x2F8));
        bench.store(0x300, -1L);
        assertEquals(0x00FF_FFFF_FFFF_FFFCL, bench.load(0x300));
        bench.iommu.store(0, 0x334, 4, 0xFFFF_FFFFL);
        assertEquals(0x00FF_FFFF_0000_0000L, bench.load(0x330), "high half alone");
        bench.iommu.store(0, 0x330, 4, 0x1234_5679L);
        assertEquals(0x00FF_FFFF_1234_5678L, bench.load(0x330));
        bench.store(0x308, -1L);
        assertEquals(0x1_FFFF_FFFFL, bench.load(0x308));
        bench.iommu.store(0, 0x14, 4, 0x5);
        bench.iommu.store(0, 0x10, 4, 0x8000_0403L);
        assertEquals(0x5_8000_0403L, bench.load(0x10), "by halves");
    }

    @Test
    void commandsAreTakenInOrderUntilOneIsWrong() {
        bench.queues();
        bench.command(1, 0, 1 | 1 << 7, 0, IODIR, 0, IOFENCE | 1 << 10 | 0x1234_5678L << 32, Bench.DATA >>> 2);
        assertEquals(4, bench.load(0x20));
        assertEquals(0x1234_5678L, bench.memory.u64(Bench.DATA));
        assertEquals(0x1_0001, bench.load(0x48));
        bench.command(IOFENCE | 1 << 10 | 7L << 32, Bench.FILES >>> 2);
        assertEquals(List.of("28000000=7"), bench.sent, "a fence may be a message");
        bench.command(IOFENCE | 1 << 10, 0x1000 >>> 2, IODIR, 0);
        assertEquals(5, bench.load(0x20), "the head stays at the command");
        assertEquals(0x1_0101, bench.load(0x48), "cqmf");
        bench.memory.u64(Bench.COMMANDS + 16 * 5, IODIR);
        bench.memory.u64(Bench.COMMANDS + 16 * 5 + 8, 0);
        bench.store(0x48, 0x101);
        assertEquals(7, bench.load(0x20), "goes on when software has cleared the error");
    }

    @Test
    void illegalCommandsStopTheQueue() {
        long[][] illegal = {{0, 0}, {4, 0}, {5, 0}, {64, 0}, {1 | 2 << 7, 0}, {1 | 1 << 11, 0},
            {1 | 1 << 7 | 1L << 32, 0}, {1 | 1L << 34, 0}, {1, 1}, {1, 1 << 9}, {1, 1L << 62},
            {IOFENCE | 1 << 7, 0}, {IOFENCE | 1 << 11, 0},
            {IOFENCE | 1 << 14, 0}, {IOFENCE, 1L << 62}, {IODIR | 2 << 7, 0}, {IODIR | 1 << 7, 0}, {IODIR | 1 << 12, 0},
            {IODIR, 8}, {IODIR | 1L << 33 | 64L << 40, 0}};
        for (long[] command : illegal) {
            Bench fresh = new Bench().queues().directory();
            fresh.command(command);
            assertEquals(0x1_0401, fresh.load(0x48), Long.toHexString(command[0]) + " " + Long.toHexString(command[1]));
            assertEquals(0, fresh.load(0x20));
        }
        Bench legal = new Bench().queues().directory();
        legal.command(1 | 1 << 10 | 0xFFFF_F000L | 3L << 32 | 0xFFFFL << 44, 0x3FFF_FFFF_FFFF_FC00L, IODIR | 1 << 7
                | 0xFFFF_F000L | 1L << 33 | 63L << 40, 0, IOFENCE | 3 << 12, 0);
        assertEquals(3, legal.load(0x20));
    }

    @Test
    void aQueueThatIsTurnedOnBeginsAtZeroWithoutErrors() {
        bench.queues();
        bench.command(0, 0);
        assertEquals(0x1_0401, bench.load(0x48));
        bench.store(0x48, 0);
        assertEquals(0x400, bench.load(0x48), "off, and the error stays");
        bench.store(0x24, 0);
        bench.store(0x48, 1);
        assertEquals(0x1_0001, bench.load(0x48));
        assertEquals(0, bench.load(0x20));
    }

    @Test
    void interruptsGoByMessageOnceAndWaitForTheirMask() {
        bench.queues();
        bench.store(0x2F8, 0x10);
        bench.store(0x300, Bench.FILES);
        bench.store(0x308, 11);
        bench.store(0x310, Bench.FILES + 4096);
        bench.store(0x318, 22);
        bench.iommu.store(0, 0x31C, 4, 1);
        bench.store(0x48, 3);
        bench.store(0x4C, 3);
        bench.command(0, 0);
        assertEquals(List.of("28000000=11"), bench.sent);
        assertEquals(1, bench.load(0x54));
        bench.store(0x54, 1);
        assertEquals(List.of("28000000=11", "28000000=11"), bench.sent, "its reason is still there");
        bench.iommu.port(3).message(0, 0);
        assertEquals(2, bench.sent.size(), "masked");
        assertEquals(3, bench.load(0x54));
        bench.iommu.store(0, 0x31C, 4, 0);
        assertEquals("28001000=22", bench.sent.getLast());
        bench.iommu.port(3).message(0, 0);
        assertEquals(3, bench.sent.size(), "pending already");
        bench.store(0x54, 2);
        assertEquals(1, bench.load(0x54), "a record only sets it");
        bench.iommu.port(3).message(0, 0);
        assertEquals(4, bench.sent.size());
    }

    @Test
    void interruptsByWireFollowWhatIsPending() {
        bench.queues();
        bench.store(8, 2);
        bench.store(0x2F8, 0x20);
        bench.store(0x48, 3);
        bench.store(0x4C, 3);
        bench.command(IOFENCE | 1 << 11, 0);
        assertTrue(bench.wire[0] && !bench.wire[2]);
        assertEquals(0x1_0803, bench.load(0x48), "fence_w_ip");
        assertEquals(1, bench.load(0x20));
        bench.iommu.port(3).message(0, 0);
        assertTrue(bench.wire[2]);
        bench.store(0x48, 0x803);
        bench.store(0x54, 3);
        assertFalse(bench.wire[0] || bench.wire[2]);
        assertEquals(List.of(), bench.sent);
    }

    @Test
    void aMessageToNowhereIsReported() {
        bench.queues();
        bench.store(0x300, 0x1000);
        bench.store(0x48, 3);
        bench.command(0, 0);
        assertEquals(List.of("273 0 1000 0"), bench.faults());
    }

    @Test
    void theFaultQueueOverflowsAndSaysSo() {
        bench.queues();
        for (int i = 0; i < 7; i++) {
            bench.iommu.port(i).message(64L * i, 0);
        }
        assertEquals(7, bench.load(0x34));
        assertEquals(0x1_0001, bench.load(0x4C));
        bench.iommu.port(7).message(0, 0);
        assertEquals(7, bench.load(0x34));
        assertEquals(0x1_0201, bench.load(0x4C), "fqof");
        assertEquals("256 " + Bench.who(6, 3) + " 180 0", bench.faults().getLast());
        bench.iommu.port(8).message(0, 0);
        assertEquals(List.of(), bench.faults(), "nothing until software clears the error");
        bench.store(0x4C, 0x201);
        bench.iommu.port(9).message(0, 0);
        assertEquals(List.of("256 " + Bench.who(9, 3) + " 0 0"), bench.faults());
        bench.store(0x4C, 0);
        bench.store(0x28, 0x10 << 10 | 2);
        bench.store(0x4C, 1);
        bench.iommu.port(9).message(0, 0);
        assertEquals(0x1_0101, bench.load(0x4C), "fqmf: no memory there");
    }
}
