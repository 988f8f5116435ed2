package calvin.machine.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import calvin.sim.event.Lane;
import calvin.sim.seed.Seed;
import calvin.sim.state.Snapshot;
import calvin.sim.state.StateHash;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every device keeps to. A device's test extends this and says how to build one. */
public abstract class DeviceContractTest {
    private static final Seed SEED = new Seed(0xDE71CE);
    private static final int ACCESSES = 400;
    private static final long BASE = 0x1_0000_0000L;
    /** Long enough for what a device does by itself to happen, or to be in the middle of it. */
    private static final long STEP_PS = 100_000_000;

    /** A new device on {@code lane}, as after power-on. */
    protected abstract Device build(Lane lane);

    /** Whether a reset device is as built; one that is built with settings, or keeps numbers on purpose, says no. */
    protected boolean resetsToPowerOn() {
        return true;
    }

    /**
     * Random accesses to declared registers, as the bus would make them; returns what the loads gave, folded together.
     */
    private static long exercise(Device device, Seed seed, long fromPs) {
        List<RegisterMap.Register> registers = device.registers().all();
        long seen = 0;
        for (int i = 0; i < ACCESSES; i++) {
            RegisterMap.Register register = registers.get((int) seed.drawBelow(4L * i, registers.size()));
            int width = width(register.widths(), seed.drawBelow(4L * i + 1, 4));
            int offset = register.offset() + (int) seed.drawBelow(4L * i + 2, register.count()) * register.stride();
            long draw = seed.draw(4L * i + 3);
            long value = width == 8 ? draw : draw & (1L << 8 * width) - 1;
            boolean store = (draw >>> 62 & 1) != 0;
            if (store && register.access() != RegisterMap.Access.READ_ONLY) {
                device.store(fromPs + i, offset, width, value);
            } else if (register.access() != RegisterMap.Access.WRITE_ONLY) {
                long loaded = device.load(fromPs + i, offset, width);
                assertTrue(width == 8 || loaded >>> 8 * width == 0, register.name() + " is not zero-extended");
                seen = seen * 31 + loaded;
            }
        }
        return seen;
    }

    private static int width(int widths, long choice) {
        int width = 1 << choice;
        return (widths & width) != 0 ? width : Integer.highestOneBit(widths);
    }

    @Test
    void registersLieInsideTheWindowAndDoNotOverlap() {
        Device device = build(new Lane("lane"));
        RegisterMap map = device.registers();
        List<RegisterMap.Register> all = map.all();
        assertFalse(all.isEmpty());
        for (RegisterMap.Register register : all) {
            assertFalse(register.section().isBlank(), register.name() + " cites nothing");
            for (RegisterMap.Register other : all) {
                boolean apart = register.offset() + register.count() * register.stride() <= other.offset()
                        || other.offset() + other.count() * other.stride() <= register.offset()
                        || interleaved(register, other);
                assertTrue(register == other || apart, register.name() + " overlaps " + other.name());
            }
        }
    }

    /** Rows of one table: apart inside its stride, which both have or one row alone takes its place in. */
    private static boolean interleaved(RegisterMap.Register left, RegisterMap.Register right) {
        if (left.count() == 1 && right.count() > 1) {
            return interleaved(right, left);
        }
        int stride = left.stride();
        int distance = Math.floorMod(right.offset() - left.offset(), stride);
        return (right.count() == 1 || right.stride() == stride) && distance >= Integer.highestOneBit(left.widths())
                && distance + Integer.highestOneBit(right.widths()) <= stride;
    }

    @Test
    void theSameAccessesGiveTheSameStateAndAnswers() {
        Lane leftLane = new Lane("lane");
        Lane rightLane = new Lane("lane");
        Device left = build(leftLane);
        Device right = build(rightLane);
        assertEquals(exercise(left, SEED, 0), exercise(right, SEED, 0));
        assertEquals(StateHash.of(left), StateHash.of(right));
        assertEquals(StateHash.of(leftLane), StateHash.of(rightLane));
    }

    @Test
    void aRestoredDeviceGoesOnAsTheOldOne() {
        Lane lane = new Lane("lane");
        Device device = build(lane);
        exercise(device, SEED, 0);
        Snapshot snapshot = Snapshot.take(List.of(lane, device));
        Lane otherLane = new Lane("lane");
        Device other = build(otherLane);
        snapshot.restore(List.of(otherLane, other));
        assertEquals(StateHash.of(device), StateHash.of(other));
        assertEquals(exercise(device, SEED.child(1), 10_000), exercise(other, SEED.child(1), 10_000));
        assertEquals(StateHash.of(device), StateHash.of(other));
        assertEquals(StateHash.of(lane), StateHash.of(otherLane));
    }

    @Test
    void resetIsAsBuilt() {
        assumeTrue(resetsToPowerOn(), "says that its reset is not as built");
        Lane lane = new Lane("lane");
        Device device = build(lane);
        String built = StateHash.of(device);
        exercise(device, SEED, 0);
        device.reset();
        assertEquals(built, StateHash.of(device));
    }

    /** Through a bus, as harts come: whatever the map does not declare reads as zero and changes nothing. */
    @Test
    void whatIsNotDeclaredReadsAsZeroAndChangesNothing() {
        Lane lane = new Lane("lane");
        Device device = build(lane);
        SystemBus bus = new SystemBus();
        bus.add(BASE, device);
        String before = StateHash.of(device);
        for (int i = 0; i < ACCESSES; i++) {
            int width = 1 << SEED.drawBelow(3L * i, 4);
            long offset = SEED.drawBelow(3L * i + 1, device.registers().sizeBytes()) & -width;
            RegisterMap.Register register = device.registers().find((int) offset, width);
            if (register == null || register.access() == RegisterMap.Access.NOT_EMULATED) {
                bus.store(bus.find(BASE + offset, width), i, BASE + offset, width, SEED.draw(3L * i + 2));
                assertEquals(0, bus.load(bus.find(BASE + offset, width), i, BASE + offset, width));
            } else if (register.access() == RegisterMap.Access.READ_ONLY) {
                bus.store(bus.find(BASE + offset, width), i, BASE + offset, width, SEED.draw(3L * i + 2));
            } else if (register.access() == RegisterMap.Access.WRITE_ONLY) {
                assertEquals(0, bus.load(bus.find(BASE + offset, width), i, BASE + offset, width));
            }
        }
        assertEquals(before, StateHash.of(device));
        assertEquals(0, lane.queue().size());
    }

    @Test
    void misalignedAccessesReachNoDevice() {
        SystemBus bus = new SystemBus();
        Device device = build(new Lane("lane"));
        bus.add(BASE, device);
        for (int width = 2; width <= 8; width *= 2) {
            for (int by = 1; by < width; by++) {
                assertEquals(-1, bus.find(BASE + by, width));
            }
        }
        assertEquals(-1, bus.find(BASE + device.registers().sizeBytes(), 1));
        assertEquals(-1, bus.find(BASE - 1, 1));
    }

    /** Also in the middle of what it does: with events pending, which are the lane's. */
    @Test
    void aSnapshotAtAnyPointGoesOnTheSame() {
        Lane lane = new Lane("lane");
        Device device = build(lane);
        for (int step = 0; step < 6; step++) {
            long atPs = step * STEP_PS;
            exercise(device, SEED.child(step), atPs);
            lane.runUntil(atPs + STEP_PS / 2);
            Snapshot snapshot = Snapshot.take(List.of(lane, device));
            Lane otherLane = new Lane("lane");
            Device other = build(otherLane);
            snapshot.restore(List.of(otherLane, other));
            Seed next = SEED.child(100 + step);
            assertEquals(exercise(device, next, atPs + STEP_PS / 2), exercise(other, next, atPs + STEP_PS / 2));
            lane.runUntil(atPs + STEP_PS);
            otherLane.runUntil(atPs + STEP_PS);
            assertEquals(StateHash.of(device), StateHash.of(other));
            assertEquals(StateHash.of(lane), StateHash.of(otherLane));
        }
    }

    @Test
    void resetForgetsWhatIsPending() {
        assumeTrue(resetsToPowerOn(), "says that its reset is not as built");
        Lane lane = new Lane("lane");
        Device device = build(lane);
        String built = StateHash.of(device);
        exercise(device, SEED, 0);
        device.reset();
        lane.runUntil(STEP_PS);
        assertEquals(built, StateHash.of(device));
    }
}
