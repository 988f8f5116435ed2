package calvin.enclave;

import calvin.machine.nic.verbs.CardSpec;
import java.util.Optional;

/**
 * One node of an experiment, without its board.
 *
 * @param number   its number in the experiment, from 0
 * @param hostname what its kernel calls it
 * @param workload what runs there
 * @param options  of its lightweight kernels; without meaning for other workloads
 * @param card     its RDMA card, if it has one
 */
public record NodeSpec(int number, String hostname, Workload workload, KernelOptions options, Optional<Card> card) {
    /**
     * An RDMA card at 0x4000_0000 of the node's address map (ADR 0004).
     *
     * @param costs what it is built from
     * @param ipv4  address of its port, 10.0.0.1 = 0x0A000001; the MAC address is 02:00 and these four octets
     */
    public record Card(CardSpec costs, int ipv4) {}

    /** Node {@code number} without a card, with default options. */
    public static NodeSpec of(int number, Workload workload) {
        return new NodeSpec(number, "node" + number, workload, KernelOptions.DEFAULT, Optional.empty());
    }

    public NodeSpec withCard(CardSpec costs, int ipv4) {
        return new NodeSpec(number, hostname, workload, options, Optional.of(new Card(costs, ipv4)));
    }

    public NodeSpec withOptions(KernelOptions value) {
        return new NodeSpec(number, hostname, workload, value, card);
    }
}
