package calvin.network.topo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.network.link.LinkSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

class TopologyTest {
    @Test
    void aStarNumbersNodePortsLikeNodes() {
        Topology star = Generators.star(3, Defaults.SWITCH, Defaults.LINK);
        assertEquals(6, star.ports().size());
        for (int i = 0; i < 3; i++) {
            assertEquals("node" + i + "/port0", star.ports().get(i).name());
            assertEquals("switch0/port" + i, star.ports().get(3 + i).name());
            assertEquals(3 + i, star.ports().get(i).peer());
            assertEquals(i, star.ports().get(3 + i).peer());
            assertEquals("10.0.0." + (i + 1), star.ports().get(i).ipv4Text());
            assertEquals(0x0200_0A00_0000L + i + 1, star.ports().get(i).mac());
        }
        assertEquals(Defaults.LINK_LATENCY_PS, star.lookaheadPs());
    }

    @Test
    void aPairIsOneCable() {
        Topology pair = Generators.pair(Defaults.LINK);
        assertEquals(1, pair.ports().get(0).peer());
        assertEquals(0, pair.ports().get(1).peer());
        assertEquals(List.of(), pair.switches());
    }

    @Test
    void addressesCarryOverAfter254() {
        Topology star = Generators.star(600, Defaults.SWITCH, Defaults.LINK);
        assertEquals("10.0.0.254", star.ports().get(253).ipv4Text());
        assertEquals("10.0.1.1", star.ports().get(254).ipv4Text());
        assertEquals("10.0.2.92", star.ports().get(599).ipv4Text());
        assertEquals(600, star.ports().subList(0, 600).stream().map(TopologyPort::mac).distinct().count());
    }

    @Test
    void aSecondPortOfANodeIsInAnotherNet() {
        TopologyBuilder builder = new TopologyBuilder();
        Vertex a = builder.addNode();
        Vertex b = builder.addNode();
        Topology two = builder.link(a, b, Defaults.LINK).link(b, a, Defaults.LINK).build();
        assertEquals(List.of("10.0.0.1", "10.1.0.1", "10.0.0.2", "10.1.0.2"),
                two.ports().stream().map(TopologyPort::ipv4Text).toList());
        assertEquals(List.of(2, 3, 0, 1), two.ports().stream().map(TopologyPort::peer).toList());
        assertEquals(List.of(0, 1), two.portsOf(a).stream().map(TopologyPort::number).toList());
    }

    @Test
    void lookaheadIsTheShortestLink() {
        TopologyBuilder builder = new TopologyBuilder();
        Vertex hub = builder.addSwitch(Defaults.SWITCH);
        builder.link(builder.addNode(), hub, new LinkSpec(300, 1000));
        builder.link(builder.addNode(), hub, new LinkSpec(100, 1000));
        Topology topology = builder.build();
        assertEquals(100, topology.lookaheadPs());
        assertEquals(1, topology.lookaheadLink().index());
        assertEquals(Long.MAX_VALUE, Generators.alone(2).lookaheadPs());
    }

    @Test
    void everyMistakeIsListed() {
        TopologyBuilder builder = new TopologyBuilder();
        Vertex a = builder.addNode();
        builder.link(a, Vertex.switchAt(4), Defaults.LINK);
        builder.link(a, a, new LinkSpec(0, 0));
        TopologyException wrong = assertThrows(TopologyException.class, builder::build);
        assertEquals(4, wrong.problems().size());
        assertTrue(wrong.getMessage().contains("link 0 (node0 - switch4): there is no switch4"), wrong.getMessage());
    }

    @Test
    void placementPutsBlocksOfNodesAndTheirSwitchTogether() {
        Topology ring = Generators.ring(4, Defaults.SWITCH, Defaults.LINK);
        Placement two = Placement.blocks(ring, 2);
        assertEquals(List.of(0, 0, 1, 1), two.ofNodes());
        assertEquals(0, two.ofSwitches().getFirst());
        assertEquals(1, two.ofSwitches().getLast());
        int[] owner = two.workerOfPort(ring);
        assertEquals(ring.ports().size(), owner.length);
        assertEquals(1, owner[3]);
        assertEquals(Defaults.LINK_LATENCY_PS, two.cutLatencyPs(ring));
        assertEquals(Long.MAX_VALUE, Placement.blocks(ring, 1).cutLatencyPs(ring));
    }
}
