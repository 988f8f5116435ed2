package calvin.network.node;

import calvin.network.link.FrameTap;
import calvin.network.link.LinkEnd;
import calvin.network.topo.Forwarding;
import calvin.network.topo.Placement;
import calvin.network.topo.Topology;
import calvin.network.topo.TopologyPort;
import calvin.network.topo.Vertex;
import calvin.sim.check.Check;
import calvin.sim.event.Lane;
import calvin.sim.event.Lanes;
import calvin.sim.fault.FaultSeam;
import calvin.sim.trace.TraceSink;
import calvin.sim.wire.Frame;
import calvin.sim.wire.FrameRouter;
import calvin.sim.wire.FrameSink;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * One worker's share of a network: a lane for each of its switches, and the sending halves of its nodes' ports.
 *
 * <pre>{@code
 * Fabric fabric = new Fabric(topology, placement, worker, traces, taps);
 * Port port = fabric.port(p);                         // give it to node's card, then:
 * nodeLane.addPort(p, fabric.tapped(p, card));        // and nodeLane.addPart(fabric.port(p))
 * List<Lane> all = nodes' lanes + fabric.switchLanes();
 * Lanes lanes = new Lanes(all, topology.ports().size(), topology.lookaheadPs(), pool, peers);
 * fabric.connect(lanes);
 * }</pre>
 */
public final class Fabric {
    private final Topology topology;
    private final LinkEnd[] ends;
    private final FrameTap[] taps;
    private final List<Lane> switchLanes = new ArrayList<>();
    private final List<Switch> switches = new ArrayList<>();

    /**
     * @param traces the trace sink of a lane, asked once for each node and switch by its name, for example
     *               {@code switch0}
     * @param taps   the tap of a port, asked once for each port by its number
     */
    public Fabric(Topology topology, Placement placement, int worker, Function<String, TraceSink> traces,
            IntFunction<FrameTap> taps) {
        this.topology = topology;
        this.ends = new LinkEnd[topology.ports().size()];
        this.taps = new FrameTap[ends.length];
        Forwarding forwarding = Forwarding.of(topology);
        for (int i = 0; i < topology.nodes(); i++) {
            Vertex node = Vertex.node(i);
            if (placement.workerOf(node) == worker) {
                makeEnds(node, traces.apply(node.name()), taps);
            }
        }
        for (int i = 0; i < topology.switches().size(); i++) {
            Vertex place = Vertex.switchAt(i);
            if (placement.workerOf(place) == worker) {
                TraceSink trace = traces.apply(place.name());
                Lane lane = new Lane(place.name());
                LinkEnd[] own = makeEnds(place, trace, taps);
                FrameTap[] ownTaps = new FrameTap[own.length];
                for (int p = 0; p < own.length; p++) {
                    ownTaps[p] = this.taps[own[p].number()];
                }
                switches.add(new Switch(place.name(), lane, topology.switches().get(i), forwarding.of(i), own,
                        ownTaps, trace));
                switchLanes.add(lane);
            }
        }
    }

    private LinkEnd[] makeEnds(Vertex owner, TraceSink trace, IntFunction<FrameTap> tapOf) {
        List<TopologyPort> ports = topology.portsOf(owner);
        LinkEnd[] made = new LinkEnd[ports.size()];
        for (int i = 0; i < made.length; i++) {
            TopologyPort port = ports.get(i);
            taps[port.number()] = tapOf.apply(port.number());
            made[i] = new LinkEnd(port.number(), port.peer(), port.name(), topology.links().get(port.link()).spec(),
                    trace, taps[port.number()]);
            ends[port.number()] = made[i];
        }
        return made;
    }

    /** The sending half of a port of this worker. */
    public LinkEnd port(int number) {
        Check.that(ends[number] != null, "port belongs to another worker", number);
        return ends[number];
    }

    /** What a node's lane registers for its port: shows each frame to the port's tap and gives it to {@code card}. */
    public FrameSink tapped(int number, FrameSink card) {
        Check.that(taps[number] != null, "port belongs to another worker", number);
        FrameTap tap = taps[number];
        return tap == FrameTap.NONE ? card : (Frame frame) -> {
            tap.frame(frame.arrivalPs(), number, false, frame.origin(), frame.bytes());
            card.onFrame(frame);
        };
    }

    /** This worker's switches have one lane each. */
    public List<Lane> switchLanes() {
        return List.copyOf(switchLanes);
    }

    public List<Switch> switches() {
        return List.copyOf(switches);
    }

    /** The link ends of this worker by rising port number: where {@link calvin.sim.fault.Fault.PacketDrop} enters. */
    public List<FaultSeam> seams() {
        List<FaultSeam> seams = new ArrayList<>();
        for (LinkEnd end : ends) {
            if (end != null) {
                seams.add(end);
            }
        }
        return seams;
    }

    /** Gives every node and switch of this worker an outbox of {@code lanes}. Call once, when all lanes are made. */
    public void connect(Lanes lanes) {
        Vertex owner = null;
        FrameRouter outbox = null;
        for (LinkEnd end : ends) {
            if (end != null) {
                Vertex here = topology.ports().get(end.number()).owner();
                // Ports are numbered by owner, so one owner's ports come in a row.
                if (!here.equals(owner)) {
                    owner = here;
                    outbox = lanes.outbox();
                }
                end.connect(outbox);
            }
        }
    }
}
