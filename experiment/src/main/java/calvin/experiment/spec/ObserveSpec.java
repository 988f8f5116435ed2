package calvin.experiment.spec;

import calvin.experiment.input.Text;
import java.util.List;

/**
 * What a run records.
 *
 * @param capture      names of nodes whose ports are captured; empty with {@code captureAll} false for none
 * @param messageTrace whether the stages of messages are recorded
 */
public record ObserveSpec(boolean captureAll, List<Text> capture, boolean messageTrace, List<TableSpec> tables) {
    /** The same with other captures: the word {@code all}, or names. */
    public ObserveSpec withCapture(List<Text> names) {
        boolean all = names.size() == 1 && names.get(0).value().equals("all");
        return new ObserveSpec(all, all ? List.of() : names, messageTrace, tables);
    }

    /**
     * Lines of a node's console that hold exactly as many numbers as there are columns are rows of a table.
     *
     * @param measured columns that hold times or rates: a campaign does not take a change of these alone for corruption
     */
    public record TableSpec(Text console, List<String> columns, List<String> measured) {}
}
