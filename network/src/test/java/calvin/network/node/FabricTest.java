package calvin.network.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import calvin.network.capture.Capture;
import calvin.network.capture.CapturedPort;
import calvin.network.check.PcapngReader;
import calvin.network.link.FrameTap;
import calvin.network.topo.Defaults;
import calvin.network.topo.Generators;
import calvin.network.topo.Placement;
import calvin.network.topo.Topology;
import calvin.sim.check.BugException;
import calvin.sim.event.Lane;
import calvin.sim.event.LanePool;
import calvin.sim.event.Lanes;
import calvin.sim.event.Peers;
import calvin.sim.fault.Applied;
import calvin.sim.fault.Fault;
import calvin.sim.fault.FaultSeam;
import calvin.sim.trace.TraceSink;
import calvin.sim.wire.Frame;
import calvin.sim.wire.FrameSink;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

class FabricTest {
    /** A star whose nodes send a frame to their neighbour for every frame that comes; the bytes are made once. */
    static final class Relay {
        final Topology topology;
        final Fabric fabric;
        final Lanes lanes;
        long received;

        Relay(int nodes, IntFunction<FrameTap> taps) {
            topology = Generators.star(nodes, Defaults.SWITCH, Defaults.LINK);
            fabric = new Fabric(topology, Placement.blocks(topology, 1), 0, name -> TraceSink.NONE, taps);
            List<Lane> all = new ArrayList<>();
            for (int i = 0; i < nodes; i++) {
                int port = i;
                byte[] onward = frameTo((i + 1) % nodes);
                Lane lane = new Lane("node" + i);
                lane.addPort(port, fabric.tapped(port, frame -> {
                    received++;
                    fabric.port(port).send(frame.arrivalPs() + frame.durationPs(), onward, -1);
                }));
                lane.addPart(fabric.port(port));
                all.add(lane);
            }
            all.addAll(fabric.switchLanes());
            lanes = new Lanes(all, topology.ports().size(), topology.lookaheadPs(), LanePool.SEQUENTIAL, Peers.NONE);
            fabric.connect(lanes);
            for (int i = 0; i < nodes; i++) {
                fabric.port(i).send(0, frameTo((i + 1) % nodes), -1);
            }
            lanes.begin(0);
        }

        private byte[] frameTo(int node) {
            byte[] bytes = new byte[256];
            long mac = topology.ports().get(node).mac();
            for (int k = 0; k < 6; k++) {
                bytes[k] = (byte) (mac >>> (40 - 8 * k));
            }
            return bytes;
        }

        void runUntil(long endPs) {
            long horizon = 0;
            while (horizon < endPs) {
                horizon = lanes.window(endPs, reached -> 0);
            }
        }
    }

    @Test
    void aHopAllocatesItsFrameAndNothingElse() {
        assumeTrue(ManagementFactory.getThreadMXBean() instanceof com.sun.management.ThreadMXBean,
                "needs a HotSpot JVM");
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        Relay relay = new Relay(8, port -> FrameTap.NONE);
        relay.runUntil(2_000_000_000L);
        long hopsBefore = 2 * relay.received;
        long before = threads.getCurrentThreadAllocatedBytes();
        relay.runUntil(6_000_000_000L);
        double perHop = (threads.getCurrentThreadAllocatedBytes() - before) / (2.0 * relay.received - hopsBefore);
        assertTrue(relay.received > 10_000, relay.received + " frames");
        // A Frame takes 56 bytes; it is made when it is sent and again when it is delivered. The rest is what a window
        // costs.
        assertTrue(perHop < 2 * 56 + 48, perHop + " bytes per hop");
    }

    @Test
    void aDroppedFrameIsInTheSendersCaptureOnly() throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        Capture capture = new Capture(file, List.of(new CapturedPort(0, "node0/port0", Defaults.LINK_BANDWIDTH_BPS),
                new CapturedPort(2, "switch0/port0", Defaults.LINK_BANDWIDTH_BPS)), 0);
        Relay relay = new Relay(2, port -> port == 0 || port == 2 ? capture.tap(port) : FrameTap.NONE);
        Fault drop = new Fault.PacketDrop(9, 0, 3);
        List<FaultSeam> owners = relay.fabric.seams().stream().filter(seam -> seam.owns(drop)).toList();
        assertEquals(1, owners.size());
        owners.getFirst().arm(drop);
        relay.runUntil(100_000_000);
        capture.close();
        List<Long> sent = new ArrayList<>();
        List<Long> arrived = new ArrayList<>();
        PcapngReader reader = new PcapngReader(new ByteArrayInputStream(file.toByteArray()));
        for (PcapngReader.Packet packet = reader.next(); packet != null; packet = reader.next()) {
            boolean outbound = packet.flags() == 2;
            if (packet.interfaceName().equals("node0/port0") && outbound) {
                sent.add(packet.packetId());
            } else if (packet.interfaceName().equals("switch0/port0") && !outbound) {
                arrived.add(packet.packetId());
            }
        }
        Applied applied = owners.getFirst().applied().getFirst();
        assertEquals(Frame.origin(0, 3), applied.before());
        assertTrue(sent.contains(applied.before()));
        sent.remove(applied.before());
        // The last frames sent may still be on their way.
        assertTrue(arrived.size() > 10 && arrived.size() >= sent.size() - 2, arrived.size() + " of " + sent.size());
        assertEquals(sent.subList(0, arrived.size()), arrived);
    }

    @Test
    void aWorkerHasItsOwnPortsOnly() {
        Topology ring = Generators.ring(4, Defaults.SWITCH, Defaults.LINK);
        Placement two = Placement.blocks(ring, 2);
        Fabric first = new Fabric(ring, two, 0, name -> TraceSink.NONE, port -> FrameTap.NONE);
        Fabric second = new Fabric(ring, two, 1, name -> TraceSink.NONE, port -> FrameTap.NONE);
        assertEquals(ring.ports().size(), first.seams().size() + second.seams().size());
        assertEquals(List.of("switch0", "switch1"), first.switchLanes().stream().map(Lane::name).toList());
        assertEquals(List.of("switch2", "switch3"), second.switchLanes().stream().map(Lane::name).toList());
        assertEquals("node3/port0", second.port(3).name());
        assertThrows(BugException.class, () -> first.port(3));
    }

    @Test
    void aPortWithoutATapCostsNothing() {
        Topology pair = Generators.pair(Defaults.LINK);
        Fabric fabric = new Fabric(pair, Placement.blocks(pair, 1), 0, name -> TraceSink.NONE,
                port -> port == 0 ? FrameTap.NONE : (timePs, number, outbound, origin, bytes) -> {
                });
        FrameSink card = frame -> {
        };
        assertSame(card, fabric.tapped(0, card));
        assertNotSame(card, fabric.tapped(1, card));
    }
}
