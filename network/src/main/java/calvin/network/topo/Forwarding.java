package calvin.network.topo;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The static forwarding tables of all switches: for every node port's MAC address the way with the fewest switches. Of
 * several equally short next ports, by rising number, a destination takes number {@code node index mod count}: the same
 * in every run, spread over the ways, and one way per destination at each switch, so frames between two ports stay in
 * order.
 *
 * <p>Frames for unknown and group addresses go along a spanning tree (breadth first from the lowest switch of each part
 * of the network), so they reach every node once even where switches form circles.
 */
public final class Forwarding {
    private final Table[] tables;

    private Forwarding(Table[] tables) {
        this.tables = tables;
    }

    /** The table of switch {@code index}. */
    public Table of(int index) {
        return tables[index];
    }

    /** One switch's table: immutable, looked up without allocation in O(log n). */
    public static final class Table {
        /** What {@link #portFor} answers for an address that is not in the table. */
        public static final int UNKNOWN = -1;

        private final long[] macs;
        private final int[] ports;
        private final boolean[] floods;

        Table(long[] macs, int[] ports, boolean[] floods) {
            this.macs = macs;
            this.ports = ports;
            this.floods = floods;
        }

        /** Index, at this switch, of the port towards {@code mac}, or {@link #UNKNOWN}. */
        public int portFor(long mac) {
            int at = Arrays.binarySearch(macs, mac);
            return at >= 0 ? ports[at] : UNKNOWN;
        }

        /** Whether frames for unknown and group addresses leave through port {@code index}. */
        public boolean floods(int index) {
            return floods[index];
        }

        public int ports() {
            return floods.length;
        }
    }

    public static Forwarding of(Topology topology) {
        return new Forwarding(new Solver(topology).solve());
    }

    private static final class Solver {
        private static final int FAR = Integer.MAX_VALUE;

        private final Topology topology;
        private final int count;
        private final List<List<TopologyPort>> ports = new ArrayList<>();

        Solver(Topology topology) {
            this.topology = topology;
            count = topology.switches().size();
            for (int s = 0; s < count; s++) {
                ports.add(new ArrayList<>());
            }
            for (TopologyPort port : topology.ports()) {
                if (!port.owner().isNode()) {
                    ports.get(port.owner().index()).add(port);
                }
            }
        }

        Table[] solve() {
            List<TopologyPort> targets = new ArrayList<>();
            for (TopologyPort port : topology.ports()) {
                if (port.owner().isNode() && !ownerOf(port.peer()).isNode()) {
                    targets.add(port);
                }
            }
            // Addresses rise with (port index, node), and binary search wants them sorted.
            targets.sort((a, b) -> Long.compare(a.mac(), b.mac()));
            int[][] distances = new int[count][];
            boolean[][] tree = spanningTree();
            Table[] tables = new Table[count];
            for (int s = 0; s < count; s++) {
                long[] macs = new long[targets.size()];
                int[] next = new int[targets.size()];
                int known = 0;
                for (TopologyPort target : targets) {
                    TopologyPort last = topology.ports().get(target.peer());
                    int home = last.owner().index();
                    if (distances[home] == null) {
                        distances[home] = distancesFrom(home);
                    }
                    int way = home == s ? last.index() : next(s, distances[home], target.owner().index());
                    if (way >= 0) {
                        macs[known] = target.mac();
                        next[known++] = way;
                    }
                }
                tables[s] = new Table(Arrays.copyOf(macs, known), Arrays.copyOf(next, known), tree[s]);
            }
            return tables;
        }

        private int next(int from, int[] distance, int node) {
            int ways = 0;
            for (TopologyPort port : ports.get(from)) {
                ways += nearer(port, from, distance) ? 1 : 0;
            }
            int skip = ways == 0 ? 0 : node % ways;
            for (TopologyPort port : ports.get(from)) {
                if (nearer(port, from, distance) && skip-- == 0) {
                    return port.index();
                }
            }
            return -1;
        }

        private boolean nearer(TopologyPort port, int from, int[] distance) {
            Vertex there = ownerOf(port.peer());
            return !there.isNode() && distance[from] != FAR && distance[there.index()] == distance[from] - 1;
        }

        private int[] distancesFrom(int home) {
            int[] distance = new int[count];
            Arrays.fill(distance, FAR);
            distance[home] = 0;
            ArrayDeque<Integer> queue = new ArrayDeque<>(List.of(home));
            while (!queue.isEmpty()) {
                int s = queue.remove();
                for (TopologyPort port : ports.get(s)) {
                    Vertex there = ownerOf(port.peer());
                    if (!there.isNode() && distance[there.index()] == FAR) {
                        distance[there.index()] = distance[s] + 1;
                        queue.add(there.index());
                    }
                }
            }
            return distance;
        }

        private boolean[][] spanningTree() {
            boolean[][] floods = new boolean[count][];
            for (int s = 0; s < count; s++) {
                floods[s] = new boolean[ports.get(s).size()];
            }
            boolean[] reached = new boolean[count];
            for (int root = 0; root < count; root++) {
                if (!reached[root]) {
                    grow(root, reached, floods);
                }
            }
            return floods;
        }

        private void grow(int root, boolean[] reached, boolean[][] floods) {
            reached[root] = true;
            ArrayDeque<Integer> queue = new ArrayDeque<>(List.of(root));
            while (!queue.isEmpty()) {
                int s = queue.remove();
                for (TopologyPort port : ports.get(s)) {
                    TopologyPort other = topology.ports().get(port.peer());
                    if (other.owner().isNode()) {
                        floods[s][port.index()] = true;
                    } else if (!reached[other.owner().index()]) {
                        reached[other.owner().index()] = true;
                        floods[s][port.index()] = true;
                        floods[other.owner().index()][other.index()] = true;
                        queue.add(other.owner().index());
                    }
                }
            }
        }

        private Vertex ownerOf(int port) {
            return topology.ports().get(port).owner();
        }
    }
}
