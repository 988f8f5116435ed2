package calvin.experiment.stats;

import calvin.machine.board.Engines;
import calvin.machine.board.MachineStats;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.time.Duration;

/** Takes the time of a run, and what the Java machine did meanwhile. */
public final class Stopwatch {
    private final long startNs = System.nanoTime();
    private final Duration startCpu = cpu();
    private final long collections = collections();
    private final long pauseMs = pauseMs();

    private Stopwatch() {}

    /** Begins now. */
    public static Stopwatch start() {
        return new Stopwatch();
    }

    /** Since the start, with what the machines say of themselves. */
    public RunStats stop(MachineStats machines) {
        return new RunStats(machines, Engines.regions(), (System.nanoTime() - startNs) / 1e9,
                cpu().minus(startCpu).toNanos() / 1e9, collections() - collections, (pauseMs() - pauseMs) / 1e3,
                peak(MemoryType.HEAP, ""), peak(MemoryType.NON_HEAP, "Metaspace"));
    }

    /** Of the process; zero where the host does not tell. */
    private static Duration cpu() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    private static long collections() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionCount).sum();
    }

    private static long pauseMs() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionTime).sum();
    }

    /** Sum of the peaks of the pools of a kind whose names begin so: at least the peak of the sum. */
    private static long peak(MemoryType type, String name) {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == type && pool.getName().startsWith(name))
                .map(MemoryPoolMXBean::getPeakUsage).mapToLong(usage -> usage.getUsed()).sum();
    }
}
