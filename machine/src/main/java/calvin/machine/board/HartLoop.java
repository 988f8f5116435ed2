package calvin.machine.board;

import calvin.machine.hart.Engine;
import calvin.machine.hart.Hart;
import calvin.machine.hart.HartUnit;
import calvin.machine.hart.HostedUnit;
import calvin.machine.hart.Sampler;
import calvin.machine.hart.Stepper;
import calvin.machine.hart.Stops;
import calvin.machine.hosted.HostedVector;
import calvin.sim.event.EventQueue;
import calvin.sim.time.SimTime;

/**
 * Advances one hart: interrupts, hosted kernels, the engine, traps, waiting. What it computes does not depend on where
 * it is cut.
 */
final class HartLoop {
    private final Hart hart;
    private final HartUnit unit;
    private final HostedUnit hosted;
    private final Engine engine;
    private final MachineStatus status;
    private final FaultUnit faults;
    private final Stops stops;

    HartLoop(HartUnit unit, HostedUnit hosted, Engine engine, MachineStatus status, FaultUnit faults, Stops stops) {
        this.unit = unit;
        this.hart = unit.hart();
        this.hosted = hosted;
        this.engine = engine;
        this.status = status;
        this.faults = faults;
        this.stops = stops;
    }

    Hart hart() {
        return hart;
    }

    /** When the hart does something next by itself: now, when its own timer fires, or never. */
    long nextTimePs() {
        if (unit.halted()) {
            return SimTime.NEVER;
        }
        if (!hart.waiting) {
            return hart.timePs();
        }
        long cycle = unit.timerCycle();
        return cycle == Long.MAX_VALUE ? SimTime.NEVER : cycle * hart.periodPs;
    }

    /** Runs to the first boundary not before {@code limitPs} or the next event, to a stop, or until it is held. */
    void advance(EventQueue queue, long limitPs) {
        while (status.running() && !unit.held()) {
            long endPs = Math.min(limitPs, queue.nextTimePs());
            long nextPs = nextTimePs();
            if (nextPs >= endPs) {
                return;
            }
            if (hart.waiting) {
                // Its timer fires now. That may not be what it waits for; then it waits on from here.
                hart.cycle = Math.max(hart.cycle, nextPs / hart.periodPs);
                if (unit.wakes()) {
                    unit.wake(hart.timePs());
                }
                continue;
            }
            if (stops.active() && stops.before(hart)) {
                return;
            }
            step(endPs);
        }
    }

    private void step(long endPs) {
        faults.apply(hart);
        int interrupt = unit.deliverableInterrupt();
        if (interrupt >= 0) {
            unit.takeInterrupt(interrupt);
        }
        Sampler sampler = unit.sampler();
        long sample = sampler == null ? Long.MAX_VALUE : sampler.look(hart);
        Stepper stepper = unit.stepper();
        if (stepper != null && interrupt >= 0) {
            stepper.interrupted(hart, interrupt);
        }
        if (stepper != null && !stepper.before(hart)) {
            unit.hold();
            return;
        }
        if (HostedVector.contains(hart.pc)) {
            hosted.dispatch();
        } else {
            hart.deadline = Math.min(Math.ceilDiv(endPs, hart.periodPs), unit.timerCycle());
            faults.limit(hart);
            if (stepper != null) {
                hart.deadline = Math.min(hart.deadline, hart.cycle + 1);
            }
            hart.deadline = Math.min(hart.deadline, sample);
            stops.limit(hart);
            engine.run(hart);
        }
        int exception = hart.trapCause;
        if (exception >= 0) {
            unit.takeException();
        }
        if (stepper != null && !stops.stopped()) {
            stepper.after(hart, exception);
        }
        if (hart.waiting && unit.listener() != null) {
            unit.listener().waits(hart);
        }
    }
}
