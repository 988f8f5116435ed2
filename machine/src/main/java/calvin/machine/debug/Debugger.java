package calvin.machine.debug;

import calvin.machine.board.Machine;
import calvin.machine.hart.Hart;
import calvin.machine.hart.Stops;
import calvin.machine.hart.Watches;
import calvin.sim.check.Check;
import calvin.sim.event.Lane;
import calvin.sim.time.SimTime;
import java.util.ArrayList;
import java.util.List;

/**
 * Holds a machine: stops it at addresses, accesses and steps, and takes it back in time.
 *
 * <p>Going on: {@link #resume} or {@link #step}, then {@link #advance} in slices of virtual time until it tells what
 * happened. So whoever drives it can look at a terminal or a socket in between. Going back is done at once, by
 * restoring a checkpoint and running forward to a place that is named by a hart and its cycle, which is exact.
 *
 * <p>All harts stand still together and go on together: holding some of them would change what is computed. A stop is
 * before an instruction; a watch stops behind the access forwards and before it backwards.
 *
 * <p>Limits: of what comes from outside, only the console's input is recorded. Devices that write RAM hit no watch.
 */
public final class Debugger {
    /** Virtual time run at once while the past is repeated. */
    private static final long REPLAY_SLICE_PS = SimTime.PS_PER_MS;

    private final Machine machine;
    private final Lane lane;
    private final Stops stops;
    private final History history;
    private final Inspector inspector;
    private final List<Long> breakpoints = new ArrayList<>();
    private final List<Watch> watches = new ArrayList<>();
    private boolean stopsStale;
    private boolean watchesStale;
    /** Registers or memory have been written since the machine last went on. */
    private boolean changed;
    private boolean ended;
    /** How far the machine has ever been, in virtual time; before it, inputs repeat themselves. */
    private long presentPs;
    /** The hart that is about to execute, or -1 where the machine stands between two windows. */
    private int active = -1;
    private Hit hit;
    private Listening listening = Listening.STOP;

    /** What an access to a watched range does. */
    private enum Listening {
        /** It stops the machine. */
        STOP,
        /** It is remembered, the last one of all. */
        RECORD,
        /** Nothing. */
        NOT
    }

    /** An access to a watched range: before it, the hart was at this cycle. */
    private record Hit(StopEvent event, int hart, long cycle) {}

    /** Where a machine stands: before what {@code hart} does at {@code cycle}, or with hart -1 at {@code limitPs}. */
    private record Position(int hart, long cycle, long limitPs) {}

    /**
     * Takes hold of a machine that is not running. Its console must print through {@code console}, or what is printed
     * appears again when the past is repeated.
     */
    public Debugger(Machine machine, ReplayConsole console) {
        this.machine = machine;
        this.lane = machine.lane();
        this.stops = machine.stops();
        this.history = new History(machine, console);
        this.inspector = new Inspector(machine);
        presentPs = lane.timePs();
        for (int i = 0; i < machine.board().harts(); i++) {
            machine.hart(i).watches().setListener(this::accessed);
        }
        history.take();
    }

    public Machine machine() {
        return machine;
    }

    /** Registers and memory, to look at. */
    public Inspector inspector() {
        return inspector;
    }

    /** Lets go: no stop, no watch, no history. */
    public void detach() {
        breakpoints.clear();
        watches.clear();
        stopsStale = true;
        watchesStale = true;
        install(true);
        stops.noTarget();
        proceed();
        history.cut(0);
        for (int i = 0; i < machine.board().harts(); i++) {
            machine.hart(i).watches().setListener((hart, range, kind, va, pa, bytes) -> {
            });
        }
    }

    // What stops it. Takes effect when the machine goes on.

    /** Stops harts at {@code va}, in every address space. Setting one twice needs clearing it twice. */
    public void setBreakpoint(long va) {
        breakpoints.add(va);
        stopsStale = true;
    }

    public void clearBreakpoint(long va) {
        stopsStale |= breakpoints.remove((Long) va);
    }

    public void setWatch(Watch watch) {
        watches.add(watch);
        watchesStale = true;
    }

    public void clearWatch(Watch watch) {
        watchesStale |= watches.remove(watch);
    }

    private void install(boolean breaking) {
        long[] wanted = breaking
                ? breakpoints.stream().mapToLong(Long::longValue).sorted().distinct().toArray()
                : new long[0];
        if (stops.addresses(wanted)) {
            machine.stopsChanged();
        }
        stopsStale = !breaking;
        if (watchesStale) {
            watchesStale = false;
            for (int i = 0; i < machine.board().harts(); i++) {
                Watches of = machine.hart(i).watches();
                of.clear();
                watches.forEach(watch -> of.add(watch.range()));
            }
        }
    }

    private void accessed(Hart hart, Watches.Range range, int kind, long va, long pa, int bytes) {
        if (listening == Listening.NOT) {
            return;
        }
        for (Watch watch : watches) {
            if (watch.range().equals(range) && (hit == null || listening == Listening.RECORD)) {
                hit = new Hit(new StopEvent(watch.kind().event, hart.id, watch.from()), hart.id, hart.cycle);
            }
        }
        if (listening == Listening.STOP) {
            stops.request();
            hart.deadline = 0;
        }
    }

    // Forwards.

    /** Types at the console; recorded, so that a repeated past has it too. Only in the present. */
    public void type(long timePs, byte[] bytes) {
        history.type(timePs, bytes);
    }

    /** Whether the machine is where it has been before, so that its inputs come from the record. */
    public boolean inThePast() {
        return lane.timePs() < presentPs;
    }

    /** The next {@link #advance} goes on. */
    public void resume() {
        begin();
        stops.noTarget();
    }

    /** The next {@link #advance} lets {@code hart} do one thing: an instruction, an interrupt's or a trap's entry. */
    public void step(int hart) {
        begin();
        stops.target(hart, machine.hart(hart).hart().cycle + 1);
    }

    private void begin() {
        if (changed) {
            changed = false;
            history.cut(Math.max(1, before(now())));
            history.take();
        }
        if (stopsStale || watchesStale) {
            install(true);
        }
        hit = null;
        listening = Listening.STOP;
        proceed();
    }

    /** Lets the machine go on from where it stands. */
    private void proceed() {
        if (active < 0) {
            stops.resume(-1, 0);
        } else {
            stops.resume(active, machine.hart(active).hart().cycle);
        }
        active = -1;
    }

    /**
     * Runs to {@code untilPs} of virtual time at most.
     *
     * @param interrupted stop at once, before the next instruction of any hart
     * @return what has stopped it, or null
     */
    public StopEvent advance(long untilPs, boolean interrupted) {
        if (interrupted) {
            stops.request();
        }
        lane.runUntil(untilPs);
        presentPs = Math.max(presentPs, lane.timePs());
        if (stops.stopped()) {
            active = stops.hart();
            return happened();
        }
        if (!machine.status().running()) {
            ended = true;
            return StopEvent.of(StopEvent.Kind.ENDED, 0);
        }
        if (interrupted) {
            return StopEvent.of(StopEvent.Kind.INTERRUPTED, 0);
        }
        history.tick();
        return null;
    }

    private StopEvent happened() {
        if (hit != null) {
            return hit.event;
        }
        return StopEvent.of(switch (stops.reason()) {
            case ADDRESS -> StopEvent.Kind.BREAKPOINT;
            case TARGET -> StopEvent.Kind.STEP;
            default -> StopEvent.Kind.INTERRUPTED;
        }, stops.hart());
    }

    // Backwards.

    private Position now() {
        return new Position(active, active < 0 ? 0 : machine.hart(active).hart().cycle, lane.timePs());
    }

    private Position of(Checkpoint checkpoint) {
        int hart = checkpoint.slice() != null ? checkpoint.slice().hart() : checkpoint.cycles().length == 1 ? 0 : -1;
        return new Position(hart, hart < 0 ? 0 : checkpoint.cycles()[hart], checkpoint.timePs());
    }

    /** How many checkpoints are not after a place. */
    private int before(Position place) {
        return place.hart < 0 ? history.notAfter(place.limitPs) : history.notAfter(place.hart, place.cycle);
    }

    private void restore(Checkpoint checkpoint) {
        history.restore(checkpoint);
        ended = false;
        active = -1;
    }

    /** Runs from a checkpoint to {@code end}, or to an address where {@code installed} ones stop it. */
    private boolean runTo(Position end) {
        if (end.hart >= 0) {
            stops.target(end.hart, end.cycle);
        } else {
            stops.noTarget();
        }
        do {
            lane.runUntil(Math.min(end.limitPs, lane.timePs() + REPLAY_SLICE_PS));
        } while (!stops.stopped() && lane.timePs() < end.limitPs && machine.status().running());
        if (stops.stopped()) {
            active = stops.hart();
        }
        return stops.stopped() && stops.reason() == Stops.Reason.ADDRESS;
    }

    private void quiet() {
        install(false);
        listening = Listening.NOT;
        hit = null;
    }

    /** Goes to a place of the past. */
    private void goTo(Position place) {
        quiet();
        restore(history.get(Math.max(1, before(place)) - 1));
        proceed();
        runTo(place);
        Check.that(place.hart < 0 || active == place.hart, "the past was not repeated", place.hart, active);
        stopsStale = true;
        listening = Listening.STOP;
    }

    /** Goes to before the last thing that {@code hart} has done. */
    public StopEvent reverseStep(int hart) {
        Position now = now();
        long cycle = machine.hart(hart).hart().cycle;
        for (long back = 1; back > 0; back *= 64) {
            long before = lastBoundary(hart, cycle, Math.max(0, cycle - back), now.limitPs);
            if (before >= 0) {
                goTo(new Position(hart, before, now.limitPs));
                return StopEvent.of(StopEvent.Kind.STEP, hart);
            }
            if (history.get(0).cycles()[hart] > cycle - back) {
                break;
            }
        }
        return toTheBeginning(hart);
    }

    /** The last cycle below {@code cycle} and not below {@code from} at which the hart was about to act, or -1. */
    private long lastBoundary(int hart, long cycle, long from, long limitPs) {
        quiet();
        restore(history.get(Math.max(1, history.notAfter(hart, from)) - 1));
        proceed();
        Hart of = machine.hart(hart).hart();
        long last = -1;
        runTo(new Position(hart, from, limitPs));
        while (stops.stopped() && of.cycle < cycle) {
            last = of.cycle;
            proceed();
            runTo(new Position(hart, last + 1, limitPs));
        }
        return last;
    }

    private StopEvent toTheBeginning(int hart) {
        quiet();
        restore(history.get(0));
        stopsStale = true;
        listening = Listening.STOP;
        return StopEvent.of(StopEvent.Kind.HISTORY_BEGINS, hart);
    }

    /**
     * Goes back to the last breakpoint or watched access before now, or to the beginning.
     *
     * <p>Two passes for each stretch between checkpoints, the last first: one forwards that finds the last hit, one to
     * it.
     */
    public StopEvent reverseContinue() {
        Position end = now();
        int selected = Math.max(0, active);
        for (int i = Math.max(1, before(end)) - 1; i >= 0; i--) {
            Hit found = lastHit(history.get(i), end);
            if (found != null) {
                goTo(new Position(found.hart, found.cycle, end.limitPs));
                Hart hart = machine.hart(found.hart).hart();
                if (found.event.isWatch() && hart.cycle > found.cycle) {
                    // In the middle of a hosted kernel's entry: before that.
                    reverseStep(found.hart);
                }
                return found.event;
            }
            end = of(history.get(i));
        }
        return toTheBeginning(selected);
    }

    private Hit lastHit(Checkpoint from, Position end) {
        restore(from);
        install(true);
        listening = Listening.RECORD;
        hit = null;
        // A place at the very checkpoint belongs to its stretch: nothing is passed.
        stops.resume(-1, 0);
        while (runTo(end)) {
            Hart hart = machine.hart(active).hart();
            hit = new Hit(StopEvent.of(StopEvent.Kind.BREAKPOINT, hart.id), hart.id, hart.cycle);
            proceed();
        }
        return hit;
    }

    // Changes.

    /** To be called before registers or memory are written: what was known of the future is void. */
    public void changes() {
        changed = true;
        history.diverge();
    }

    /** Whether the machine has ended; it can only go back. */
    public boolean ended() {
        return ended;
    }

    /** Takes a checkpoint now, besides those that are taken anyway. Only in the present. */
    public void checkpoint() {
        if (!inThePast()) {
            history.take();
        }
    }

    /** Checkpoints there are. */
    public int checkpoints() {
        return history.size();
    }

    /** Goes back to the first checkpoint. */
    public StopEvent reset() {
        return toTheBeginning(0);
    }

    /** The hart whose turn it is, or hart 0 where the machine stands between two windows. */
    public int selected() {
        return Math.max(0, active);
    }

}
