package calvin.network.topo;

import calvin.network.link.LinkSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * Collects nodes, switches and links, and numbers them into a {@link Topology}. The order of the calls is the order of
 * the numbers, so equal calls give equal topologies.
 */
public final class TopologyBuilder {
    private final List<SwitchSpec> switches = new ArrayList<>();
    private final List<Cable> cables = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private int nodes;

    private record Cable(Vertex left, Vertex right, LinkSpec spec) {}

    public Vertex addNode() {
        return Vertex.node(nodes++);
    }

    public Vertex addSwitch(SwitchSpec spec) {
        if (spec.forwardingPs() < 0 || spec.bufferBytes() < 0) {
            problems.add("switch" + switches.size() + ": forwarding latency and buffer must not be negative");
        }
        switches.add(spec);
        return Vertex.switchAt(switches.size() - 1);
    }

    /** Declares a cable; each end gets the next port of its owner. */
    public TopologyBuilder link(Vertex left, Vertex right, LinkSpec spec) {
        String what = "link " + cables.size() + " (" + left.name() + " - " + right.name() + "): ";
        if (!exists(left) || !exists(right)) {
            problems.add(what + "there is no " + (exists(left) ? right : left).name());
        }
        if (left.equals(right)) {
            problems.add(what + "both ends are at the same place");
        }
        if (spec.latencyPs() <= 0) {
            problems.add(what + "the latency must be positive, for it is the lookahead of the simulation");
        }
        if (spec.bandwidthBps() <= 0) {
            problems.add(what + "the bandwidth must be positive");
        }
        cables.add(new Cable(left, right, spec));
        return this;
    }

    private boolean exists(Vertex v) {
        return v.index() >= 0 && v.index() < (v.isNode() ? nodes : switches.size());
    }

    /** @throws TopologyException with everything that is wrong */
    public Topology build() {
        if (nodes > TopologyPort.MAX_NODES) {
            problems.add(nodes + " nodes, but there are addresses for " + TopologyPort.MAX_NODES);
        }
        if (!problems.isEmpty()) {
            throw new TopologyException(problems);
        }
        int[] first = firstPorts();
        int[] used = new int[first.length];
        TopologyPort[] ports = new TopologyPort[2 * cables.size()];
        List<TopologyLink> links = new ArrayList<>();
        for (int i = 0; i < cables.size(); i++) {
            Cable cable = cables.get(i);
            int leftSlot = slot(cable.left);
            int rightSlot = slot(cable.right);
            int leftIndex = used[leftSlot]++;
            int rightIndex = used[rightSlot]++;
            int left = first[leftSlot] + leftIndex;
            int right = first[rightSlot] + rightIndex;
            ports[left] = port(left, cable.left, leftIndex, right, i);
            ports[right] = port(right, cable.right, rightIndex, left, i);
            links.add(new TopologyLink(i, left, right, cable.spec));
        }
        return new Topology(nodes, switches, links, List.of(ports));
    }

    private int slot(Vertex v) {
        return v.isNode() ? v.index() : nodes + v.index();
    }

    private int[] firstPorts() {
        int[] count = new int[nodes + switches.size()];
        for (Cable cable : cables) {
            count[slot(cable.left)]++;
            count[slot(cable.right)]++;
        }
        List<String> crowded = new ArrayList<>();
        int[] first = new int[count.length];
        int next = 0;
        for (int i = 0; i < count.length; i++) {
            first[i] = next;
            next += count[i];
            if (i < nodes && count[i] > TopologyPort.MAX_NODE_PORTS) {
                crowded.add("node" + i + " has " + count[i] + " ports, at most " + TopologyPort.MAX_NODE_PORTS
                        + " have addresses");
            }
        }
        if (!crowded.isEmpty()) {
            throw new TopologyException(crowded);
        }
        return first;
    }

    private static TopologyPort port(int number, Vertex owner, int index, int peer, int link) {
        int ipv4 = owner.isNode() ? TopologyPort.ipv4(owner.index(), index) : 0;
        long mac = owner.isNode() ? TopologyPort.macOf(ipv4) : 0;
        return new TopologyPort(number, owner, index, peer, link, ipv4, mac);
    }
}
