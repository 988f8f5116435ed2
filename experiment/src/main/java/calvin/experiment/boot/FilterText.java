package calvin.experiment.boot;

import calvin.experiment.input.InputException;
import calvin.experiment.input.Nearest;
import calvin.experiment.input.Place;
import calvin.experiment.input.Problem;
import calvin.experiment.input.Quantity;
import calvin.machine.isa.Cause;
import calvin.machine.observe.TraceFilter;
import calvin.machine.profile.Symbols;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Conditions of a trace as text: {@code KEY=VALUE,VALUE...}. Values of one key are alternatives; all keys must agree.
 *
 * <pre>
 * hart=0,1   mode=HS,VS   pc=0x80200000-0x80201000,do_trap   cause=8,load_page_fault   device=uart
 * time=1 ms-2 ms
 * </pre>
 */
final class FilterText {
    private static final Set<String> MODES = Set.of("M", "HS", "U", "VS", "VU");
    private static final List<String> KEYS = List.of("hart", "mode", "pc", "cause", "device", "time");

    private final Symbols symbols;
    private final List<Problem> problems = new ArrayList<>();
    private final Set<Integer> harts = new TreeSet<>();
    private final Set<String> modes = new TreeSet<>();
    private final List<long[]> pcs = new ArrayList<>();
    private final Set<Integer> causes = new TreeSet<>();
    private final Set<String> devices = new TreeSet<>();
    private long fromPs;
    private long toPs = Long.MAX_VALUE;

    private FilterText(Symbols symbols) {
        this.symbols = symbols;
    }

    /**
     * @param conditions each {@code KEY=VALUES}
     * @throws InputException lists everything that cannot be understood
     */
    static TraceFilter parse(List<String> conditions, Symbols symbols) {
        FilterText text = new FilterText(symbols);
        conditions.forEach(text::condition);
        if (!text.problems.isEmpty()) {
            throw new InputException(text.problems);
        }
        return new TraceFilter(text.harts, text.modes, text.pcs, text.causes, text.devices, text.fromPs, text.toPs);
    }

    private void condition(String condition) {
        int equals = condition.indexOf('=');
        String key = equals < 0 ? condition : condition.substring(0, equals);
        for (String value : condition.substring(equals + 1).split(",")) {
            try {
                value(key, value.strip());
            } catch (IllegalArgumentException wrong) {
                problems.add(new Problem(Place.of("--trace-filter " + condition), wrong.getMessage()));
            }
        }
    }

    private void value(String key, String value) {
        switch (key) {
            case "hart" -> harts.add((int) number(value));
            case "mode" -> {
                if (!MODES.contains(value)) {
                    throw new IllegalArgumentException("modes are M, HS, U, VS and VU");
                }
                modes.add(value);
            }
            case "pc" -> pcs.add(range(value));
            case "cause" -> causes.add(cause(value));
            case "device" -> devices.add(value);
            case "time" -> {
                String[] ends = value.split("-", 2);
                if (ends.length < 2) {
                    throw new IllegalArgumentException("must be FROM-TO, for example 1 ms-2 ms");
                }
                fromPs = ends[0].isBlank() ? 0 : Quantity.TIME.parse(ends[0].strip());
                toPs = ends[1].isBlank() ? Long.MAX_VALUE : Quantity.TIME.parse(ends[1].strip());
            }
            default -> throw new IllegalArgumentException(
                    "there are " + String.join(", ", KEYS) + Nearest.hint(key, KEYS));
        }
    }

    private static long number(String text) {
        try {
            return text.startsWith("0x") ? Long.parseUnsignedLong(text.substring(2), 16) : Long.parseLong(text);
        } catch (NumberFormatException notANumber) {
            throw new IllegalArgumentException("not a number: " + text);
        }
    }

    private long[] range(String value) {
        var symbol = symbols.address(value);
        if (symbol.isPresent()) {
            return new long[]{symbol.getAsLong(), symbols.end(symbol.getAsLong())};
        }
        String[] ends = value.split("-", 2);
        if (!ends[0].startsWith("0x")) {
            throw new IllegalArgumentException("no such symbol: " + value);
        }
        long from = number(ends[0]);
        return new long[]{from, ends.length > 1 ? number(ends[1]) : from + 1};
    }

    private static int cause(String value) {
        for (Cause cause : Cause.values()) {
            if (cause.name().equals(value.toUpperCase(Locale.ROOT))) {
                return cause.code;
            }
        }
        return (int) number(value);
    }
}
