package calvin.network.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.network.link.DropReason;
import calvin.network.link.FrameTap;
import calvin.network.link.LinkSpec;
import calvin.network.topo.Defaults;
import calvin.network.topo.Generators;
import calvin.network.topo.Placement;
import calvin.network.topo.SwitchSpec;
import calvin.network.topo.Topology;
import calvin.network.topo.TopologyBuilder;
import calvin.network.topo.Vertex;
import calvin.sim.event.Lane;
import calvin.sim.event.LanePool;
import calvin.sim.event.Lanes;
import calvin.sim.event.Peers;
import calvin.sim.state.Snapshot;
import calvin.sim.state.StateHash;
import calvin.sim.state.Stateful;
import calvin.sim.trace.TraceSink;
import calvin.sim.wire.Frame;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SwitchTest {
    private static final long LINK = Defaults.LINK_LATENCY_PS;
    private static final long FORWARD = Defaults.SWITCH_FORWARDING_PS;

    /** Nodes that record what reaches them, around the switches of a topology. */
    private static final class Rig {
        final Topology topology;
        final Fabric fabric;
        final Lanes lanes;
        final List<List<Frame>> received = new ArrayList<>();
        final List<String> traced = new ArrayList<>();

        Rig(Topology topology) {
            this.topology = topology;
            TraceSink trace = (kind, timePs, component, a, b, c) -> {
                traced.add(kind + " " + timePs + " " + component + " " + a);
            };
            fabric = new Fabric(topology, Placement.blocks(topology, 1), 0, name -> trace, port -> FrameTap.NONE);
            List<Lane> all = new ArrayList<>();
            for (int i = 0; i < topology.nodes(); i++) {
                Lane lane = new Lane("node" + i);
                List<Frame> inbox = new ArrayList<>();
                received.add(inbox);
                topology.portsOf(Vertex.node(i)).forEach(port -> {
                    lane.addPort(port.number(), inbox::add);
                    lane.addPart(fabric.port(port.number()));
                });
                all.add(lane);
            }
            all.addAll(fabric.switchLanes());
            lanes = new Lanes(all, topology.ports().size(), topology.lookaheadPs(), LanePool.SEQUENTIAL, Peers.NONE);
            fabric.connect(lanes);
        }

        void send(long timePs, int from, long toMac, int bytes) {
            byte[] frame = new byte[bytes];
            for (int i = 0; i < 6; i++) {
                frame[i] = (byte) (toMac >>> (40 - 8 * i));
            }
            fabric.port(from).send(timePs, frame, -1);
        }

        void sendTo(long timePs, int from, int toPort, int bytes) {
            send(timePs, from, topology.ports().get(toPort).mac(), bytes);
        }

        void run() {
            lanes.begin(0);
            runUntil(Long.MAX_VALUE);
        }

        void runUntil(long endPs) {
            while (lanes.worldNextPs() < endPs) {
                lanes.window(endPs, horizon -> 0);
            }
        }

        List<Long> arrivals(int node) {
            return received.get(node).stream().map(Frame::arrivalPs).toList();
        }

        String hash() {
            StateHash hash = new StateHash();
            components().forEach(hash::add);
            return hash.hex();
        }

        List<Stateful> components() {
            return lanes.all().stream().flatMap(lane -> lane.components().stream()).toList();
        }
    }

    @Test
    void cutThroughTakesTwoLinksAndTheForwardingTimeWhateverTheSize() {
        Rig rig = new Rig(Generators.star(3, Defaults.SWITCH, Defaults.LINK));
        rig.sendTo(1000, 0, 2, 4096);
        rig.run();
        assertEquals(List.of(1000 + LINK + FORWARD + LINK), rig.arrivals(2));
        assertEquals(List.of(), rig.received.get(1));
        Frame frame = rig.received.get(2).getFirst();
        assertEquals(Frame.origin(0, 0), frame.origin());
        assertEquals(5, frame.sender());
        assertEquals(Defaults.LINK.framePs(4096), frame.durationPs());
        assertEquals(List.of("SWITCH_RECEIVED 201000 3 0", "SWITCH_SENT 501000 5 0"), rig.traced);
    }

    @Test
    void storeAndForwardWaitsForTheLastBit() {
        SwitchSpec slow = new SwitchSpec(FORWARD, 1 << 20, true);
        Rig rig = new Rig(Generators.star(2, slow, Defaults.LINK));
        rig.sendTo(0, 0, 1, 1500);
        rig.run();
        assertEquals(List.of(LINK + Defaults.LINK.framePs(1500) + FORWARD + LINK), rig.arrivals(1));
    }

    @Test
    void aFasterOutgoingLineNeverRunsDry() {
        LinkSpec slow = new LinkSpec(LINK, 10_000_000_000L);
        LinkSpec fast = new LinkSpec(LINK, 100_000_000_000L);
        TopologyBuilder builder = new TopologyBuilder();
        Vertex hub = builder.addSwitch(Defaults.SWITCH);
        builder.link(builder.addNode(), hub, slow).link(builder.addNode(), hub, fast);
        Rig rig = new Rig(builder.build());
        rig.sendTo(0, 0, 1, 1500);
        rig.sendTo(0, 1, 0, 1500);
        rig.run();
        Frame up = rig.received.get(1).getFirst();
        // The last bit leaves the switch exactly one forwarding time after it came in.
        assertEquals(slow.framePs(1500) + LINK + FORWARD + LINK, up.arrivalPs() + up.durationPs());
        // Downwards nothing waits.
        assertEquals(List.of(LINK + FORWARD + LINK), rig.arrivals(0));
    }

    @Test
    void incastQueuesInOrderAndKeepsTheLineFull() {
        Rig rig = new Rig(Generators.star(5, Defaults.SWITCH, Defaults.LINK));
        for (int round = 0; round < 3; round++) {
            for (int from = 3; from >= 0; from--) {
                rig.sendTo(0, from, 4, 1000);
            }
        }
        rig.run();
        long step = Defaults.LINK.occupancyPs(1000);
        List<Long> expected = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            expected.add(LINK + FORWARD + LINK + i * step);
        }
        assertEquals(expected, rig.arrivals(4));
        // Of one time, lower incoming ports come first.
        List<Frame> firstRound = rig.received.get(4).subList(0, 4);
        assertEquals(List.of(0L, 1L, 2L, 3L), firstRound.stream().map(f -> f.origin() >>> 40).toList());
        Switch.Counters out = rig.fabric.switches().getFirst().counters(4);
        assertEquals(0, out.queuedBytes());
        // At the end of round three 12 have come, 3 have gone or are on the line.
        assertEquals(9000, out.queuedMostBytes());
        assertEquals(0, out.lostFrames());
    }

    @Test
    void aFullQueueDropsTheTailAndCountsIt() {
        SwitchSpec small = new SwitchSpec(FORWARD, 2500, false);
        Rig rig = new Rig(Generators.star(6, small, Defaults.LINK));
        for (int from = 0; from < 5; from++) {
            rig.sendTo(0, from, 5, 1000);
        }
        rig.run();
        // One on the line, two of 1000 bytes fit the 2500; the other two are lost.
        assertEquals(3, rig.received.get(5).size());
        Switch.Counters out = rig.fabric.switches().getFirst().counters(5);
        assertEquals(2, out.lostFrames());
        assertEquals(2000, out.lostBytes());
        assertEquals(2000, out.queuedMostBytes());
        long at = LINK + FORWARD;
        int full = DropReason.QUEUE_FULL.code();
        assertEquals(List.of("FRAME_DROPPED " + at + " 11 " + full, "FRAME_DROPPED " + at + " 11 " + full),
                rig.traced.stream().filter(line -> line.startsWith("FRAME_DROPPED")).toList());
    }

    @Test
    void groupAndUnknownAddressesAreFloodedToAllOthers() {
        Rig rig = new Rig(Generators.star(4, Defaults.SWITCH, Defaults.LINK));
        rig.send(0, 1, 0xFFFF_FFFF_FFFFL, 60);
        rig.send(0, 1, 0x0200_0A63_0001L, 60);
        rig.run();
        assertEquals(List.of(2, 0, 2, 2), rig.received.stream().map(List::size).toList());
    }

    @Test
    void broadcastInARingReachesEveryOtherNodeOnce() {
        Rig rig = new Rig(Generators.ring(5, Defaults.SWITCH, Defaults.LINK));
        rig.send(0, 3, 0xFFFF_FFFF_FFFFL, 60);
        rig.run();
        assertEquals(List.of(1, 1, 1, 0, 1), rig.received.stream().map(List::size).toList());
    }

    @Test
    void framesForTheirOwnPortAndRuntsAreRefused() {
        Rig rig = new Rig(Generators.star(2, Defaults.SWITCH, Defaults.LINK));
        rig.sendTo(0, 0, 0, 60);
        rig.sendTo(0, 0, 1, 13);
        rig.run();
        assertEquals(List.of(0, 0), rig.received.stream().map(List::size).toList());
        assertEquals(2, rig.fabric.switches().getFirst().counters(0).refusedFrames());
        assertTrue(rig.traced.getLast().endsWith(" 2 " + DropReason.RUNT.code()), rig.traced.getLast());
    }

    @Test
    void aFullSwitchSavedAndRestoredGoesOnAsBefore() {
        Rig straight = new Rig(Generators.star(4, Defaults.SWITCH, Defaults.LINK));
        Rig resumed = new Rig(Generators.star(4, Defaults.SWITCH, Defaults.LINK));
        for (int i = 0; i < 20; i++) {
            straight.sendTo(i * 1000, i % 3, 3, 900);
        }
        straight.lanes.begin(0);
        straight.runUntil(LINK + FORWARD + 300_000);
        assertTrue(straight.fabric.switches().getFirst().counters(3).queuedBytes() > 0);
        Snapshot.take(straight.components()).restore(resumed.components());
        assertEquals(straight.hash(), resumed.hash());
        straight.runUntil(Long.MAX_VALUE);
        resumed.run();
        assertEquals(straight.hash(), resumed.hash());
        List<Long> all = straight.arrivals(3);
        List<Long> tail = resumed.arrivals(3);
        assertEquals(20, all.size());
        assertEquals(all.subList(20 - tail.size(), 20), tail);
        assertTrue(!tail.isEmpty());
    }
}
