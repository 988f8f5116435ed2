package calvin.network.topo;

import calvin.network.link.LinkSpec;
import calvin.sim.check.Check;

/** Topologies by their parameters. */
public final class Generators {
    private Generators() {}

    /** {@code nodes} nodes at one switch; node <i>i</i> is at the switch's port <i>i</i>. */
    public static Topology star(int nodes, SwitchSpec switchSpec, LinkSpec link) {
        Check.that(nodes >= 1, "a star needs nodes", nodes);
        TopologyBuilder builder = new TopologyBuilder();
        Vertex hub = builder.addSwitch(switchSpec);
        for (int i = 0; i < nodes; i++) {
            builder.link(builder.addNode(), hub, link);
        }
        return builder.build();
    }

    /** Two nodes and a cable. */
    public static Topology pair(LinkSpec link) {
        TopologyBuilder builder = new TopologyBuilder();
        return builder.link(builder.addNode(), builder.addNode(), link).build();
    }

    /**
     * {@code nodes} switches in a ring with one node each; port 0 of a switch is its node, the others lead to its
     * neighbours.
     */
    public static Topology ring(int nodes, SwitchSpec switchSpec, LinkSpec link) {
        Check.that(nodes >= 3, "a ring needs three nodes or more", nodes);
        TopologyBuilder builder = new TopologyBuilder();
        Vertex[] switches = new Vertex[nodes];
        for (int i = 0; i < nodes; i++) {
            switches[i] = builder.addSwitch(switchSpec);
            builder.link(builder.addNode(), switches[i], link);
        }
        for (int i = 0; i < nodes; i++) {
            builder.link(switches[i], switches[(i + 1) % nodes], link);
        }
        return builder.build();
    }

    /** Nodes without a network. */
    public static Topology alone(int nodes) {
        TopologyBuilder builder = new TopologyBuilder();
        for (int i = 0; i < nodes; i++) {
            builder.addNode();
        }
        return builder.build();
    }
}
