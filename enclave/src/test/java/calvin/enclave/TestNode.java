package calvin.enclave;

import calvin.machine.board.BoardSpec;
import calvin.machine.board.Engines;
import calvin.sim.event.Lane;
import calvin.sim.state.StateHash;
import calvin.sim.time.SimTime;
import calvin.sim.trace.TraceSink;
import java.nio.charset.StandardCharsets;

/** A node with its lane and the text it has printed. */
final class TestNode {
    private final java.io.ByteArrayOutputStream printed = new java.io.ByteArrayOutputStream();
    final Lane lane;
    final Node node;

    TestNode(BoardSpec board, NodeSpec spec) {
        lane = new Lane("node" + spec.number());
        node = Node.build(lane, board, spec,
                new NodeWiring(Engines.INTERPRETER, (timePs, value) -> printed.write(value), TraceSink.NONE, null));
    }

    /** A board with one hart and this many MiB of memory. */
    static BoardSpec board(int mebibytes) {
        return BoardSpec.virt(1, (long) mebibytes << 20);
    }

    /** A node as built from the same plan, that has not run. */
    TestNode(BoardSpec board, NodeSpec spec, double seconds) {
        this(board, spec);
        lane.runUntil((long) (seconds * SimTime.PS_PER_S));
    }

    String hash() {
        StateHash hash = new StateHash();
        lane.components().forEach(hash::add);
        return hash.hex();
    }

    /** Runs until the node has ended or {@code seconds} of virtual time are over. */
    TestNode run(double seconds) {
        long endPs = lane.timePs() + (long) (seconds * SimTime.PS_PER_S);
        while (lane.timePs() < endPs && node.machine().status().running() && !node.machine().stuck()) {
            lane.runUntil(Math.min(endPs, lane.timePs() + SimTime.PS_PER_MS));
        }
        return this;
    }

    String text() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    long endPs() {
        return node.machine().status().endPs();
    }
}
