package calvin.experiment.stats;

import calvin.experiment.json.JsonWriter;
import calvin.machine.board.MachineStats;
import calvin.machine.jit.RegionStats;
import java.util.Locale;

/**
 * The figures of {@code --stats}: of one process.
 *
 * @param wallSeconds    from the first instruction to the last
 * @param cpuSeconds     of the whole process in that time, the Java compiler's included
 * @param collections    garbage collections in that time
 * @param pauseSeconds   what they took
 * @param heapBytes      the most that the heap held
 * @param metaspaceBytes the most that classes took, compressed class space included
 */
public record RunStats(MachineStats machines, RegionStats regions, double wallSeconds, double cpuSeconds,
        long collections, double pauseSeconds, long heapBytes, long metaspaceBytes) {
    private static final double MIB = 1 << 20;

    /** Million instructions in a second of wall time. */
    public double mips() {
        return machines.instructions() / 1e6 / Math.max(1e-6, wallSeconds);
    }

    /** Of the instructions, those that translated code retired. */
    public double translatedShare() {
        return machines.translated() / (double) Math.max(1, machines.instructions());
    }

    /** For people: a line for each figure. */
    public String text() {
        StringBuilder out = new StringBuilder();
        line(out, "instructions", "%,d, %.1f million a second", machines.instructions(), mips());
        line(out, "translated", "%.1f %% of them", 100 * translatedShare());
        line(out, "regions", "%d made, %d dropped, %d waiting", regions.made(), regions.dropped(), regions.waiting());
        line(out, "code changes", "%,d", machines.codeChanges());
        line(out, "TLB", "%,d fills, %,d flushes", machines.tlbFills(), machines.tlbFlushes());
        line(out, "host", "%.2f s, %.2f s of CPU time", wallSeconds, cpuSeconds);
        line(out, "collections", "%d, %.3f s in all", collections, pauseSeconds);
        line(out, "memory", "%.1f MiB of heap at most, %.1f MiB of metaspace", heapBytes / MIB, metaspaceBytes / MIB);
        return out.toString();
    }

    private static void line(StringBuilder out, String name, String format, Object... values) {
        out.append(String.format(Locale.ROOT, "calvin: %-12s ", name))
                .append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    /** Adds the figures as an object named {@code stats}. */
    public void write(JsonWriter json) {
        json.beginObject("stats").field("instructions", machines.instructions()).field("mips", mips())
                .field("translated", machines.translated()).field("regions_made", regions.made())
                .field("regions_dropped", regions.dropped()).field("regions_waiting", regions.waiting())
                .field("code_changes", machines.codeChanges()).field("tlb_fills", machines.tlbFills())
                .field("tlb_flushes", machines.tlbFlushes()).field("wall_seconds", wallSeconds)
                .field("cpu_seconds", cpuSeconds).field("collections", collections)
                .field("pause_seconds", pauseSeconds).field("heap_bytes", heapBytes)
                .field("metaspace_bytes", metaspaceBytes).end();
    }
}
