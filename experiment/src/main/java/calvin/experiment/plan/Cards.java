package calvin.experiment.plan;

import calvin.experiment.spec.CardCost;
import calvin.machine.nic.verbs.CardSpec;
import java.util.Locale;

/** The card that a planned node has: the default with the costs that its class sets. */
public final class Cards {
    private static final int BITS_PER_BYTE = 8;

    private Cards() {}

    public static CardSpec of(Plan.Node node, int peers) {
        CardSpec d = CardSpec.connectX5Class();
        int pairs = Math.max(d.queuePairs(), peers + d.queuePairs());
        return new CardSpec(pairs, d.completionQueues(), d.memoryRegions(), d.protectionDomains(),
                d.outstandingMessages(),
                d.outstandingPackets(), d.workSlots(), d.workAhead(), d.transmitBytes(), d.transmitPackets(),
                d.landings(),
                cost(node, CardCost.DOORBELL, d.doorbellPs()), cost(node, CardCost.DMA_READ, d.dmaReadPs()),
                rate(node, CardCost.DMA_READ_BANDWIDTH, d.dmaReadBps()), cost(node, CardCost.DMA_WRITE, d.dmaWritePs()),
                rate(node, CardCost.DMA_WRITE_BANDWIDTH, d.dmaWriteBps()),
                cost(node, CardCost.TRANSMIT, d.transmitPs()),
                cost(node, CardCost.RECEIVE, d.receivePs()), cost(node, CardCost.PACKET_GAP, d.packetGapPs()),
                cost(node, CardCost.COMPLETION, d.completionPs()), d.loopbackPs());
    }

    private static long cost(Plan.Node node, CardCost cost, long absent) {
        return node.card().getOrDefault(cost.name().toLowerCase(Locale.ROOT), absent);
    }

    private static long rate(Plan.Node node, CardCost cost, long absent) {
        return cost(node, cost, absent * BITS_PER_BYTE) / BITS_PER_BYTE;
    }
}
