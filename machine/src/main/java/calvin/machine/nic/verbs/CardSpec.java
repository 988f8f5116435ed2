package calvin.machine.nic.verbs;

import calvin.sim.check.Check;

/**
 * What a card is built from: how many objects it has room for, how deep its pipelines are, and what each step costs
 * in picoseconds of virtual time. {@code docs/rdma-card.md} gives the sources of the defaults.
 *
 * @param queuePairs          contexts; each costs about 300 bytes of state
 * @param completionQueues    contexts
 * @param memoryRegions       entries
 * @param protectionDomains   entries
 * @param outstandingMessages messages begun and not yet completed, of all queue pairs together, beyond one for each
 * @param outstandingPackets  packets one queue pair may have sent without an acknowledgement, at most 2^22
 * @param workSlots           SQ entries fetched and not yet sent, of all queue pairs together
 * @param workAhead           of these, at most so many for one queue pair
 * @param transmitBytes       payload gathered and not yet sent, of all queue pairs together; at least two packets of
 *                            the largest MTU
 * @param transmitPackets     packets gathered and not yet sent, of all queue pairs together
 * @param landings            writes to memory in flight on the receiving side; a packet that finds none free is dropped
 * @param doorbellPs          a posted MMIO write's way from the hart to the card
 * @param dmaReadPs           round trip of a DMA read, without its data
 * @param dmaReadBps          bytes per second of DMA reads
 * @param dmaWritePs          a posted DMA write's way to where harts see it, without its data
 * @param dmaWriteBps         bytes per second of DMA writes
 * @param transmitPs          from a packet's last gathered byte to its first bit on an idle line
 * @param receivePs           from a packet's last bit to the first byte of its DMA write, or to its ACK on an idle line
 * @param packetGapPs         least time between two packets in each direction: the message rate
 * @param completionPs        from the last payload byte being visible to the completion entry being visible
 * @param loopbackPs          from the transmit to the receive pipeline inside the card
 */
public record CardSpec(int queuePairs, int completionQueues, int memoryRegions, int protectionDomains,
        int outstandingMessages, int outstandingPackets, int workSlots, int workAhead, int transmitBytes,
        int transmitPackets, int landings, long doorbellPs, long dmaReadPs, long dmaReadBps, long dmaWritePs,
        long dmaWriteBps, long transmitPs, long receivePs, long packetGapPs, long completionPs, long loopbackPs) {
    private static final int MAX_OBJECTS = 1 << 16;

    public CardSpec {
        Check.that(queuePairs > 0 && queuePairs <= MAX_OBJECTS, "queue pairs", queuePairs);
        Check.that(completionQueues > 0 && completionQueues <= MAX_OBJECTS, "completion queues", completionQueues);
        Check.that(memoryRegions > 0 && memoryRegions <= MAX_OBJECTS, "memory regions", memoryRegions);
        Check.that(protectionDomains > 0 && protectionDomains <= MAX_OBJECTS, "protection domains", protectionDomains);
        Check.that(outstandingMessages > 0 && outstandingMessages <= MAX_OBJECTS, "outstanding messages",
                outstandingMessages);
        Check.that(outstandingPackets > 1 && outstandingPackets <= 1 << 22, "outstanding packets", outstandingPackets);
        Check.that(workAhead > 0 && workAhead <= workSlots, "work ahead", workAhead, workSlots);
        Check.that(transmitBytes >= 2 * CardState.MAX_MTU, "transmit bytes", transmitBytes);
        Check.that(transmitPackets > 1, "transmit packets", transmitPackets);
        Check.that(landings >= 2 * CardState.LANDINGS_PER_PACKET, "landings", landings);
        Check.that(Math.min(dmaReadBps, dmaWriteBps) > 1_000_000, "DMA bandwidth", Math.min(dmaReadBps, dmaWriteBps));
    }

    /** A 100 Gb/s card of the ConnectX-5 class in a PCIe 3.0 x16 slot. */
    public static CardSpec connectX5Class() {
        // @formatter:off
        return new CardSpec(256, 256, 1024, 64, 512, 128, 32, 4, 16_384, 64, 128,
                137_000,              // doorbell: PCIe one way
                320_000,              // DMA read: PCIe both ways and the memory behind it
                13_900_000_000L,      // PCIe 3.0 x16, 256-byte payloads
                137_000,              // DMA write: PCIe one way
                13_900_000_000L,
                75_000,               // transmit pipeline
                75_000,               // receive pipeline
                5_000,                // 200 million messages per second
                20_000,               // completion entry
                100_000);             // loopback
        // @formatter:on
    }

    /**
     * The same card with room for {@code count} queue pairs: a job that connects all its ranks needs one for each
     * peer.
     */
    public CardSpec withQueuePairs(int count) {
        return new CardSpec(count, completionQueues, memoryRegions, protectionDomains, outstandingMessages,
                outstandingPackets, workSlots,
                workAhead, transmitBytes, transmitPackets, landings, doorbellPs, dmaReadPs, dmaReadBps, dmaWritePs,
                dmaWriteBps, transmitPs,
                receivePs, packetGapPs, completionPs, loopbackPs);
    }
}
