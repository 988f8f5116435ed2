package calvin.machine.dev;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.machine.bus.Device;
import calvin.machine.bus.DeviceContractTest;
import calvin.machine.bus.IrqLine;
import calvin.sim.event.Lane;
import java.util.List;
import org.junit.jupiter.api.Test;

class AclintTest extends DeviceContractTest {
    private final boolean[] software = new boolean[2];
    private final boolean[] timer = new boolean[2];

    @Override
    protected Device build(Lane lane) {
        return new Aclint("clint", lane, 100_000, List.of(wire(software, 0), wire(software, 1)),
                List.of(wire(timer, 0), wire(timer, 1)));
    }

    private static IrqLine wire(boolean[] wires, int index) {
        return high -> wires[index] = high;
    }

    @Test
    void theTimerFiresAtTheExactTime() {
        Lane lane = new Lane("lane");
        Device clint = build(lane);
        clint.store(0, 0x4008, 8, 50);
        assertEquals(50 * 100_000L, lane.nextTimePs());
        lane.runUntil(50 * 100_000L);
        assertFalse(timer[1], "events at the horizon are still to come");
        lane.runUntil(50 * 100_000L + 1);
        assertTrue(timer[1]);
        assertFalse(timer[0]);
        clint.store(5_000_001, 0x4008, 4, 60);
        assertFalse(timer[1]);
        clint.store(5_000_002, 0x4008, 8, 50);
        assertTrue(timer[1], "a time that has passed is due at once");
        assertEquals(50, clint.load(5_000_003, 0xBFF8, 8));
    }

    @Test
    void armingAgainReplacesTheEvent() {
        Lane lane = new Lane("lane");
        Device clint = build(lane);
        clint.store(0, 0x4000, 8, 50);
        clint.store(0, 0x4000, 8, 70);
        assertEquals(1, lane.queue().size());
        clint.store(0, 0x4000, 8, -1);
        assertEquals(0, lane.queue().size());
    }

    @Test
    void softwareInterruptsAreOneBit() {
        Device clint = build(new Lane("lane"));
        clint.store(0, 4, 4, 0xFFFF_FFFFL);
        assertTrue(software[1]);
        assertEquals(1, clint.load(0, 4, 4));
        clint.store(0, 4, 4, 2);
        assertFalse(software[1]);
    }
}
