package calvin.machine.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

    /** A new device on {@code lane}, as after power-on. */
    protected abstract Device build(Lane lane);

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

    /** Rows of one table: the same stride, and apart inside it. */
    private static boolean interleaved(RegisterMap.Register left, RegisterMap.Register right) {
        int distance = Math.abs(left.offset() - right.offset());
        int widest = Integer.highestOneBit(left.widths() | right.widths());
        return left.stride() == right.stride() && distance >= widest && distance + widest <= left.stride();
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
        Lane lane = new Lane("lane");
        Device device = build(lane);
        String built = StateHash.of(device);
        exercise(device, SEED, 0);
        device.reset();
        assertEquals(built, StateHash.of(device));
    }
}
