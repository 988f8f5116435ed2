package calvin.sim.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.sim.check.BugException;
import calvin.sim.state.Snapshot;
import calvin.sim.time.SimTime;
import calvin.sim.wire.Frame;
import calvin.sim.wire.FrameRouter;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Exchanger;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class LanesTest {
    private static final int LANES = 12;
    private static final long END_PS = 400_000;

    private static TreeMap<String, String> straight(long seed) {
        PholdWorld world = new PholdWorld(seed, LANES, 0, 1, LanePool.SEQUENTIAL, Peers.NONE);
        world.runUntil(END_PS);
        return PholdWorld.hashes(world);
    }

    /** Two processes that meet in memory. */
    private static final class Pair {
        private record Said(List<Frame> frames, long nextPs, long status) {}

        private final Exchanger<Said> desk = new Exchanger<>();

        Peers side() {
            return (out, nextPs, status) -> {
                try {
                    Said other = desk.exchange(new Said(List.copyOf(out), nextPs, status), 20, TimeUnit.SECONDS);
                    return new Peers.Answer(other.frames, other.nextPs, other.status);
                } catch (InterruptedException | TimeoutException e) {
                    throw new IllegalStateException("the other side does not come", e);
                }
            };
        }
    }

    private static PholdWorld[] together(long seed, long fromSnapshotPs, Snapshot[] snapshots) {
        Pair pair = new Pair();
        PholdWorld[] parts = new PholdWorld[2];
        List<CompletableFuture<Void>> sides = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            for (int p = 0; p < 2; p++) {
                int process = p;
                sides.add(CompletableFuture.runAsync(() -> {
                    PholdWorld part = new PholdWorld(seed, LANES, process, 2, LanePool.SEQUENTIAL, pair.side());
                    parts[process] = part;
                    if (snapshots[process] != null) {
                        snapshots[process].restore(part.components());
                    }
                    part.runUntil(fromSnapshotPs);
                }, threads));
            }
            sides.forEach(CompletableFuture::join);
        }
        return parts;
    }

    @Test
    void theWorldIsBusyEnoughToTellOrdersApart() {
        PholdWorld world = new PholdWorld(1, LANES, 0, 1, LanePool.SEQUENTIAL, Peers.NONE);
        world.runUntil(END_PS);
        long queued = world.lanes.stream().mapToLong(lane -> lane.queue().size()).sum();
        assertTrue(queued > LANES, queued + " events pending");
        assertNotEquals(straight(1), straight(2));
    }

    @Test
    void threadsDoNotChangeTheResult() {
        for (long seed = 0; seed < 5; seed++) {
            try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
                LanePool pool = (lanes, horizonPs) -> CompletableFuture.allOf(lanes.stream()
                        .map(lane -> CompletableFuture.runAsync(() -> lane.runUntil(horizonPs), threads))
                        .toArray(CompletableFuture<?>[]::new)).join();
                PholdWorld world = new PholdWorld(seed, LANES, 0, 1, pool, Peers.NONE);
                world.runUntil(END_PS);
                assertEquals(straight(seed), PholdWorld.hashes(world), "seed " + seed);
            }
        }
    }

    @Test
    void theOrderInWhichLanesRunDoesNotChangeTheResult() {
        LanePool backwards = (lanes, horizonPs) -> lanes.reversed().forEach(lane -> lane.runUntil(horizonPs));
        PholdWorld world = new PholdWorld(3, LANES, 0, 1, backwards, Peers.NONE);
        world.runUntil(END_PS);
        assertEquals(straight(3), PholdWorld.hashes(world));
    }

    @Test
    void twoProcessesGiveTheSameResultAsOne() {
        for (long seed = 0; seed < 5; seed++) {
            assertEquals(straight(seed), PholdWorld.hashes(together(seed, END_PS, new Snapshot[2])), "seed " + seed);
        }
    }

    @Test
    void stoppingOnTheWayDoesNotChangeTheResult() {
        PholdWorld world = new PholdWorld(4, LANES, 0, 1, LanePool.SEQUENTIAL, Peers.NONE);
        for (long stop = 1; stop < END_PS; stop += 7_919) {
            world.runUntil(stop);
        }
        world.runUntil(END_PS);
        assertEquals(straight(4), PholdWorld.hashes(world));
    }

    @Test
    void aSnapshotRestoredIntoAnotherWorldGoesOnAsBefore() {
        for (long at : new long[]{1, 12_345, 200_000, END_PS - 1}) {
            PholdWorld first = new PholdWorld(6, LANES, 0, 1, LanePool.SEQUENTIAL, Peers.NONE);
            first.runUntil(at);
            Snapshot snapshot = first.snapshot();
            PholdWorld second = new PholdWorld(999, LANES, 0, 1, LanePool.SEQUENTIAL, Peers.NONE);
            second.runUntil(77_777);
            assertNotEquals(PholdWorld.hashes(first), PholdWorld.hashes(second));
            PholdWorld fresh = new PholdWorld(6, LANES, 0, 1, LanePool.SEQUENTIAL, Peers.NONE);
            snapshot.restore(fresh.components());
            assertEquals(PholdWorld.hashes(first), PholdWorld.hashes(fresh));
            // What happens to the first world meanwhile does not reach the snapshot.
            first.runUntil(END_PS);
            fresh.runUntil(END_PS);
            assertEquals(straight(6), PholdWorld.hashes(fresh), "at " + at);
        }
    }

    @Test
    void aSnapshotOfTwoProcessesGoesOnInTwo() {
        PholdWorld[] half = together(7, END_PS / 2, new Snapshot[2]);
        Snapshot[] snapshots = {half[0].snapshot(), half[1].snapshot()};
        assertEquals(straight(7), PholdWorld.hashes(together(7, END_PS, snapshots)));
    }

    @Test
    void idleTimeIsSkippedInOneWindow() {
        Lane lane = new Lane("sleeper");
        List<Long> times = new ArrayList<>();
        int target = lane.addTarget((timePs, kind, a, b, payload) -> times.add(timePs));
        lane.queue().push(10, 0, 0, 0, target, 0, 0, 0, null);
        lane.queue().push(SimTime.PS_PER_S, 0, 0, 1, target, 0, 0, 0, null);
        Lanes lanes = new Lanes(List.of(lane), 0, 500, LanePool.SEQUENTIAL, Peers.NONE);
        lanes.begin(-1);
        assertEquals(510, lanes.window(SimTime.NEVER, horizon -> -1));
        assertEquals(SimTime.PS_PER_S + 500, lanes.window(SimTime.NEVER, horizon -> -1));
        assertEquals(List.of(10L, SimTime.PS_PER_S), times);
        assertEquals(SimTime.NEVER, lanes.worldNextPs());
    }

    @Test
    void whatOthersSayDecidesTheWindowAndTheStatus() {
        Lanes lanes = new Lanes(List.of(new Lane("idle")), 0, 500, LanePool.SEQUENTIAL,
                (out, nextPs, status) -> new Peers.Answer(List.of(), 2_000, 0b101));
        lanes.begin(0);
        assertEquals(2_000, lanes.worldNextPs());
        assertEquals(2_500, lanes.window(SimTime.NEVER, horizon -> {
            assertEquals(2_500, horizon);
            return 7;
        }));
        assertEquals(0b101, lanes.othersStatus());
    }

    @Test
    void aFrameSentToAnIdleProcessIsTheNextThingThatHappens() {
        Lane lane = new Lane("sender");
        FrameRouter[] outbox = new FrameRouter[1];
        int target = lane.addTarget((timePs, kind, a, b, payload) -> outbox[0]
                .route(new Frame(timePs + 600, 1, 1, 0, 0, 0, new byte[1])));
        lane.queue().push(100, EventQueue.RANK_DEVICE, 0, 0, target, 0, 0, 0, null);
        List<Long> told = new ArrayList<>();
        Lanes lanes = new Lanes(List.of(lane), 2, 500, LanePool.SEQUENTIAL, (out, nextPs, status) -> {
            told.add(nextPs);
            return new Peers.Answer(List.of(), SimTime.NEVER, -1);
        });
        outbox[0] = lanes.outbox();
        lanes.begin(0);
        lanes.window(SimTime.NEVER, horizon -> 0);
        // Nobody else knew of it, so this process has to count it, and to tell.
        assertEquals(700, lanes.worldNextPs());
        assertEquals(List.of(100L, 700L), told);
        assertEquals(1200, lanes.window(SimTime.NEVER, horizon -> 0));
    }

    @Test
    void aFrameThatComesTooEarlyIsABug() {
        Lane lane = new Lane("receiver");
        lane.addPort(0, frame -> {
        });
        lane.runUntil(1000);
        lane.accept(new Frame(1000, 1, 0, 0, 0, 0, new byte[1]));
        assertThrows(BugException.class, () -> lane.accept(new Frame(999, 1, 0, 0, 1, 1, new byte[1])));
    }

    @Test
    void portsAreFoundWhateverTheirNumbers() {
        Lane lane = new Lane("switch");
        List<Integer> seen = new ArrayList<>();
        for (int port : new int[]{500, 7, 300, 1000, 8}) {
            lane.addPort(port, frame -> {
                assertEquals(port, frame.port());
                seen.add(port);
            });
        }
        assertThrows(BugException.class, () -> lane.addPort(300, frame -> {
        }));
        for (int port : lane.ports()) {
            lane.accept(new Frame(10 + port, 1, port, 3, port, 0, new byte[1]));
        }
        lane.runUntil(5000);
        assertEquals(List.of(7, 8, 300, 500, 1000), seen);
        lane.accept(new Frame(6000, 1, 9, 3, 0, 0, new byte[1]));
        assertThrows(BugException.class, () -> lane.runUntil(7000));
    }

    @Test
    void aFrameFromOutsideForAForeignPortIsABug() {
        Lane lane = new Lane("here");
        lane.addPort(0, frame -> {
        });
        Lanes lanes = new Lanes(List.of(lane), 2, 500, LanePool.SEQUENTIAL, (out, nextPs, status) -> new Peers.Answer(
                List.of(new Frame(1000, 1, 1, 0, 0, 0, new byte[1])), 2_000, 0));
        assertThrows(BugException.class, () -> lanes.begin(0));
    }

    @Test
    void aPortHasOneOwner() {
        Lane left = new Lane("left");
        Lane right = new Lane("right");
        left.addPort(0, frame -> {
        });
        right.addPort(0, frame -> {
        });
        assertThrows(BugException.class, () -> new Lanes(List.of(left, right), 1, 1, LanePool.SEQUENTIAL, Peers.NONE));
        assertThrows(BugException.class, () -> new Lanes(List.of(), 0, 0, LanePool.SEQUENTIAL, Peers.NONE));
        assertFalse(left.ports().isEmpty());
    }
}
