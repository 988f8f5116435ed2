package calvin.experiment.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.sim.trace.TraceKind;
import calvin.sim.wire.Frame;
import java.util.List;
import org.junit.jupiter.api.Test;

class BreakdownTest {
    private static final long RECEIVE = 128;

    private final TraceLog left = new TraceLog();
    private final TraceLog right = new TraceLog();
    private final TraceLog hub = new TraceLog();
    private long now = 1_000;

    /** One message over a switch, with the given length of each stage. */
    private void send(TraceLog from, TraceLog to, int sender, int receiver, int index, long software) {
        long key = 17L << 32 | index;
        long origin = Frame.origin(sender, index);
        from.record(TraceKind.DOORBELL_RUNG, now += software, sender, key, 0, 0);
        from.record(TraceKind.DOORBELL_SEEN, now += 100, sender, key, 0, 0);
        from.record(TraceKind.WORK_FETCHED, now += 300, sender, key, 2, 40);
        from.record(TraceKind.FRAME_SENT, now += 50, sender, key, origin, 100);
        hub.record(TraceKind.SWITCH_RECEIVED, now += 200, 2, 0, origin, 100);
        hub.record(TraceKind.SWITCH_SENT, now += 250, 3, 0, origin, 100);
        to.record(TraceKind.FRAME_RECEIVED, now += 200, receiver, 0, origin, 100);
        to.record(TraceKind.COMPLETION, now += 400, receiver, 17, origin, RECEIVE | 40L << 32);
        from.record(TraceKind.COMPLETION, now + 1, sender, 17, -1, 0);
    }

    @Test
    void theStagesOfAnAnswerAddUpToTheOneWayLatency() {
        left.record(TraceKind.COMPLETION, now, 0, 17, Frame.origin(1, 1000), RECEIVE);
        for (int i = 0; i < 20; i++) {
            send(left, right, 0, 1, i, 30);
            send(right, left, 1, 0, i, 30);
        }
        List<Message> messages = MessageFinder.find(List.of(left, right, hub));
        assertEquals(40, messages.size());
        Breakdown breakdown = Breakdown.of(messages, 40);
        // All but the first answer another message, and four are warm-up.
        assertEquals(35, breakdown.samples());
        assertEquals(30, breakdown.stagePs(Stage.SOFTWARE));
        assertEquals(100, breakdown.stagePs(Stage.DOORBELL));
        assertEquals(350, breakdown.stagePs(Stage.DMA));
        assertEquals(400, breakdown.stagePs(Stage.WIRE));
        assertEquals(250, breakdown.stagePs(Stage.SWITCH));
        assertEquals(400, breakdown.stagePs(Stage.COMPLETION));
        assertEquals(1530, breakdown.totalPs());
        assertNull(Breakdown.of(messages, 41));
    }

    @Test
    void messagesOfSeveralFramesAreLeftOut() {
        left.record(TraceKind.COMPLETION, now, 0, 17, Frame.origin(1, 1000), RECEIVE);
        send(left, right, 0, 1, 0, 30);
        left.record(TraceKind.FRAME_SENT, now, 0, 17L << 32, Frame.origin(0, 77), 100);
        assertTrue(MessageFinder.find(List.of(left, right, hub)).isEmpty());
    }

    @Test
    void aLogSurvivesItsJourney() throws java.io.IOException {
        send(left, right, 0, 1, 0, 30);
        java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
        left.write(new java.io.DataOutputStream(bytes));
        TraceLog back = TraceLog
                .read(new java.io.DataInputStream(new java.io.ByteArrayInputStream(bytes.toByteArray())));
        assertEquals(left.size(), back.size());
        assertEquals(left.kind(3), back.kind(3));
        assertEquals(left.b(3), back.b(3));
    }
}
