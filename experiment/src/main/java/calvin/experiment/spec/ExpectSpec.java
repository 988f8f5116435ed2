package calvin.experiment.spec;

import calvin.experiment.input.Place;
import calvin.experiment.input.Text;
import java.util.List;

/** What must hold for the run to succeed. With nothing said, every task must end with code 0. */
public record ExpectSpec(List<Rule> rules) {
    /** One expectation. */
    public sealed interface Rule {
        Place place();
    }

    /** Every task on the named nodes (all where empty) ends with {@code code}. */
    public record ExitCode(Place place, List<Text> nodes, long code) implements Rule {}

    /** A node's console contains a text. */
    public record ConsoleContains(Place place, Text node, String text) implements Rule {}

    /**
     * In the rows of a table in which {@code whereColumn} equals {@code whereValue} (all rows where it is null), {@code
     * column} lies within {@code [low, high]}. A table without such a row fails.
     */
    public record TableValue(Place place, Text console, String column, String whereColumn, double whereValue,
            double low, double high)
            implements
                Rule {}
}
