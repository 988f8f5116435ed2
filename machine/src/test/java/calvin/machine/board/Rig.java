package calvin.machine.board;

import calvin.machine.hart.EngineFactory;
import calvin.machine.hosted.HostedKernel;
import calvin.machine.sbi.SbiFirmware;
import calvin.sim.event.Lane;
import calvin.sim.state.StateHash;
import calvin.sim.state.Stateful;
import calvin.sim.time.SimTime;
import calvin.sim.trace.TraceSink;
import java.util.List;

/** A machine on a lane of its own, with what it prints. */
final class Rig {
    final Lane lane = new Lane("node0");
    final StringBuilder output = new StringBuilder();
    final Machine machine;

    Rig(BoardSpec board) {
        this(board, List.of(new SbiFirmware()));
    }

    Rig(BoardSpec board, List<HostedKernel> kernels) {
        this(board, kernels, Engines.INTERPRETER);
    }

    Rig(BoardSpec board, List<HostedKernel> kernels, EngineFactory engines) {
        machine = new Machine(lane, 0, board, kernels, engines,
                (timePs, value) -> output.append((char) value), TraceSink.NONE);
    }

    /** Runs in windows until the machine has stopped, or until {@code limitPs}. */
    Rig run(long windowPs, long limitPs) {
        long horizon = lane.timePs();
        while (machine.status().running() && horizon < limitPs && lane.nextTimePs() != SimTime.NEVER) {
            horizon = Math.min(limitPs, Math.max(horizon, lane.nextTimePs()) + windowPs);
            lane.runUntil(horizon);
        }
        return this;
    }

    String hash() {
        StateHash hash = new StateHash();
        for (Stateful part : lane.components()) {
            hash.add(part);
        }
        return hash.hex();
    }
}
