package calvin.enclave;

import java.util.Optional;

/**
 * One node of an experiment, without its hardware (which a board specification describes).
 *
 * @param name     the node's name and the prefix of its components' state names, for example {@code node0}
 * @param number   its number in the experiment, from 0
 * @param workload what runs there
 * @param card     its RDMA card, if it has one
 */
public record NodeSpec(String name, int number, Workload workload, Optional<CardSpec> card) {
    /**
     * An RDMA card at 0x4000_0000 of the node's address map (ADR 0004).
     *
     * @param ipv4 address of the port, 10.0.0.1 = 0x0A000001; the MAC address is 02:00 and these four octets
     */
    public record CardSpec(int ipv4) {
        public long mac() {
            return 0x0200_0000_0000L | ipv4 & 0xFFFF_FFFFL;
        }
    }
}
