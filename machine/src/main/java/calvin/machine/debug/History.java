package calvin.machine.debug;

import calvin.machine.board.Machine;
import calvin.sim.state.Snapshot;
import java.util.ArrayList;
import java.util.List;

/**
 * What a machine needs to be where it was: checkpoints, and what came from outside with its virtual times. Everything
 * else follows, since the machine is deterministic.
 *
 * <p>Checkpoints are taken every so many instructions; when there are {@link #MOST} of them, every other one goes and
 * the distance doubles.
 */
final class History {
    private static final int MOST = 32;
    private static final long FIRST_DISTANCE = 20_000_000;

    private final Machine machine;
    private final ReplayConsole console;
    private final List<Checkpoint> checkpoints = new ArrayList<>();
    private final List<Input> inputs = new ArrayList<>();
    private long distance = FIRST_DISTANCE;
    private int inputsPassed;

    /** Bytes typed at the console at a virtual time. */
    private record Input(long timePs, byte[] bytes) {}

    History(Machine machine, ReplayConsole console) {
        this.machine = machine;
        this.console = console;
    }

    int size() {
        return checkpoints.size();
    }

    Checkpoint get(int index) {
        return checkpoints.get(index);
    }

    /** Types at the console and remembers it. */
    void type(long timePs, byte[] bytes) {
        inputs.add(new Input(timePs, bytes.clone()));
        inputsPassed = inputs.size();
        machine.type(timePs, bytes);
    }

    /** Takes a checkpoint when the last one is long ago. */
    void tick() {
        if (checkpoints.isEmpty() || machine.instructions() - checkpoints.getLast().instructions() >= distance) {
            take();
        }
    }

    void take() {
        if (checkpoints.size() >= MOST) {
            distance *= 2;
            for (int i = checkpoints.size() - 2; i > 0; i -= 2) {
                checkpoints.remove(i);
            }
        }
        long[] cycles = new long[machine.board().harts()];
        for (int i = 0; i < cycles.length; i++) {
            cycles[i] = machine.hart(i).hart().cycle;
        }
        checkpoints.add(new Checkpoint(Snapshot.take(machine.lane().components()), machine.slice(), cycles,
                machine.lane().timePs(), inputsPassed, console.count(), machine.instructions()));
    }

    /** Forgets the checkpoints behind the first {@code count}: they belong to a future that will not be. */
    void cut(int count) {
        while (checkpoints.size() > count) {
            checkpoints.removeLast();
        }
    }

    /** Number of checkpoints that are not after the moment at which {@code hart} is at {@code cycle}. */
    int notAfter(int hart, long cycle) {
        int count = checkpoints.size();
        while (count > 0 && !checkpoints.get(count - 1).notAfter(hart, cycle)) {
            count--;
        }
        return count;
    }

    /** What comes now is another future than the one that was seen. */
    void diverge() {
        console.diverge();
    }

    /** Number of checkpoints that are not after this time of the lane. */
    int notAfter(long timePs) {
        int count = checkpoints.size();
        while (count > 0 && checkpoints.get(count - 1).timePs() > timePs) {
            count--;
        }
        return count;
    }

    /** Puts the machine where it was, with the inputs still to come on their way. */
    void restore(Checkpoint checkpoint) {
        checkpoint.snapshot().restore(machine.lane().components());
        machine.slice(checkpoint.slice());
        console.rewind(checkpoint.printed());
        for (Input input : inputs.subList(checkpoint.inputs(), inputs.size())) {
            machine.type(input.timePs(), input.bytes());
        }
        inputsPassed = inputs.size();
    }
}
