package calvin.machine.aia;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.machine.bus.Device;
import calvin.machine.bus.DeviceContractTest;
import calvin.machine.bus.IrqLine;
import calvin.sim.event.Lane;
import java.util.List;
import org.junit.jupiter.api.Test;

/** aia 4 with a wire to each of two harts. */
class AplicDirectTest extends DeviceContractTest {
    private static final int DETACHED = 1;
    private static final int EDGE1 = 4;
    private static final int EDGE0 = 5;
    private static final int LEVEL1 = 6;
    private static final int LEVEL0 = 7;
    private static final int TOPI = 0x18;
    private static final int CLAIMI = 0x1C;
    private final boolean[] machineWire = new boolean[2];
    private final boolean[] supervisorWire = new boolean[2];
    private final Aplic aplic = aplic();
    private final AplicDomain domain = aplic.machine();

    private Aplic aplic() {
        return Aplic.direct("aplic", 40, List.of(high -> machineWire[0] = high, high -> machineWire[1] = high),
                List.of(high -> supervisorWire[0] = high, high -> supervisorWire[1] = high));
    }

    @Override
    protected Device build(Lane lane) {
        return aplic().machine();
    }

    private static void store(AplicDomain to, int offset, long value) {
        to.store(0, offset, 4, value);
    }

    private static long load(AplicDomain from, int offset) {
        return from.load(0, offset, 4);
    }

    private static int sourcecfg(int source) {
        return 4 * source;
    }

    private static int target(int source) {
        return 0x3000 + 4 * source;
    }

    private static int idc(int hart, int register) {
        return 0x4000 + 32 * hart + register;
    }

    private boolean pending(int source) {
        return (load(domain, 0x1C00 + source / 32 * 4) >>> source % 32 & 1) != 0;
    }

    private void open() {
        store(domain, 0, 0x100);
        store(domain, idc(0, 0), 1);
        store(domain, idc(1, 0), 1);
    }

    @Test
    void domaincfgSaysDirectDeliveryAndLittleEndian() {
        assertEquals(0x8000_0000L, load(domain, 0));
        store(domain, 0, 0xFFFF_FFFFL);
        assertEquals(0x8000_0100L, load(domain, 0));
        // aia 4.5.1: the byte is written whatever the order was.
        store(domain, 0, 0);
        assertEquals(0x8000_0000L, load(domain, 0));
    }

    @Test
    void anActiveEnabledSourceInterruptsItsHart() {
        open();
        IrqLine wire = aplic.source(33);
        wire.set(true);
        store(domain, sourcecfg(33), LEVEL1);
        assertTrue(pending(33), "the wire was high already");
        assertFalse(machineWire[0] || machineWire[1], "not enabled");
        store(domain, 0x1EDC, 33);
        assertEquals(1 << 1, load(domain, 0x1E04));
        assertTrue(machineWire[0], "hart 0 is the target of a source that became active");
        store(domain, target(33), 1 << 18 | 7);
        assertFalse(machineWire[0]);
        assertTrue(machineWire[1]);
        assertEquals(33 << 16 | 7, load(domain, idc(1, TOPI)));
        assertEquals(33 << 16 | 7, load(domain, idc(1, CLAIMI)));
        assertTrue(machineWire[1], "a claim does not lower a level");
        wire.set(false);
        assertFalse(machineWire[1]);
        assertEquals(0, load(domain, idc(1, CLAIMI)));
    }

    @Test
    void everySourceModeReadsItsWireAsTheTableSays() {
        // after: false = never pending, and whether writes may set and clear the pending bit
        for (int mode : new int[]{0, DETACHED, 2, 3, EDGE1, EDGE0, LEVEL1, LEVEL0}) {
            boolean edge = mode == EDGE1 || mode == EDGE0;
            boolean level = mode == LEVEL1 || mode == LEVEL0;
            boolean inverted = mode == EDGE0 || mode == LEVEL0;
            boolean active = mode == DETACHED || edge || level;
            Aplic fresh = aplic();
            AplicDomain to = fresh.machine();
            IrqLine wire = fresh.source(1);
            wire.set(inverted);
            store(to, sourcecfg(1), mode);
            String where = "mode " + mode;
            assertEquals(active ? mode : 0, load(to, sourcecfg(1)), where);
            assertEquals(0, load(to, 0x1C00), where);
            wire.set(!inverted);
            assertEquals(edge || level ? 2 : 0, load(to, 0x1D00), where + ": rectified input");
            assertEquals(edge || level ? 2 : 0, load(to, 0x1C00), where + ": asserted");
            store(to, 0x1D00, 2);
            assertEquals(level ? 2 : 0, load(to, 0x1C00), where + ": cleared");
            wire.set(inverted);
            assertEquals(0, load(to, 0x1C00), where + ": not asserted any more");
            store(to, 0x1C00, 2);
            assertEquals(edge || mode == DETACHED ? 2 : 0, load(to, 0x1C00), where + ": set by software");
            store(to, 0x1DDC, 1);
            assertEquals(0, load(to, 0x1C00), where + ": clripnum");
            store(to, 0x2000, 1);
            store(to, 0x1E00, 2);
            assertEquals(active ? 2 : 0, load(to, 0x1E00), where + ": enable");
            store(to, sourcecfg(1), 0);
            assertEquals(0, load(to, 0x1C00) | load(to, 0x1E00) | load(to, target(1)), where + ": inactive");
        }
    }

    @Test
    void anEdgeStaysPendingUntilItIsClaimed() {
        open();
        store(domain, sourcecfg(5), EDGE1);
        store(domain, 0x1E00, 1 << 5);
        IrqLine wire = aplic.source(5);
        wire.set(true);
        wire.set(false);
        assertTrue(machineWire[0]);
        assertEquals(5 << 16 | 1, load(domain, idc(0, CLAIMI)));
        assertFalse(machineWire[0] || pending(5));
    }

    @Test
    void lowerPriorityNumbersThenLowerSourcesComeFirst() {
        open();
        for (int source : new int[]{3, 8, 40}) {
            store(domain, sourcecfg(source), DETACHED);
            store(domain, target(source), source == 40 ? 2 : 5);
            store(domain, 0x1EDC, source);
            store(domain, 0x1CDC, source);
        }
        store(domain, idc(0, 8), 2);
        assertEquals(0, load(domain, idc(0, TOPI)), "below the threshold only");
        assertFalse(machineWire[0]);
        store(domain, idc(0, 8), 5);
        assertEquals(40 << 16 | 2, load(domain, idc(0, CLAIMI)));
        assertFalse(machineWire[0]);
        store(domain, idc(0, 8), 0);
        assertEquals(3 << 16 | 5, load(domain, idc(0, CLAIMI)));
        assertEquals(8 << 16 | 5, load(domain, idc(0, CLAIMI)));
        assertEquals(0, load(domain, idc(0, CLAIMI)));
        store(domain, target(3), 0);
        assertEquals(1, load(domain, target(3)), "priority number 0 becomes 1");
    }

    @Test
    void deliveryNeedsBothEnablesAndForcingIsSpurious() {
        store(domain, idc(0, 4), 1);
        assertFalse(machineWire[0]);
        store(domain, 0, 0x100);
        assertFalse(machineWire[0]);
        store(domain, idc(0, 0), 1);
        assertTrue(machineWire[0]);
        assertEquals(0, load(domain, idc(0, CLAIMI)));
        assertEquals(0, load(domain, idc(0, 4)), "a claim of nothing ends forcing");
        assertFalse(machineWire[0]);
    }

    @Test
    void theChildHasWhatTheRootDelegates() {
        AplicDomain child = aplic.supervisor();
        IrqLine wire = aplic.source(10);
        store(child, sourcecfg(10), LEVEL1);
        assertEquals(0, load(child, sourcecfg(10)), "not delegated");
        store(domain, sourcecfg(10), 0x7FF);
        assertEquals(0x400, load(domain, sourcecfg(10)), "child 0");
        store(domain, 0x1E00, 1 << 10);
        assertEquals(0, load(domain, 0x1E00), "a delegated source is inactive here");
        store(child, sourcecfg(10), 0x400);
        assertEquals(0, load(child, sourcecfg(10)), "a leaf cannot delegate");
        store(child, sourcecfg(10), LEVEL1);
        store(child, 0x1E00, 1 << 10);
        store(child, 0, 0x100);
        store(child, idc(0, 0), 1);
        wire.set(true);
        assertTrue(supervisorWire[0]);
        assertFalse(machineWire[0]);
        store(domain, sourcecfg(10), LEVEL1);
        assertFalse(supervisorWire[0], "taken back");
        assertTrue(pending(10));
        assertEquals(0, load(child, sourcecfg(10)) | load(child, 0x1C00) | load(child, 0x1E00));
    }

    @Test
    void sourcesThatAreNotThereStayZero() {
        for (int source : new int[]{41, 1023}) {
            store(domain, sourcecfg(source), DETACHED);
            store(domain, target(source), 1);
            store(domain, 0x1CDC, source);
            store(domain, 0x1EDC, source);
            assertEquals(0, load(domain, sourcecfg(source)) | load(domain, target(source)));
        }
        store(domain, 0x1C04, 0xFFFF_FFFFL);
        store(domain, 0x1E00, 0xFFFF_FFFFL);
        store(domain, 0x1CDC, 0);
        store(domain, 0x1CDC, 0xFFFF_FFFFL);
        for (int offset = 0x1C00; offset < 0x2000; offset += 4) {
            if (domain.registers().find(offset, 4) != null && offset % 0x100 < 0x80 && offset < 0x1F00) {
                assertEquals(0, load(domain, offset), Integer.toHexString(offset));
            }
        }
        assertEquals(null, domain.registers().find(0x3000, 4), "genmsi is read-only zero");
    }
}
