package calvin.machine.dev;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.machine.bus.Device;
import calvin.machine.bus.DeviceContractTest;
import calvin.machine.bus.IrqLine;
import calvin.sim.event.Lane;
import calvin.sim.time.SimTime;
import org.junit.jupiter.api.Test;

class GoldfishRtcTest extends DeviceContractTest {
    private static final long EPOCH_S = 1_000_000_000L;
    private static final long EPOCH_NS = EPOCH_S * 1_000_000_000L;

    private final Lane lane = new Lane("node0");
    private boolean wire;
    private final GoldfishRtc rtc = new GoldfishRtc("node0/rtc", lane, EPOCH_S, high -> wire = high);

    @Override
    protected Device build(Lane where) {
        return new GoldfishRtc("rtc", where, EPOCH_S, IrqLine.NONE);
    }

    private long read(long timePs) {
        long low = rtc.load(timePs, 0x00, 4);
        // Time passes between the reads; the upper half is the lower one's.
        return rtc.load(timePs + 5 * SimTime.PS_PER_S, 0x04, 4) << 32 | low;
    }

    @Test
    void timeIsTheEpochAndVirtualTime() {
        assertEquals(EPOCH_NS, read(0));
        assertEquals(EPOCH_NS + 1_500_000_000L, read(1_500 * SimTime.PS_PER_MS));
    }

    @Test
    void softwareSetsTheTime() {
        rtc.store(0, 0x04, 4, 0x1234);
        rtc.store(0, 0x00, 4, 0x5678);
        assertEquals(0x1234_0000_5678L, read(0));
        assertEquals(0x1234_0000_5678L + 7, read(7 * SimTime.PS_PER_NS));
    }

    private void alarm(long ns) {
        rtc.store(0, 0x0C, 4, ns >>> 32);
        rtc.store(0, 0x08, 4, ns & 0xFFFF_FFFFL);
    }

    @Test
    void theAlarmRingsAtItsTime() {
        rtc.store(0, 0x10, 4, 1);
        alarm(EPOCH_NS + 1000);
        assertEquals(1, rtc.load(0, 0x18, 4));
        lane.runUntil(SimTime.PS_PER_US);
        assertFalse(wire);
        lane.runUntil(SimTime.PS_PER_US + 1);
        assertTrue(wire);
        assertEquals(0, rtc.load(SimTime.PS_PER_US, 0x18, 4));
        rtc.store(SimTime.PS_PER_US + 1, 0x1C, 4, 1);
        assertFalse(wire);
    }

    @Test
    void anAlarmOfThePastRingsAtOnceAndADistantOneNever() {
        rtc.store(0, 0x10, 4, 1);
        alarm(-1L >>> 1);
        assertFalse(wire);
        assertEquals(0, lane.queue().size());
        alarm(EPOCH_NS - 1);
        assertTrue(wire);
    }

    @Test
    void aClearedAlarmDoesNotRing() {
        rtc.store(0, 0x10, 4, 1);
        alarm(EPOCH_NS + 1000);
        rtc.store(0, 0x14, 4, 1);
        lane.runUntil(SimTime.PS_PER_S);
        assertFalse(wire);
        assertEquals(0, rtc.load(0, 0x18, 4));
    }
}
