package calvin.network.topo;

import calvin.sim.check.Check;
import calvin.sim.time.SimTime;
import java.util.List;

/**
 * Which worker process advances which part of the world. It has no effect on results.
 *
 * @param workers    number of worker processes
 * @param ofNodes    entry <i>i</i> is the worker of node <i>i</i>
 * @param ofSwitches the same for switches
 */
public record Placement(int workers, List<Integer> ofNodes, List<Integer> ofSwitches) {
    public Placement {
        ofNodes = List.copyOf(ofNodes);
        ofSwitches = List.copyOf(ofSwitches);
    }

    /**
     * Nodes in equal consecutive blocks; each switch where most of its nodes are, and those without nodes where most of
     * the switches around them are that have been placed before; the lowest worker of several.
     */
    public static Placement blocks(Topology topology, int workers) {
        Check.that(workers >= 1, "a placement needs workers", workers);
        int n = topology.nodes();
        Integer[] nodes = new Integer[n];
        for (int i = 0; i < n; i++) {
            nodes[i] = (int) ((long) i * workers / n);
        }
        Integer[] switches = new Integer[topology.switches().size()];
        for (int s = 0; s < switches.length; s++) {
            int[] votes = new int[workers];
            if (vote(topology, s, nodes, switches, true, votes)) {
                switches[s] = most(votes);
            }
        }
        for (int s = 0; s < switches.length; s++) {
            if (switches[s] == null) {
                int[] votes = new int[workers];
                vote(topology, s, nodes, switches, false, votes);
                switches[s] = most(votes);
            }
        }
        return new Placement(workers, List.of(nodes), List.of(switches));
    }

    /** Counts where the neighbours of a switch are; returns whether it has any that count. */
    private static boolean vote(Topology topology, int s, Integer[] nodes, Integer[] switches, boolean byNodes,
            int[] votes) {
        boolean any = false;
        for (TopologyPort port : topology.portsOf(Vertex.switchAt(s))) {
            Vertex there = topology.ports().get(port.peer()).owner();
            Integer worker = there.isNode() ? nodes[there.index()] : switches[there.index()];
            if (there.isNode() == byNodes && worker != null) {
                votes[worker]++;
                any = true;
            }
        }
        return any;
    }

    private static int most(int[] votes) {
        int best = 0;
        for (int w = 1; w < votes.length; w++) {
            best = votes[w] > votes[best] ? w : best;
        }
        return best;
    }

    public int workerOf(Vertex vertex) {
        return (vertex.isNode() ? ofNodes : ofSwitches).get(vertex.index());
    }

    /** Entry <i>n</i> is the worker that owns port number <i>n</i>. */
    public int[] workerOfPort(Topology topology) {
        int[] owner = new int[topology.ports().size()];
        for (TopologyPort port : topology.ports()) {
            owner[port.number()] = workerOf(port.owner());
        }
        return owner;
    }

    /** The smallest latency of a link between two workers, {@link SimTime#NEVER} if there is none. */
    public long cutLatencyPs(Topology topology) {
        long least = SimTime.NEVER;
        int[] owner = workerOfPort(topology);
        for (TopologyLink link : topology.links()) {
            if (owner[link.left()] != owner[link.right()]) {
                least = Math.min(least, link.spec().latencyPs());
            }
        }
        return least;
    }
}
