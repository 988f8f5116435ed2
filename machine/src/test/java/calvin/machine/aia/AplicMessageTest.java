package calvin.machine.aia;

import static org.junit.jupiter.api.Assertions.assertEquals;

import calvin.machine.bus.Device;
import calvin.machine.bus.DeviceContractTest;
import calvin.machine.bus.Dma;
import calvin.machine.bus.IrqLine;
import calvin.sim.event.Lane;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** aia 4 with messages. */
class AplicMessageTest extends DeviceContractTest {
    private final List<String> sent = new ArrayList<>();
    private final Aplic aplic = aplic(sent);
    private final AplicDomain root = aplic.machine();
    private final AplicDomain child = aplic.supervisor();

    private static Aplic aplic(List<String> sent) {
        return Aplic.messages("aplic", 96, new MessageMap(0x2400_0000L, 0x2800_0000L, 2, 3), new Dma() {
            @Override
            public boolean read(long pa, byte[] into, int offset, int length) {
                return false;
            }

            @Override
            public boolean write(long pa, byte[] from, int offset, int length) {
                return false;
            }

            @Override
            public boolean message(long pa, int data) {
                sent.add(Long.toHexString(pa) + "=" + data);
                return true;
            }
        });
    }

    @Override
    protected Device build(Lane lane) {
        return aplic(new ArrayList<>()).machine();
    }

    private static void store(AplicDomain to, int offset, long value) {
        to.store(0, offset, 4, value);
    }

    private static long load(AplicDomain from, int offset) {
        return from.load(0, offset, 4);
    }

    @Test
    void aMessageIsSentWhenPendingEnabledAndTheDomainIs() {
        store(root, 4 * 7, 6);
        store(root, 0x3000 + 4 * 7, 3 << 18 | 0x3F000 | 99);
        assertEquals(3 << 18 | 99, load(root, 0x3000 + 4 * 7), "no guests at machine level");
        IrqLine wire = aplic.source(7);
        wire.set(true);
        store(root, 0x1EDC, 7);
        assertEquals(List.of(), sent);
        assertEquals(1 << 7, load(root, 0x1C00));
        store(root, 0, 0x100);
        assertEquals(List.of("24003000=99"), sent);
        assertEquals(0, load(root, 0x1C00), "gone with the message");
        assertEquals(1 << 7, load(root, 0x1D00), "and the wire still asserts");
        store(root, 0x1CDC, 7);
        assertEquals(2, sent.size(), "aia 4.9.2: software asks again");
        wire.set(false);
        store(root, 0x1CDC, 7);
        assertEquals(2, sent.size(), "not while the wire is low");
        wire.set(true);
        assertEquals(3, sent.size());
        assertEquals(0x8000_0104L, load(root, 0), "DM is 1");
    }

    @Test
    void aLevelThatFallsIsForgottenAndAnEdgeIsNot() {
        store(root, 4, 6);
        store(root, 8, 4);
        aplic.source(1).set(true);
        aplic.source(2).set(true);
        assertEquals(6, load(root, 0x1C00));
        aplic.source(1).set(false);
        aplic.source(2).set(false);
        assertEquals(4, load(root, 0x1C00));
        aplic.source(1).set(true);
        store(root, 0x1DDC, 1);
        assertEquals(4, load(root, 0x1C00), "with messages software may clear a level");
    }

    @Test
    void supervisorMessagesGoToGuestsToo() {
        store(root, 4 * 3, 0x400);
        store(child, 4 * 3, 1);
        store(child, 0x3000 + 4 * 3, 2 << 18 | 5 << 12 | 0x800 | 0x7FF);
        assertEquals(2 << 18 | 5 << 12 | 0x7FF, load(child, 0x3000 + 4 * 3));
        store(child, 0, 0x100);
        store(child, 0x1E00, 8);
        store(child, 0x2004, Integer.toUnsignedLong(Integer.reverseBytes(3)));
        assertEquals(List.of("28015000=2047"), sent);
        store(child, 0x3000, 1 << 18 | 1 << 12 | 6);
        assertEquals(List.of("28015000=2047", "28008000=6"), sent, "genmsi, to no guest");
        assertEquals(1 << 18 | 6, load(child, 0x3000), "Busy is over");
    }

    @Test
    void anExtemporeMessageNeedsNoEnable() {
        store(root, 0x3000, 2 << 18 | 17);
        assertEquals(List.of("24002000=17"), sent);
    }

    @Test
    void addressesAreSoftwaresUntilLocked() {
        assertEquals(0x24000, load(root, 0x1BC0));
        assertEquals(2 << 12, load(root, 0x1BC4));
        assertEquals(0x28000, load(root, 0x1BC8));
        assertEquals(3 << 20, load(root, 0x1BCC));
        // Two groups of four harts, 2^34 bytes apart: HHXS = 34 - 24, LHXW = 2, HHXW = 1, LHXS = 1.
        store(root, 0x1BC0, 0x0010_0000L);
        store(root, 0x1BC4, 10L << 24 | 1 << 20 | 1 << 16 | 2 << 12 | 1);
        store(root, 0x3000, 6L << 18 | 1);
        long base = 0x1_0010_0000L << 12;
        assertEquals(List.of(Long.toHexString(base | 1L << 34 | 2L << 13) + "=1"), sent);
        store(root, 0x1BC4, 0xFFFF_FFFFL);
        assertEquals(0x9F77_FFFFL, load(root, 0x1BC4));
        store(root, 0x1BC4, 0);
        store(root, 0x1BC0, 0);
        store(root, 0x1BC8, 0);
        assertEquals(0x9F77_FFFFL, load(root, 0x1BC4), "locked");
        assertEquals(0x0010_0000L, load(root, 0x1BC0));
        assertEquals(0x28000, load(root, 0x1BC8));
        assertEquals(null, child.registers().find(0x1BC0, 4), "machine level only");
    }
}
