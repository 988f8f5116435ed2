package calvin.bench;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class EventQueueBenchTest {
    /** A benchmark that measures something else than it says is worse than none. */
    @Test
    void holdingKeepsTheNumberPendingAndMovesTimeOn() {
        EventQueueBench bench = new EventQueueBench();
        bench.pending = 16;
        bench.fill();
        long first = bench.hold();
        long last = first;
        for (int i = 0; i < 1000; i++) {
            long now = bench.hold();
            assertTrue(now >= last, "time goes back");
            last = now;
        }
        assertTrue(last > first, "time stands still");
    }
}
