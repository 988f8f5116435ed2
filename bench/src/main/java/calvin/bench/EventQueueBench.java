package calvin.bench;

import calvin.sim.event.EventQueue;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The hold model: take the next event and push one at a pseudo-random later time, with a steady number pending. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class EventQueueBench {
    @Param({"16", "256", "4096"})
    int pending;

    private EventQueue queue;
    private long sequence;
    private long state;

    @Setup(Level.Iteration)
    public void fill() {
        queue = new EventQueue();
        sequence = 0;
        state = 1;
        for (int i = 0; i < pending; i++) {
            push(0);
        }
    }

    @Benchmark
    public long hold() {
        queue.take();
        push(queue.nowPs());
        return queue.nowPs();
    }

    private void push(long nowPs) {
        state = state * 6364136223846793005L + 1442695040888963407L;
        queue.push(nowPs + (state >>> 44), EventQueue.RANK_DEVICE, 0, sequence++, 0, 0, 0, 0, null);
    }
}
