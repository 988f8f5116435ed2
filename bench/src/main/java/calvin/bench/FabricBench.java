package calvin.bench;

import calvin.network.link.FrameTap;
import calvin.network.node.Fabric;
import calvin.network.topo.Defaults;
import calvin.network.topo.Generators;
import calvin.network.topo.Placement;
import calvin.network.topo.Topology;
import calvin.sim.event.Lane;
import calvin.sim.event.LanePool;
import calvin.sim.event.Lanes;
import calvin.sim.event.Peers;
import calvin.sim.time.SimTime;
import calvin.sim.trace.TraceSink;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Frames of 256 bytes around a star: each node sends one to its neighbour for every one it gets, so each frame crosses
 * a link, the switch and a link, in windows as in a run. One operation is 1 ms of virtual time; {@code frames} counts
 * what arrived at nodes, two links and a switch each.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class FabricBench {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final int FRAME_BYTES = 256;
    private static final long SLICE_PS = SimTime.PS_PER_MS;

    /** Frames, and the nanoseconds of CPU time they took: on a busy machine, divide these. */
    @AuxCounters(AuxCounters.Type.EVENTS)
    @State(Scope.Thread)
    public static class Count {
        public long frames;
        public long cpuNs;
    }

    @Param({"2", "16", "128"})
    int nodes;

    private Topology topology;
    private Lanes lanes;
    private long received;
    private long horizonPs;

    @Setup(Level.Iteration)
    public void build() {
        topology = Generators.star(nodes, Defaults.SWITCH, Defaults.LINK);
        Fabric fabric = new Fabric(topology, Placement.blocks(topology, 1), 0, name -> TraceSink.NONE,
                port -> FrameTap.NONE);
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
        horizonPs = 0;
    }

    private byte[] frameTo(int node) {
        byte[] bytes = new byte[FRAME_BYTES];
        long mac = topology.ports().get(node).mac();
        for (int k = 0; k < 6; k++) {
            bytes[k] = (byte) (mac >>> (40 - 8 * k));
        }
        return bytes;
    }

    @Benchmark
    public long around(Count count) {
        long before = received;
        long startNs = THREADS.getCurrentThreadCpuTime();
        long endPs = horizonPs + SLICE_PS;
        while (horizonPs < endPs) {
            horizonPs = lanes.window(endPs, reached -> 0);
        }
        count.cpuNs += THREADS.getCurrentThreadCpuTime() - startNs;
        count.frames += received - before;
        return received;
    }
}
