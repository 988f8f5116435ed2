package calvin.experiment.campaign;

import calvin.experiment.report.RunResult;
import calvin.sim.fault.Applied;
import calvin.sim.fault.Fault;

/**
 * How one experiment went.
 *
 * @param applied     proof that the fault struck, null where it did not
 * @param convergedPs when the state was golden again, or -1
 * @param endPs       when the run ended; for one that converged, when the golden run ends
 * @param stateHash   at that end
 */
record TrialResult(Fault fault, Outcome outcome, Applied applied, long convergedPs, String endReason, long endPs,
        String stateHash,
        String detail) {
    static TrialResult of(Fault fault, Outcome outcome, Applied applied, RunResult result, String detail) {
        return new TrialResult(fault, outcome, applied, -1, result.end().name(), result.endPs(), result.stateHash(),
                detail);
    }

    static TrialResult converged(Fault fault, Applied applied, long convergedPs, RunResult golden) {
        return new TrialResult(fault, Outcome.MASKED, applied, convergedPs, golden.end().name(), golden.endPs(),
                golden.stateHash(), "");
    }

    static TrialResult toolError(Fault fault, String detail) {
        return new TrialResult(fault, Outcome.TOOL_ERROR, null, -1, "", 0, "", detail);
    }
}
