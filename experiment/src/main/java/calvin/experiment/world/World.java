package calvin.experiment.world;

import calvin.experiment.plan.ImageStore;
import calvin.experiment.plan.Plan;
import calvin.experiment.report.LaneReport;
import calvin.experiment.trace.TraceLog;
import calvin.machine.board.Engines;
import calvin.machine.board.MachineStats;
import calvin.machine.hart.EngineFactory;
import calvin.network.link.FrameTap;
import calvin.network.link.LinkEnd;
import calvin.network.node.Fabric;
import calvin.network.node.Switch;
import calvin.network.topo.Placement;
import calvin.network.topo.TopologyPort;
import calvin.network.topo.Vertex;
import calvin.sim.event.Lane;
import calvin.sim.event.LanePool;
import calvin.sim.event.Lanes;
import calvin.sim.event.Peers;
import calvin.sim.fault.FaultSeam;
import calvin.sim.state.StateHash;
import calvin.sim.state.Stateful;
import calvin.sim.time.SimTime;
import calvin.sim.trace.TraceSink;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * One process's share of an experiment: its nodes, its switches, its ends of the links, and their lanes. Building it
 * twice from one plan gives equal worlds, so a snapshot of one can be restored into another.
 */
public final class World implements AutoCloseable {
    private final Plan plan;
    private final Placement placement;
    private final int worker;
    private final Fabric fabric;
    private final Lanes lanes;
    private final List<Lane> own = new ArrayList<>();
    private final List<Integer> numbers = new ArrayList<>();
    private final List<NodeUnit> nodes = new ArrayList<>();
    private final Map<String, TraceLog> logs = new LinkedHashMap<>();
    private final Captures captures;

    /**
     * Builds a share.
     *
     * @param captures where frames of observed ports go, {@link Captures#NONE} for nowhere
     * @param traced   whether lanes keep trace records where the plan asks for them
     * @param engine   what executes instructions, which never changes results
     */
    public World(Plan plan, ImageStore images, Placement placement, int worker, LanePool pool, Peers peers,
            Captures captures, boolean traced, EngineFactory engine) {
        this.plan = plan;
        this.placement = placement;
        this.worker = worker;
        this.captures = captures;
        fabric = new Fabric(plan.topology(), placement, worker, name -> sink(name, traced), captures::tap);
        for (Plan.Node node : plan.nodes()) {
            Vertex vertex = Vertex.node(node.number());
            if (placement.workerOf(vertex) == worker) {
                NodeUnit unit = NodeUnit.build(plan, node, images, fabric, sink(vertex.name(), traced),
                        engine);
                nodes.add(unit);
                own.add(unit.lane());
                numbers.add(node.number());
            }
        }
        for (int i = 0; i < plan.topology().switches().size(); i++) {
            if (placement.workerOf(Vertex.switchAt(i)) == worker) {
                numbers.add(plan.nodes().size() + i);
            }
        }
        own.addAll(fabric.switchLanes());
        lanes = new Lanes(own, plan.topology().ports().size(), plan.lookaheadPs(), pool, peers);
        fabric.connect(lanes);
    }

    /** A whole world in this process, unobserved and interpreted: campaigns make thousands that run for moments. */
    public static World alone(Plan plan, ImageStore images) {
        return new World(plan, images, Placement.blocks(plan.topology(), 1), 0, LanePool.SEQUENTIAL, Peers.NONE,
                Captures.NONE, false, Engines.INTERPRETER);
    }

    private TraceSink sink(String name, boolean traced) {
        return traced && plan.messageTrace() ? logs.computeIfAbsent(name, n -> new TraceLog()) : TraceSink.NONE;
    }

    public Plan plan() {
        return plan;
    }

    Lanes lanes() {
        return lanes;
    }

    /** The nodes of this process, by rising number. */
    public List<NodeUnit> nodes() {
        return nodes;
    }

    /** Everything that has state, lane by lane. */
    public List<Stateful> components() {
        List<Stateful> all = new ArrayList<>();
        own.forEach(lane -> all.addAll(lane.components()));
        return all;
    }

    /** Where faults enter, of nodes and of links. */
    public List<FaultSeam> seams() {
        List<FaultSeam> all = new ArrayList<>(fabric.seams());
        nodes.forEach(node -> all.addAll(node.seams()));
        return all;
    }

    /** What all lanes have reached. */
    public long timePs() {
        return own.stream().mapToLong(Lane::timePs).min().orElse(0);
    }

    public long lookaheadPs() {
        return plan.lookaheadPs();
    }

    boolean allDone() {
        for (int i = 0; i < nodes.size(); i++) {
            if (!nodes.get(i).done()) {
                return false;
            }
        }
        return true;
    }

    boolean any(Predicate<NodeUnit> condition) {
        for (int i = 0; i < nodes.size(); i++) {
            if (condition.test(nodes.get(i))) {
                return true;
            }
        }
        return false;
    }

    /** When the last node here ended; 0 without nodes. */
    long lastEndPs() {
        return nodes.stream().mapToLong(NodeUnit::endedPs).max().orElse(0);
    }

    /** When the first node here failed or ended its job, or NEVER. */
    long firstFailurePs() {
        return nodes.stream().filter(node -> node.failed() || node.aborted()).mapToLong(NodeUnit::endedPs).min()
                .orElse(SimTime.NEVER);
    }

    /** Frames that the port's end has sent so far. */
    public long sentFrames(int port) {
        return fabric.port(port).sentFrames();
    }

    /** The hash of each lane, in the order of the plan. */
    public List<String> laneHashes() {
        List<String> hashes = new ArrayList<>();
        for (Lane lane : own) {
            StateHash hash = new StateHash();
            lane.components().forEach(hash::add);
            hashes.add(hash.hex());
        }
        return hashes;
    }

    /** How the machines here were executed. */
    public MachineStats stats() {
        return nodes.stream().map(NodeUnit::stats).reduce(MachineStats.NONE, MachineStats::plus);
    }

    /** What every lane here leaves behind. */
    public List<LaneReport> reports() {
        List<String> hashes = laneHashes();
        List<LaneReport> reports = new ArrayList<>();
        for (int i = 0; i < own.size(); i++) {
            int number = numbers.get(i);
            LaneReport.NodeReport node = i < nodes.size() ? nodes.get(i).report() : null;
            reports.add(new LaneReport(number, hashes.get(i), node, ports(number),
                    logs.getOrDefault(own.get(i).name(), new TraceLog())));
        }
        return reports;
    }

    private List<LaneReport.PortReport> ports(int number) {
        Vertex owner = plan.lanes().get(number);
        List<LaneReport.PortReport> reports = new ArrayList<>();
        for (TopologyPort port : plan.topology().portsOf(owner)) {
            LinkEnd end = fabric.port(port.number());
            Map<String, Long> counters = new LinkedHashMap<>();
            counters.put("sent_frames", end.sentFrames());
            counters.put("sent_bytes", end.sentBytes());
            counters.put("busy_ps", end.busyPs());
            counters.put("dropped_frames", end.droppedFrames());
            if (!owner.isNode()) {
                switchCounters(owner, port, counters);
            }
            reports.add(
                    new LaneReport.PortReport(port.number(), plan.userName(owner) + "/port" + port.index(), counters));
        }
        return reports;
    }

    private void switchCounters(Vertex owner, TopologyPort port, Map<String, Long> counters) {
        for (Switch hub : fabric.switches()) {
            if (hub.stateName().equals(owner.name() + "/switch")) {
                Switch.Counters c = hub.counters(port.index());
                counters.put("received_frames", c.receivedFrames());
                counters.put("received_bytes", c.receivedBytes());
                counters.put("lost_frames", c.lostFrames());
                counters.put("refused_frames", c.refusedFrames());
                counters.put("queued_most_bytes", c.queuedMostBytes());
            }
        }
    }

    /** Writes what was captured before the horizon. */
    public void drainCaptures(long horizonPs) throws IOException {
        captures.drain(horizonPs);
    }

    @Override
    public void close() {
        nodes.forEach(NodeUnit::close);
    }
}
