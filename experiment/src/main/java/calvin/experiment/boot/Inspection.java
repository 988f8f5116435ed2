package calvin.experiment.boot;

import calvin.machine.observe.TraceKind;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * How a machine is looked at while it runs; none of it changes what it computes.
 *
 * @param gdb     where to wait for gdb, {@code PORT} or {@code HOST:PORT}, or null
 * @param trace   what to write down, or null
 * @param profile where its time goes, or null
 * @param symbols names of addresses besides those of the image, as an ELF file or a System.map, or null
 */
public record Inspection(String gdb, Trace trace, Profiling profile, Path symbols) {
    public static final Inspection NONE = new Inspection(null, null, null, null);

    /**
     * A trace.
     *
     * @param filter conditions as the user wrote them, {@code KEY=VALUE}
     * @param file   a timeline for Perfetto if its name ends in {@code .json}, else text
     */
    public record Trace(Set<TraceKind> kinds, List<String> filter, Path file) {}

    /**
     * A profile.
     *
     * @param file        for the folded call chains
     * @param everyCycles of each hart
     * @param chains      whether to follow callers by frame pointers
     */
    public record Profiling(Path file, long everyCycles, boolean chains) {}

    public Inspection withGdb(String address) {
        return new Inspection(address, trace, profile, symbols);
    }

    public Inspection withTrace(Trace value) {
        return new Inspection(gdb, value, profile, symbols);
    }

    public Inspection withProfile(Profiling value) {
        return new Inspection(gdb, trace, value, symbols);
    }
}
