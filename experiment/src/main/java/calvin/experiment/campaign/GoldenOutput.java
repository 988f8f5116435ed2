package calvin.experiment.campaign;

import calvin.experiment.report.LaneReport;
import calvin.experiment.report.RunResult;
import java.util.List;

/**
 * What the golden run left behind: all that an outcome is judged by.
 *
 * @param endPs its end in virtual time
 */
record GoldenOutput(long endPs, String stateHash, List<LaneReport.NodeReport> nodes) {
    static GoldenOutput of(RunResult result) {
        return new GoldenOutput(result.endPs(), result.stateHash(), result.nodes());
    }
}
