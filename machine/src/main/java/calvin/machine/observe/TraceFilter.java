package calvin.machine.observe;

import java.util.List;
import java.util.Set;

/**
 * What of a trace is written. An empty set or list lets everything pass; a filter of what a record does not have lets
 * it pass, too.
 *
 * @param harts   numbers
 * @param modes   {@code M HS U VS VU}; of a trap, the mode it came from
 * @param pcs     ranges of pc, as pairs of first and one behind the last
 * @param causes  exception or interrupt codes
 * @param devices ends of the devices' names
 * @param fromPs  first time
 * @param toPs    one behind the last time
 */
public record TraceFilter(Set<Integer> harts, Set<String> modes, List<long[]> pcs, Set<Integer> causes,
        Set<String> devices, long fromPs, long toPs) {
    /** Lets everything pass. */
    public static final TraceFilter ALL = new TraceFilter(Set.of(), Set.of(), List.of(), Set.of(), Set.of(), 0,
            Long.MAX_VALUE);

    boolean time(long timePs) {
        return timePs >= fromPs && timePs < toPs;
    }

    boolean hart(int hart) {
        return harts.isEmpty() || harts.contains(hart);
    }

    boolean mode(String mode) {
        return modes.isEmpty() || modes.contains(mode);
    }

    boolean pc(long pc) {
        return pcs.isEmpty() || pcs.stream().anyMatch(range -> Long.compareUnsigned(pc, range[0]) >= 0
                && Long.compareUnsigned(pc, range[1]) < 0);
    }

    boolean cause(long cause) {
        return causes.isEmpty() || causes.contains((int) (cause & 0xFFF));
    }

    boolean device(String name) {
        return devices.isEmpty() || devices.stream().anyMatch(name::endsWith);
    }
}
