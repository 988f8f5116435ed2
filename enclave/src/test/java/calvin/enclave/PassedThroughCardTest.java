package calvin.enclave;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.enclave.Workload.VmMemory;
import calvin.guests.Guests;
import calvin.hypervisor.exit.ExitReason;
import calvin.machine.board.BoardSpec;
import calvin.machine.board.Engines;
import calvin.machine.nic.verbs.CardSpec;
import calvin.sim.event.Lane;
import calvin.sim.event.LanePool;
import calvin.sim.event.Lanes;
import calvin.sim.event.Peers;
import calvin.sim.time.SimTime;
import calvin.sim.trace.TraceSink;
import calvin.sim.wire.Frame;
import calvin.sim.wire.FrameRouter;
import calvin.sim.wire.Port;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two nodes with RDMA cards and a cable: MPI between native kernels, and between guests that own the cards. */
final class PassedThroughCardTest {
    private static final long LATENCY_PS = 500 * SimTime.PS_PER_NS;
    private static final int FIRST_IPV4 = 0x0A00_0001;

    /** One end of a 100 Gb/s cable. */
    private static final class Cable implements Port {
        private final int number;
        private FrameRouter router;
        private long freeAtPs;
        private long sequence;

        Cable(int number) {
            this.number = number;
        }

        @Override
        public int number() {
            return number;
        }

        @Override
        public long freeAtPs() {
            return freeAtPs;
        }

        @Override
        public long durationPs(int frameBytes) {
            return (Math.max(frameBytes, 60) + 24) * 80L;
        }

        @Override
        public long send(long timePs, byte[] bytes, long origin) {
            long start = Math.max(timePs, freeAtPs);
            freeAtPs = start + durationPs(bytes.length);
            long name = origin == -1 ? Frame.origin(number, sequence) : origin;
            router.route(new Frame(start + LATENCY_PS, durationPs(bytes.length), 1 - number, number, sequence++, name,
                    bytes));
            return freeAtPs;
        }
    }

    private static Workload workload(int rank, boolean virtual) {
        TaskSpec task = TaskSpec.of("pingpong", Guests.get("pingpong").bytes(), "8", "16384", "20").withRank(rank)
                .withEnvironment(List.of("PMI_RANK=" + rank, "PMI_SIZE=2", "CALVIN_JOB_NODES=10.0.0.1,10.0.0.2",
                        "CALVIN_JOB_QPN=64", "CALVIN_TIMEBASE_HZ=1000000000"));
        return virtual
                ? new Workload.LwkInVm(VmMemory.of(128L << 20), List.of(task), List.of())
                : new Workload.Lwk(List.of(task));
    }

    private record Result(List<Node> nodes, String text) {
        /** Microseconds of half a round trip at 8 bytes: first number of the first row of figures. */
        double latencyUs() {
            for (String line : text.split("\n")) {
                String[] words = line.trim().split("\\s+");
                if (words.length > 1 && words[0].equals("8")) {
                    return Double.parseDouble(words[1].equals("20") ? words[2] : words[1]);
                }
            }
            throw new AssertionError(text);
        }
    }

    private static Result run(boolean firstVirtual, boolean secondVirtual) {
        StringBuilder text = new StringBuilder();
        List<Lane> lanes = new ArrayList<>();
        List<Node> nodes = new ArrayList<>();
        Cable[] cables = {new Cable(0), new Cable(1)};
        for (int i = 0; i < 2; i++) {
            Lane lane = new Lane("node" + i);
            boolean first = i == 0;
            NodeSpec spec = NodeSpec.of(i, workload(i, first ? firstVirtual : secondVirtual))
                    .withCard(CardSpec.connectX5Class(), FIRST_IPV4 + i)
                    .withOptions(KernelOptions.DEFAULT.withQuiet(true));
            Node node = Node.build(lane, BoardSpec.hpc(1, 512L << 20, 1), spec, new NodeWiring(Engines.INTERPRETER,
                    (timePs, value) -> text.append((char) value), TraceSink.NONE, cables[i]));
            lane.addPort(i, node.card().orElseThrow());
            lanes.add(lane);
            nodes.add(node);
        }
        Lanes world = new Lanes(lanes, 2, LATENCY_PS, LanePool.SEQUENTIAL, Peers.NONE);
        cables[0].router = world.outbox();
        cables[1].router = world.outbox();
        world.begin(0);
        while (nodes.stream().anyMatch(node -> node.status().state() == NodeStatus.State.RUNNING)
                && lanes.getFirst().timePs() < 200 * SimTime.PS_PER_MS) {
            world.window(200 * SimTime.PS_PER_MS, horizonPs -> 0);
        }
        return new Result(nodes, text.toString());
    }

    private static long exits(Node node, ExitReason reason) {
        return node.exits().stream().filter(exit -> exit.reason() == reason).mapToLong(ExitCount::count).sum();
    }

    @Test
    void guestsThatOwnCardsExchangeMessagesAsNativeKernelsDo() {
        Result bare = run(false, false);
        Result virtual = run(true, true);
        for (Result result : List.of(bare, virtual)) {
            for (Node node : result.nodes) {
                assertEquals(new NodeStatus(NodeStatus.State.ENDED, 0, ""), node.status(), result.text);
            }
        }
        double ratio = virtual.latencyUs() / bare.latencyUs();
        assertTrue(ratio > 0.98 && ratio < 1.05,
                "virtual / native latency is " + ratio + "\n" + bare.text + virtual.text);
        // Set-up goes through the hypervisor, messages do not.
        long stores = exits(virtual.nodes.getFirst(), ExitReason.MMIO_STORE);
        assertTrue(stores > 10 && stores < 500, stores + " stores to registers");
    }

    @Test
    void aGuestAndANativeKernelExchangeMessages() {
        Result mixed = run(true, false);
        for (Node node : mixed.nodes) {
            assertEquals(new NodeStatus(NodeStatus.State.ENDED, 0, ""), node.status(), mixed.text);
        }
    }
}
