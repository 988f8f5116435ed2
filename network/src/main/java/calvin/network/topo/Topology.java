package calvin.network.topo;

import calvin.sim.time.SimTime;
import java.util.List;

/**
 * A network as a table. Ports are numbered by owner: first those of node 0, then those of node 1, and so on, then those
 * of the switches; so the ports of one owner are neighbours, and in a network of single-port nodes node <i>i</i> has
 * port <i>i</i>.
 *
 * @param nodes    number of nodes; a node may have no port
 * @param switches the switches in their order
 * @param links    the links in the order in which they were declared
 * @param ports    entry <i>n</i> is port number <i>n</i>
 */
public record Topology(int nodes, List<SwitchSpec> switches, List<TopologyLink> links, List<TopologyPort> ports) {
    public Topology {
        switches = List.copyOf(switches);
        links = List.copyOf(links);
        ports = List.copyOf(ports);
    }

    /** The ports of a node or switch, by their index there. */
    public List<TopologyPort> portsOf(Vertex owner) {
        int low = 0;
        for (int high = ports.size(); low < high;) {
            int middle = low + high >>> 1;
            if (before(ports.get(middle).owner(), owner)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        int end = low;
        while (end < ports.size() && ports.get(end).owner().equals(owner)) {
            end++;
        }
        return ports.subList(low, end);
    }

    private static boolean before(Vertex left, Vertex right) {
        return left.isNode() == right.isNode() ? left.index() < right.index() : left.isNode();
    }

    /** The smallest latency of any link, {@link SimTime#NEVER} without links. */
    public long lookaheadPs() {
        long least = SimTime.NEVER;
        for (TopologyLink link : links) {
            least = Math.min(least, link.spec().latencyPs());
        }
        return least;
    }

    /** The link that sets {@link #lookaheadPs()}, for the plan's reader, or null without links. */
    public TopologyLink lookaheadLink() {
        for (TopologyLink link : links) {
            if (link.spec().latencyPs() == lookaheadPs()) {
                return link;
            }
        }
        return null;
    }
}
