package calvin.machine.nic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.sim.state.Snapshot;
import org.junit.jupiter.api.Test;

class SnapshotTest {
    /** Frames 3 of port 0 and 2 of port 1 are lost, so that retries are part of what is saved. */
    private static Rig rig() {
        Rig.Plan plan = Exchange.plan();
        plan.ramBytes = 128 << 10;
        Rig rig = new Rig(plan);
        rig.wire.capture = false;
        rig.wire.hand = (port, ordinal, frame, deliver) -> {
            if (ordinal != 3 - port) {
                deliver.accept(frame);
            }
        };
        return rig;
    }

    @Test
    void anExchangeEndsTheSameFromASnapshotAtAnyTime() {
        Rig straight = rig();
        new Exchange(straight).begin();
        straight.run();
        String expected = straight.hash();
        Rig cut = rig();
        new Exchange(cut).begin();
        int cuts = 0;
        while (cut.lane.queue().size() > 0) {
            Snapshot snapshot = Snapshot.take(cut.components());
            String before = cut.hash();
            Rig fork = rig();
            snapshot.restore(fork.components());
            assertEquals(before, fork.hash(), "state right after restore, cut " + cuts);
            fork.run();
            assertEquals(expected, fork.hash(), "final state, cut " + cuts);
            cut.step();
            cuts++;
        }
        assertTrue(cuts > 100, cuts + " cuts");
        assertEquals(expected, cut.hash());
    }

    @Test
    void equalRunsHaveEqualHashesAndOtherRunsOthers() {
        Rig one = rig();
        new Exchange(one).begin();
        one.run();
        Rig two = rig();
        two.wire.hand = TestWire.HONEST;
        new Exchange(two).begin();
        two.run();
        assertTrue(!one.hash().equals(two.hash()));
    }

    @Test
    void eventsFromBeforeAResetFindNobody() {
        Rig rig = rig();
        new Exchange(rig).begin();
        for (int i = 0; i < 40; i++) {
            rig.step();
        }
        rig.a.card.reset();
        rig.run();
        assertEquals(0, rig.a.card.counter(calvin.machine.nic.verbs.Counter.COMPLETIONS));
        assertEquals(6, rig.pairB.state(), "the other side gives up");
    }
}
