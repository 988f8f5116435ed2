package calvin.network.transport;

import calvin.network.link.FrameTap;
import calvin.network.node.Fabric;
import calvin.network.topo.Placement;
import calvin.network.topo.Topology;
import calvin.sim.event.EventQueue;
import calvin.sim.event.EventTarget;
import calvin.sim.event.Lane;
import calvin.sim.event.LanePool;
import calvin.sim.event.Lanes;
import calvin.sim.event.Peers;
import calvin.sim.seed.Seed;
import calvin.sim.state.Block;
import calvin.sim.state.StateHash;
import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;
import calvin.sim.state.Stateful;
import calvin.sim.state.Struct;
import calvin.sim.trace.TraceSink;
import calvin.sim.wire.Frame;
import calvin.sim.wire.FrameSink;
import calvin.sim.wire.Port;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** One worker's share of nodes that pass messages on through a real fabric, to random others, with ties and queues. */
final class GossipWorld {
    private static final int RUMOURS = 4;

    private final List<Lane> lanes = new ArrayList<>();
    private final Lanes runner;
    private long windows;

    GossipWorld(Topology topology, Placement placement, int worker, Peers peers) {
        Fabric fabric = new Fabric(topology, placement, worker, name -> TraceSink.NONE, port -> FrameTap.NONE);
        for (int i = 0; i < topology.nodes(); i++) {
            if (placement.ofNodes().get(i) == worker) {
                Lane lane = new Lane("node" + i);
                lane.addPort(i, new Gossip(lane, i, topology, fabric.port(i)));
                lane.addPart(fabric.port(i));
                lanes.add(lane);
            }
        }
        lanes.addAll(fabric.switchLanes());
        runner = new Lanes(lanes, topology.ports().size(), topology.lookaheadPs(), LanePool.SEQUENTIAL, peers);
        fabric.connect(runner);
    }

    void runUntil(long endPs) {
        runner.begin(0);
        long horizon = 0;
        while (horizon < endPs) {
            horizon = runner.window(endPs, reached -> 0);
            windows++;
        }
    }

    long windows() {
        return windows;
    }

    TreeMap<String, String> hashes() {
        TreeMap<String, String> hashes = new TreeMap<>();
        for (Lane lane : lanes) {
            for (Stateful component : lane.components()) {
                hashes.put(component.stateName(), StateHash.of(component));
            }
        }
        return hashes;
    }

    private static final class Gossip implements EventTarget, FrameSink, Stateful {
        static final Struct S = Struct.named("gossip");
        static final Struct.U64 DIGEST = S.u64("digest", "of all that was heard, in order");
        static final Struct.U64 HEARD = S.u64("heard", "frames heard");

        static {
            S.endsAt(16);
        }

        private final Lane lane;
        private final int index;
        private final Topology topology;
        private final Port port;
        private final Seed seed;
        private final int target;
        private final Block state = new Block(S.sizeBytes());

        Gossip(Lane lane, int index, Topology topology, Port port) {
            this.lane = lane;
            this.index = index;
            this.topology = topology;
            this.port = port;
            seed = new Seed(index);
            target = lane.addTarget(this);
            lane.addPart(this);
            for (int i = 0; i < RUMOURS; i++) {
                lane.queue().push(0, EventQueue.RANK_DEVICE, index, i, target, 0, i, 0, null);
            }
        }

        @Override
        public void onFrame(Frame frame) {
            long heard = HEARD.get(state, 0);
            HEARD.set(state, 0, heard + 1);
            DIGEST.set(state, 0, (DIGEST.get(state, 0) ^ frame.origin()) * 0x9E37_79B9_7F4A_7C15L + frame.arrivalPs());
            lane.queue().push(frame.arrivalPs() + 1_000 * seed.drawBelow(2 * heard, 100), EventQueue.RANK_DEVICE, index,
                    RUMOURS + heard, target, 0, RUMOURS + heard, 0, null);
        }

        @Override
        public void onEvent(long timePs, int kind, long number, long b, byte[] payload) {
            int to = (int) seed.drawBelow(2 * number + 1, topology.nodes() - 1);
            long mac = topology.ports().get(to >= index ? to + 1 : to).mac();
            byte[] bytes = new byte[(int) (100 + 400 * (number % 10))];
            for (int i = 0; i < 6; i++) {
                bytes[i] = (byte) (mac >>> (40 - 8 * i));
            }
            port.send(timePs, bytes, -1);
        }

        @Override
        public String stateName() {
            return lane.name() + "/gossip";
        }

        @Override
        public void save(StateWriter out) {
            state.save(out);
        }

        @Override
        public void load(StateReader in) {
            state.load(in);
        }
    }
}
