package calvin.experiment.campaign;

import calvin.experiment.plan.PlanDocument;
import calvin.experiment.report.LaneReport;
import calvin.experiment.report.Table;
import calvin.experiment.spec.ObserveSpec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Compares what a run printed with what the golden run printed. */
final class Output {
    private Output() {}

    /** All consoles equal, byte for byte. */
    static boolean equal(List<LaneReport.NodeReport> left, List<LaneReport.NodeReport> right) {
        for (int i = 0; i < left.size(); i++) {
            if (!Arrays.equals(left.get(i).console(), right.get(i).console())) {
                return false;
            }
        }
        return true;
    }

    /** All consoles equal but for the columns of tables that the experiment says are measured. */
    static boolean equalButMeasured(PlanDocument document, List<LaneReport.NodeReport> left,
            List<LaneReport.NodeReport> right) {
        for (int i = 0; i < left.size(); i++) {
            String node = document.plan().nodes().get(i).name();
            if (!masked(document, node, left.get(i).console()).equals(masked(document, node, right.get(i).console()))) {
                return false;
            }
        }
        return true;
    }

    /** The console's lines, with the measured columns of table rows taken out. */
    private static List<String> masked(PlanDocument document, String node, byte[] console) {
        List<String> lines = new ArrayList<>();
        for (String line : new String(console, StandardCharsets.ISO_8859_1).split("\n", -1)) {
            String kept = line;
            for (ObserveSpec.TableSpec table : document.spec().observe().tables()) {
                double[] row = table.console().value().equals(node) ? Table.row(line, table.columns().size()) : null;
                if (row != null && !table.measured().isEmpty()) {
                    StringBuilder rest = new StringBuilder("row");
                    for (int c = 0; c < row.length; c++) {
                        rest.append(' ').append(
                                table.measured().contains(table.columns().get(c)) ? "*" : Double.toString(row[c]));
                    }
                    kept = rest.toString();
                }
            }
            lines.add(kept);
        }
        return lines;
    }
}
