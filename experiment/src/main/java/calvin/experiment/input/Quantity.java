package calvin.experiment.input;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Kinds of quantities, each with the units in which users write it and the unit in which the program keeps it. */
public enum Quantity {
    // @formatter:off
    /** Kept in picoseconds. */
    TIME("a time", "200 ns",
            "ps", "1", "ns", "1e3", "us", "1e6", "ms", "1e9", "s", "1e12"),
    /** Kept in bytes. Decimal and binary prefixes mean what they say. */
    SIZE("a size", "64 MiB",
            "B", "1", "kB", "1e3", "MB", "1e6", "GB", "1e9", "KiB", "1024", "MiB", "1048576", "GiB", "1073741824"),
    /** Kept in bits per second. */
    BANDWIDTH("a bandwidth", "100 Gbit/s",
            "bit/s", "1", "kbit/s", "1e3", "Mbit/s", "1e6", "Gbit/s", "1e9", "Tbit/s", "1e12",
            "B/s", "8", "kB/s", "8e3", "MB/s", "8e6", "GB/s", "8e9"),
    /** Kept in hertz. */
    FREQUENCY("a frequency", "1 GHz",
            "Hz", "1", "kHz", "1e3", "MHz", "1e6", "GHz", "1e9");
    // @formatter:on

    private static final Pattern FORM = Pattern.compile("([0-9][0-9_]*(?:\\.[0-9]+)?)\\s*([A-Za-z/]*)");

    private final String noun;
    private final String example;
    private final Map<String, BigDecimal> units = new LinkedHashMap<>();

    Quantity(String noun, String example, String... unitsAndFactors) {
        this.noun = noun;
        this.example = example;
        for (int i = 0; i < unitsAndFactors.length; i += 2) {
            units.put(unitsAndFactors[i], new BigDecimal(unitsAndFactors[i + 1]));
        }
    }

    /** What users may write after the number. */
    public String unitList() {
        return String.join(", ", units.keySet());
    }

    /**
     * The value of {@code text} in this kind's own unit, exactly.
     *
     * @throws IllegalArgumentException with a message for the user: what is wrong and what would be right
     */
    public long parse(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "`" + text + "` is not " + noun + ": write for example `" + example + "`");
        }
        String unit = matcher.group(2);
        BigDecimal factor = units.get(unit);
        if (factor == null) {
            throw new IllegalArgumentException(unit.isEmpty()
                    ? noun + " needs a unit: write for example `" + text.strip() + " " + example.split(" ")[1]
                            + "` (units: "
                            + unitList() + ")"
                    : "`" + unit + "` is not a unit of " + noun + ": write for example `" + example + "` (units: "
                            + unitList() + ")"
                            + meant(unit));
        }
        try {
            return new BigDecimal(matcher.group(1).replace("_", "")).multiply(factor).longValueExact();
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    "`" + text + "` is not a whole number of " + units.keySet().iterator().next()
                            + ", or too large",
                    e);
        }
    }

    private String meant(String unit) {
        for (String candidate : units.keySet()) {
            if (candidate.equalsIgnoreCase(unit)) {
                return "; did you mean `" + candidate + "`?";
            }
        }
        return "";
    }

    /** Sizes as memory options of emulators write them: {@code 1G}, {@code 512M}, {@code 64K}; or as {@link #SIZE}. */
    public static long parseMemory(String text) {
        String plain = text.strip();
        if (plain.matches("[0-9]+[KMGkmg]")) {
            String unit = plain.substring(plain.length() - 1).toUpperCase(java.util.Locale.ROOT) + "iB";
            return SIZE.parse(plain.substring(0, plain.length() - 1) + " " + unit);
        }
        return SIZE.parse(text);
    }
}
