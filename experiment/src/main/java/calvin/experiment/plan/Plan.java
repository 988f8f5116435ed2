package calvin.experiment.plan;

import calvin.machine.timing.Fidelity;
import calvin.network.topo.Topology;
import calvin.network.topo.Vertex;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a process needs in order to build and run its part of the world. Nodes are numbered from 0 in the order of the
 * file; the world's own names are {@code node0}, {@code switch0}; users may have given others.
 *
 * @param switchNames the users' names of the switches
 * @param untilPs the virtual time at which the run ends at the latest
 */
public record Plan(String name, long seed, long untilPs, List<Image> images, List<Node> nodes, List<String> switchNames,
        Topology topology, List<Integer> capturedPorts, boolean messageTrace) {
    /** Virtual time without any link: the length of a window where nothing is exchanged. */
    private static final long LONE_LOOKAHEAD_PS = 10_000_000L;
    /** The port of a node without a link. */
    public static final int NO_PORT = -1;

    /** An image by content. */
    public record Image(String name, String sha256, long bytes) {}

    /**
     * One node.
     *
     * @param name what users call it
     * @param port its card's port, or {@link #NO_PORT}: then it has no card
     * @param ipv4 the card's address
     * @param card costs of the card that differ from the default
     */
    public record Node(int number, String name, String board, int harts, long memoryBytes, long hartPeriodPs,
            int numaNodes, Fidelity fidelity, int port, int ipv4, Map<String, Long> card, Work work) {
        public boolean hasCard() {
            return port != NO_PORT;
        }
    }

    /**
     * What runs on a node.
     *
     * @param image         hash of the kernel image for the kinds that have one, else empty
     * @param guestMemoryBytes memory of the virtual machine for the kinds that have one, else 0
     * @param tasks         tasks of the lightweight kernel; in its virtual machine for {@link Kind#LWK_IN_VM}
     * @param hostTasks     tasks of the host's lightweight kernel where there is a virtual machine
     */
    public record Work(Kind kind, String name, String image, String append, long guestMemoryBytes, List<Task> tasks,
            List<Task> hostTasks) {
        /** Who owns the node. */
        public enum Kind {
            LWK, LWK_IN_VM, KERNEL_IN_VM, KERNEL
        }
    }

    /**
     * A task of a lightweight kernel.
     *
     * @param image      hash of the program's image
     * @param heapBytes  0 for the default
     * @param stackBytes 0 for the default
     * @param job        the parallel job it is a rank of, empty for none
     * @param rank       in its job
     */
    public record Task(String name, String image, List<String> arguments, List<String> environment, long heapBytes,
            long stackBytes,
            String job, int rank) {}

    /** The vertex's own name, or the one that users gave it. */
    public String userName(Vertex vertex) {
        return vertex.isNode() ? nodes.get(vertex.index()).name() : switchNames.get(vertex.index());
    }

    /** Node of that name, or null. */
    public Node node(String userName) {
        return nodes.stream().filter(node -> node.name().equals(userName)).findFirst().orElse(null);
    }

    /** How far lanes may run apart: the smallest latency of any link. */
    public long lookaheadPs() {
        return topology.links().isEmpty() ? LONE_LOOKAHEAD_PS : topology.lookaheadPs();
    }

    /** Lanes in the order of the state hash: nodes by number, then switches. */
    public List<Vertex> lanes() {
        List<Vertex> all = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            all.add(Vertex.node(i));
        }
        for (int i = 0; i < topology.switches().size(); i++) {
            all.add(Vertex.switchAt(i));
        }
        return all;
    }
}
