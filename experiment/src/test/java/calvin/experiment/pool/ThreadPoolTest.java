package calvin.experiment.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import calvin.sim.event.EventQueue;
import calvin.sim.event.Lane;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ThreadPoolTest {
    @Test
    void everyLaneReachesTheHorizonOnAnyNumberOfThreads() {
        for (int threads = 1; threads <= 4; threads++) {
            long[] counts = new long[7];
            List<Lane> lanes = lanes(counts);
            try (ThreadPool pool = new ThreadPool(threads)) {
                for (long horizon = 100; horizon <= 10_000; horizon += 100) {
                    pool.runUntil(lanes, horizon);
                }
            }
            for (int i = 0; i < counts.length; i++) {
                assertEquals(10_000, lanes.get(i).timePs());
                assertEquals((9_999 + i + 1) / (i + 1), counts[i],
                        "events of lane " + i + " on " + threads + " threads");
            }
        }
    }

    /** Lane i has an event every i + 1 ps. */
    private static List<Lane> lanes(long[] counts) {
        List<Lane> lanes = new ArrayList<>();
        for (int i = 0; i < counts.length; i++) {
            int number = i;
            Lane lane = new Lane("lane" + i);
            EventQueue queue = lane.queue();
            lane.addTarget((timePs, kind, a, b, payload) -> {
                counts[number]++;
                queue.push(timePs + number + 1, EventQueue.RANK_TIMER, 0, timePs, 0, 0, 0, 0, null);
            });
            queue.push(0, EventQueue.RANK_TIMER, 0, -1, 0, 0, 0, 0, null);
            lanes.add(lane);
        }
        return lanes;
    }

    @Test
    void aFailureOnAnyThreadReachesTheCaller() {
        List<Lane> lanes = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Lane lane = new Lane("lane" + i);
            lane.addTarget((timePs, kind, a, b, payload) -> {
                throw new IllegalStateException("broken");
            });
            lane.queue().push(5, EventQueue.RANK_TIMER, 0, 0, 0, 0, 0, 0, null);
            lanes.add(lane);
        }
        try (ThreadPool pool = new ThreadPool(2)) {
            assertThrows(IllegalStateException.class, () -> pool.runUntil(lanes, 10));
        }
    }
}
