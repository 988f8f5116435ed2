package calvin.machine.board;

import calvin.machine.bus.Device;
import calvin.machine.hart.HartUnit;
import calvin.sim.event.EventQueue;
import calvin.sim.event.EventTarget;
import calvin.sim.event.Lane;

/**
 * Restarts a machine. Who asks for it is a hart in mid-instruction, so it happens as an event, before the next
 * instruction of any hart. Cold and warm restarts are the same here: memory is zeroed and loaded anew.
 */
final class Restart implements EventTarget {
    private static final int SOURCE = 0x4000_2000;

    private final Machine machine;
    private final MachineParts parts;
    private final EventQueue queue;
    private final int target;

    Restart(Machine machine, MachineParts parts, Lane lane) {
        this.machine = machine;
        this.parts = parts;
        queue = lane.queue();
        target = lane.addTarget(this);
    }

    /** Asks for it; more than one hart may. */
    void at(long timePs) {
        queue.cancelAll(EventQueue.RANK_DEVICE, SOURCE);
        queue.push(timePs, EventQueue.RANK_DEVICE, SOURCE, 0, target, 0, 0, 0, null);
    }

    @Override
    public void onEvent(long timePs, int kind, long a, long b, byte[] payload) {
        for (HartUnit unit : parts.units) {
            unit.wake(timePs);
            unit.halt();
        }
        parts.memory.clear();
        for (Device device : parts.bus.devices()) {
            device.reset();
        }
        parts.status.restarted();
        machine.startProgram();
    }
}
