package calvin.network.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.sim.check.BugException;
import calvin.sim.fault.Applied;
import calvin.sim.fault.Fault;
import calvin.sim.state.Snapshot;
import calvin.sim.state.StateHash;
import calvin.sim.trace.TraceSink;
import calvin.sim.wire.Frame;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinkEndTest {
    private static final LinkSpec GIGABIT_100 = new LinkSpec(200_000, 100_000_000_000L);

    private final List<Frame> routed = new ArrayList<>();
    private final List<String> tapped = new ArrayList<>();
    private final List<String> traced = new ArrayList<>();

    private LinkEnd end(LinkSpec spec) {
        TraceSink trace = (kind, timePs, component, a, b, c) -> traced
                .add(kind + " " + timePs + " " + component + " " + a + " " + b + " " + c);
        FrameTap tap = (timePs, port, outbound, origin, bytes) -> tapped
                .add(timePs + " " + port + " " + outbound + " " + origin);
        LinkEnd end = new LinkEnd(3, 7, "node3/port0", spec, trace, tap);
        end.connect(routed::add);
        return end;
    }

    @Test
    void aFrameTakesPreambleFcsAndGapOnTheLine() {
        // 1500 bytes + FCS 4 + preamble 8 = 1512 bytes at 80 ps; the gap adds 12.
        assertEquals(1512 * 80, GIGABIT_100.framePs(1500));
        assertEquals(1524 * 80, GIGABIT_100.occupancyPs(1500));
    }

    @Test
    void aShortFrameTakesTheTimeOfTheSmallestFrame() {
        assertEquals((64 + 8 + 12) * 80, GIGABIT_100.occupancyPs(14));
        assertEquals(GIGABIT_100.occupancyPs(60), GIGABIT_100.occupancyPs(14));
        assertTrue(GIGABIT_100.occupancyPs(61) > GIGABIT_100.occupancyPs(60));
        // 148.81 million smallest frames a second is what 100 Gb/s Ethernet is known for.
        assertEquals(148_809_523L, 1_000_000_000_000L / GIGABIT_100.occupancyPs(60));
    }

    @Test
    void anOddBandwidthRoundsUp() {
        LinkSpec odd = new LinkSpec(1, 3_000_000_000L);
        assertEquals((84 * 8 * 1_000_000_000_000L + 2_999_999_999L) / 3_000_000_000L, odd.occupancyPs(60));
    }

    @Test
    void framesFollowEachOtherOnTheLine() {
        LinkEnd end = end(GIGABIT_100);
        assertEquals(1000 + 72 * 80, end.send(1000, new byte[60], -1));
        assertEquals(1000 + 84 * 80, end.freeAtPs());
        end.send(1000, new byte[60], -1);
        end.send(50_000, new byte[60], Frame.origin(9, 5));
        assertEquals(List.of(1000L + 200_000, 1000L + 84 * 80 + 200_000, 250_000L),
                routed.stream().map(Frame::arrivalPs).toList());
        assertEquals(List.of(0L, 1L, 2L), routed.stream().map(Frame::sequence).toList());
        assertEquals(List.of(Frame.origin(3, 0), Frame.origin(3, 1), Frame.origin(9, 5)),
                routed.stream().map(Frame::origin).toList());
        assertEquals(List.of(7, 7, 7), routed.stream().map(Frame::port).toList());
        assertEquals(72 * 80, routed.getFirst().durationPs());
        assertEquals(3, end.sentFrames());
        assertEquals(180, end.sentBytes());
        assertEquals(3 * 84 * 80, end.busyPs());
    }

    @Test
    void aDroppedFrameOccupiesTheLineAndIsSeenByTheSenderOnly() {
        LinkEnd end = end(GIGABIT_100);
        end.arm(new Fault.PacketDrop(42, 3, 1));
        for (int i = 0; i < 3; i++) {
            end.send(0, new byte[60], -1);
        }
        assertEquals(List.of(0L, 2L), routed.stream().map(Frame::sequence).toList());
        assertEquals(2 * 84 * 80 + 200_000, routed.get(1).arrivalPs());
        assertEquals(3, tapped.size());
        assertEquals(List.of(new Applied(42, 84 * 80, Frame.origin(3, 1), -1)), end.applied());
        assertEquals(List.of("FAULT_APPLIED 6720 3 42 " + Frame.origin(3, 1) + " -1",
                "FRAME_DROPPED 6720 3 1 " + Frame.origin(3, 1) + " 60"), traced);
        assertEquals(1, end.droppedFrames());
        assertEquals(3, end.sentFrames());
    }

    @Test
    void aPlaceThatHasPassedNeverFires() {
        LinkEnd end = end(GIGABIT_100);
        end.send(0, new byte[60], -1);
        end.arm(new Fault.PacketDrop(1, 3, 0));
        end.send(0, new byte[60], -1);
        assertEquals(List.of(), end.applied());
        assertEquals(2, routed.size());
    }

    @Test
    void aFaultOfAnotherPortIsRefused() {
        LinkEnd end = end(GIGABIT_100);
        assertFalse(end.owns(new Fault.PacketDrop(1, 4, 0)));
        assertFalse(end.owns(new Fault.RegisterFlip(1, 3, 0, 0, 1, 1)));
        assertThrows(BugException.class, () -> end.arm(new Fault.PacketDrop(1, 4, 0)));
    }

    @Test
    void restoringForgetsFaultsAndKeepsTheLine() {
        LinkEnd first = end(GIGABIT_100);
        first.send(0, new byte[60], -1);
        Snapshot snapshot = Snapshot.take(List.of(first));
        LinkEnd second = end(GIGABIT_100);
        second.arm(new Fault.PacketDrop(1, 3, 1));
        snapshot.restore(List.of(second));
        assertEquals(StateHash.of(first), StateHash.of(second));
        second.send(0, new byte[60], -1);
        assertEquals(List.of(), second.applied());
        assertEquals(84 * 80 + 200_000, routed.getLast().arrivalPs());
        assertEquals(1, routed.getLast().sequence());
    }

    @Test
    void linksWithoutLatencyOrBandwidthAreRefused() {
        assertThrows(BugException.class, () -> end(new LinkSpec(0, 1)));
        assertThrows(BugException.class, () -> end(new LinkSpec(1, 0)));
    }
}
