package calvin.lwk.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.guests.Guests;
import calvin.lwk.abi.BootParams;
import calvin.lwk.abi.Job;
import calvin.machine.board.AddressMap;
import calvin.machine.board.BoardSpec;
import calvin.machine.nic.RdmaCard;
import calvin.machine.nic.verbs.CardSpec;
import calvin.sim.trace.TraceSink;
import calvin.sim.wire.Port;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The RDMA driver on a real card, whose loopback is the network. */
class RdmaSimTest {
    private static final int IPV4 = 0x0A00_0001;

    private static LwkRig rig(int harts) {
        LwkRig rig = new LwkRig(BoardSpec.hpc(harts, 256L << 20, 1));
        RdmaCard card = new RdmaCard(CardSpec.connectX5Class(), 0, RdmaCard.macOf(IPV4), IPV4, rig.machine.dma(),
                rig.lane.queue(), Unplugged.PORT,
                TraceSink.NONE);
        card.attach(rig.lane.addTarget(card));
        rig.machine.addDevice(AddressMap.RDMA, card);
        rig.params.rdmaCard(AddressMap.RDMA).node(0, IPV4).flags(BootParams.FLAG_QUIET);
        return rig;
    }

    /** A port with no cable: the card's loopback does not come here. */
    private static final class Unplugged implements Port {
        static final Unplugged PORT = new Unplugged();

        @Override
        public int number() {
            return 0;
        }

        @Override
        public long freeAtPs() {
            return 0;
        }

        @Override
        public long durationPs(int frameBytes) {
            return frameBytes;
        }

        @Override
        public long send(long timePs, byte[] bytes, long origin) {
            return timePs;
        }
    }

    @Test
    void theDriverChecksTranslatesAndCleansUp() {
        byte[] program = Tools.compile("card.c");
        LwkRig rig = rig(1).jobs(Job.Task.of("first", program), Job.Task.of("second", program)).bootAndRun();
        assertFalse(rig.output().contains("BROKEN"), rig.output());
        assertEquals(List.of(23L, 23L), rig.codes(),
                "the second finds what the first left behind gone:\n" + rig.output());
    }

    @Test
    void withoutACardThereIsNoDevice() {
        LwkRig rig = LwkRig.quiet(Job.Task.of("card", Tools.compile("card.c"))).bootAndRun();
        assertTrue(rig.output().startsWith("BROKEN") && rig.codes().equals(List.of(1L)), rig.output());
    }

    @Test
    void twoRanksOfAJobTalkThroughTheCard() {
        List<Job> ranks = new ArrayList<>();
        for (int rank = 0; rank < 2; rank++) {
            ranks.add(Job.Task.of("pingpong", Guests.get("pingpong").bytes(), "8", "8192", "10").onHart(rank)
                    .withRank(rank).withEnvironment(List.of(
                            "PMI_RANK=" + rank, "PMI_SIZE=2", "CALVIN_JOB_NODES=10.0.0.1,10.0.0.1",
                            "CALVIN_JOB_QPN=1000",
                            "CALVIN_TIMEBASE_HZ=1000000000")));
        }
        LwkRig rig = rig(2).jobs(ranks.toArray(Job[]::new)).bootAndRun();
        assertEquals(List.of(0L, 0L), rig.codes(), rig.output());
        assertTrue(rig.output().lines().count() > 3, rig.output());
    }
}
