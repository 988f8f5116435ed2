package calvin.network.topo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ForwardingTest {
    /** Follows the tables from a switch to the node with {@code mac}; returns the switches on the way. */
    private static List<Integer> walk(Topology topology, Forwarding tables, int from, long mac) {
        List<Integer> way = new ArrayList<>();
        int at = from;
        while (way.size() <= topology.switches().size()) {
            way.add(at);
            int out = tables.of(at).portFor(mac);
            TopologyPort port = topology.portsOf(Vertex.switchAt(at)).get(out);
            TopologyPort there = topology.ports().get(port.peer());
            if (there.owner().isNode()) {
                assertEquals(mac, there.mac());
                return way;
            }
            at = there.owner().index();
        }
        throw new AssertionError("frames go in a circle: " + way);
    }

    @Test
    void aStarSendsEveryAddressToItsPort() {
        Topology star = Generators.star(300, Defaults.SWITCH, Defaults.LINK);
        Forwarding.Table table = Forwarding.of(star).of(0);
        for (int i = 0; i < 300; i++) {
            assertEquals(i, table.portFor(star.ports().get(i).mac()));
            assertTrue(table.floods(i));
        }
        assertEquals(Forwarding.Table.UNKNOWN, table.portFor(0x0200_0AFF_FFFFL));
    }

    @Test
    void everyPairOfARingIsJoinedByAShortestWay() {
        int n = 9;
        Topology ring = Generators.ring(n, Defaults.SWITCH, Defaults.LINK);
        Forwarding tables = Forwarding.of(ring);
        for (int from = 0; from < n; from++) {
            for (int to = 0; to < n; to++) {
                int ahead = Math.floorMod(to - from, n);
                List<Integer> way = walk(ring, tables, from, ring.ports().get(to).mac());
                assertEquals(1 + Math.min(ahead, n - ahead), way.size());
            }
        }
    }

    @Test
    void equallyShortWaysAreSharedByDestination() {
        // Two leaves with four nodes each and two spines: a folded Clos.
        TopologyBuilder builder = new TopologyBuilder();
        Vertex[] leaves = {builder.addSwitch(Defaults.SWITCH), builder.addSwitch(Defaults.SWITCH)};
        Vertex[] spines = {builder.addSwitch(Defaults.SWITCH), builder.addSwitch(Defaults.SWITCH)};
        for (Vertex leaf : leaves) {
            for (int i = 0; i < 4; i++) {
                builder.link(builder.addNode(), leaf, Defaults.LINK);
            }
            for (Vertex spine : spines) {
                builder.link(leaf, spine, Defaults.LINK);
            }
        }
        Topology clos = builder.build();
        Forwarding tables = Forwarding.of(clos);
        int[] load = new int[4];
        for (int to = 4; to < 8; to++) {
            List<Integer> way = walk(clos, tables, 0, clos.ports().get(to).mac());
            assertEquals(3, way.size());
            load[way.get(1)]++;
        }
        assertEquals("[0, 0, 2, 2]", Arrays.toString(load));
    }

    @Test
    void floodingInARingReachesEveryNodeOnce() {
        int n = 6;
        Topology ring = Generators.ring(n, Defaults.SWITCH, Defaults.LINK);
        Forwarding tables = Forwarding.of(ring);
        int[] reached = new int[n];
        // (switch, port it came in by); follow all copies.
        List<int[]> copies = new ArrayList<>(List.of(new int[]{2, 0}));
        for (int done = 0; done < copies.size(); done++) {
            assertTrue(done < 100, "the flood does not end");
            int[] copy = copies.get(done);
            for (TopologyPort port : ring.portsOf(Vertex.switchAt(copy[0]))) {
                if (port.index() != copy[1] && tables.of(copy[0]).floods(port.index())) {
                    TopologyPort there = ring.ports().get(port.peer());
                    if (there.owner().isNode()) {
                        reached[there.owner().index()]++;
                    } else {
                        copies.add(new int[]{there.owner().index(), there.index()});
                    }
                }
            }
        }
        assertEquals("[1, 1, 0, 1, 1, 1]", Arrays.toString(reached));
    }

    @Test
    void partsOfANetworkThatAreNotLinkedHaveNoWay() {
        TopologyBuilder builder = new TopologyBuilder();
        for (int part = 0; part < 2; part++) {
            Vertex hub = builder.addSwitch(Defaults.SWITCH);
            builder.link(builder.addNode(), hub, Defaults.LINK).link(builder.addNode(), hub, Defaults.LINK);
        }
        Topology two = builder.build();
        assertEquals(Forwarding.Table.UNKNOWN, Forwarding.of(two).of(0).portFor(two.ports().get(2).mac()));
        assertEquals(0, Forwarding.of(two).of(1).portFor(two.ports().get(2).mac()));
    }
}
