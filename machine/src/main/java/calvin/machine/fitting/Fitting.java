package calvin.machine.fitting;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A device of a board, as data.
 *
 * @param name       unique on the board; the device's state is named after it
 * @param kind       its row in {@link FittingTable}
 * @param basePa     where its window begins
 * @param wire       number of its wire at the board's interrupt controller, 0 for none
 * @param parameters what else its kind wants to know, by name
 */
public record Fitting(String name, String kind, long basePa, int wire, SortedMap<String, String> parameters) {
    public Fitting {
        parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
    }

    /** A device without parameters. */
    public static Fitting of(String name, String kind, long basePa, int wire) {
        return new Fitting(name, kind, basePa, wire, new TreeMap<>());
    }

    /** The same with a parameter more. */
    public Fitting with(String parameter, String value) {
        SortedMap<String, String> more = new TreeMap<>(parameters);
        more.put(parameter, value);
        return new Fitting(name, kind, basePa, wire, more);
    }

    /** The value of a parameter, or {@code otherwise} where the board does not say. */
    public String parameter(String parameter, String otherwise) {
        return ((Map<String, String>) parameters).getOrDefault(parameter, otherwise);
    }
}
