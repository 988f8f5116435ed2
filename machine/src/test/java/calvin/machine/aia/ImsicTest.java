package calvin.machine.aia;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.machine.bus.Device;
import calvin.machine.bus.DeviceContractTest;
import calvin.machine.bus.IrqLine;
import calvin.machine.bus.SystemBus;
import calvin.sim.event.Lane;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** aia 3, for two harts with three files each. */
class ImsicTest extends DeviceContractTest {
    private static final int EIDELIVERY = 0x70;
    private static final int EITHRESHOLD = 0x72;
    private static final int EIP0 = 0x80;
    private static final int EIE0 = 0xC0;
    private final boolean[] wire = new boolean[6];

    @Override
    protected Device build(Lane lane) {
        return imsic(127);
    }

    private Imsic imsic(int identities) {
        List<IrqLine> lines = new ArrayList<>();
        for (int i = 0; i < wire.length; i++) {
            int number = i;
            lines.add(high -> wire[number] = high);
        }
        return new Imsic("imsic", 2, 3, identities, lines);
    }

    /** A message to a file, as the bus delivers it. */
    private static void send(Imsic imsic, int page, int offset, long data) {
        SystemBus bus = new SystemBus();
        bus.add(0x1_0000, imsic);
        long pa = 0x1_0000 + 4096L * page + offset;
        bus.store(bus.find(pa, 4), 0, pa, 4, data);
    }

    @Test
    void aMessageInterruptsTheHartOfItsFile() {
        Imsic imsic = imsic(127);
        send(imsic, 5, 0, 100);
        assertEquals(1L << 36, imsic.read(1, 1, EIP0 + 2));
        assertEquals(0, imsic.top(1, 1), "not enabled");
        imsic.write(1, 1, EIE0 + 2, 1L << 36);
        assertEquals(100, imsic.top(1, 1));
        assertFalse(wire[4], "eidelivery is 0");
        imsic.write(1, 1, EIDELIVERY, 1);
        assertTrue(wire[4]);
        imsic.claim(1, 1);
        assertFalse(wire[4]);
        assertEquals(0, imsic.read(1, 1, EIP0 + 2));
        for (int other : new int[]{0, 1, 2, 3, 5}) {
            assertFalse(wire[other], "file " + other);
        }
    }

    @Test
    void theLowestIdentityBelowTheThresholdIsTheTop() {
        Imsic imsic = imsic(127);
        imsic.write(0, 0, EIDELIVERY, 1);
        imsic.write(0, 0, EIE0, -1L);
        imsic.write(0, 0, EIE0 + 2, -1L);
        for (int identity : new int[]{127, 64, 9}) {
            send(imsic, 0, 0, identity);
        }
        assertEquals(9, imsic.top(0, 0));
        imsic.write(0, 0, EITHRESHOLD, 9);
        assertEquals(0, imsic.top(0, 0));
        assertFalse(wire[0]);
        imsic.write(0, 0, EITHRESHOLD, 10);
        assertTrue(wire[0]);
        imsic.claim(0, 0);
        assertFalse(wire[0]);
        imsic.write(0, 0, EITHRESHOLD, 0);
        assertEquals(64, imsic.top(0, 0));
        imsic.claim(0, 0);
        assertEquals(127, imsic.top(0, 0));
        imsic.claim(0, 0);
        imsic.claim(0, 0);
        assertEquals(0, imsic.top(0, 0));
    }

    @Test
    void identitiesThatAreNotThereAreIgnored() {
        Imsic imsic = imsic(127);
        for (long data : new long[]{0, 128, 0x1_0000, 0xFFFF_FFFFL, 0x0100_0000}) {
            send(imsic, 0, 0, data);
        }
        imsic.write(0, 0, EIP0, 1);
        imsic.write(0, 0, EIE0, 1);
        imsic.write(0, 0, EIP0 + 4, -1L);
        imsic.write(0, 0, EIE0 + 0x3E, -1L);
        for (int register = 0x70; register <= 0xFF; register++) {
            assertEquals(0, imsic.read(0, 0, register), Integer.toHexString(register));
        }
        send(imsic, 3, 0, 5);
        send(imsic, 4, 0x10, 5);
        assertEquals(0, imsic.read(1, 0, EIP0), "the page between harts is no file, and the rest of one no register");
        send(imsic, 0, 4, Integer.toUnsignedLong(Integer.reverseBytes(127)));
        assertEquals(1L << 63, imsic.read(0, 0, EIP0 + 2), "big-endian");
    }

    @Test
    void registersKeepWhatTheyMay() {
        Imsic imsic = imsic(127);
        imsic.write(0, 2, EIDELIVERY, 0x4000_0000);
        assertEquals(0, imsic.read(0, 2, EIDELIVERY), "no APLIC replaces the file");
        imsic.write(0, 2, EITHRESHOLD, 127);
        assertEquals(127, imsic.read(0, 2, EITHRESHOLD));
        imsic.write(0, 2, 0x71, -1L);
        imsic.write(0, 2, 0x7F, -1L);
        assertEquals(0, imsic.read(0, 2, 0x71) | imsic.read(0, 2, 0x7F), "reserved");
        imsic.write(0, 2, EIP0, 0xFF);
        assertEquals(0xFE, imsic.read(0, 2, EIP0));
        assertThrows(RuntimeException.class, () -> imsic(100));
        assertThrows(RuntimeException.class, () -> imsic(2111));
        assertEquals(0, Imsic.fileBits(1));
        assertEquals(2, Imsic.fileBits(3));
        assertEquals(6, Imsic.fileBits(64));
        assertEquals(8 * 4096, Imsic.windowBytes(2, 3));
    }
}
