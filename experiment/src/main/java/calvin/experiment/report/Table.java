package calvin.experiment.report;

import calvin.experiment.spec.ObserveSpec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A table that a guest printed: the lines of its console that hold exactly as many numbers as there are columns, and
 * nothing else.
 *
 * @param node the node on whose console it stands
 * @param rows values by column
 */
public record Table(String node, List<String> columns, List<double[]> rows) {
    /** Finds the rows in a console. */
    public static Table extract(ObserveSpec.TableSpec spec, byte[] console) {
        List<double[]> rows = new ArrayList<>();
        for (String line : new String(console, StandardCharsets.UTF_8).split("\n")) {
            double[] row = row(line, spec.columns().size());
            if (row != null) {
                rows.add(row);
            }
        }
        return new Table(spec.console().value(), spec.columns(), rows);
    }

    /** The numbers of a line, or null if it is not a row. */
    public static double[] row(String line, int columns) {
        String[] fields = line.strip().split("[\\s,]+");
        if (fields.length != columns) {
            return null;
        }
        double[] row = new double[columns];
        for (int i = 0; i < columns; i++) {
            if (!fields[i].matches("[-+]?[0-9]+(\\.[0-9]+)?([eE][-+]?[0-9]+)?")) {
                return null;
            }
            row[i] = Double.parseDouble(fields[i]);
        }
        return row;
    }

    public int column(String name) {
        return columns.indexOf(name);
    }
}
