package calvin.experiment.plan;

import calvin.experiment.spec.NodeClassSpec;
import calvin.machine.board.BoardSpec;
import calvin.sim.time.SimTime;
import java.util.List;

/** What a rank learns of its job by its environment (ADR 0005). */
final class JobEnvironment {
    /** The first queue pair number of the first job; those below are for programs that take any. */
    static final int FIRST_QPN = 64;

    private JobEnvironment() {}

    static List<String> of(int rank, List<String> addresses, int firstQpn, NodeClassSpec.Board board) {
        long timePeriodPs = board == NodeClassSpec.Board.HPC
                ? BoardSpec.HPC_TIME_PERIOD_PS
                : BoardSpec.VIRT_TIME_PERIOD_PS;
        return List.of("PMI_RANK=" + rank, "PMI_SIZE=" + addresses.size(),
                "CALVIN_JOB_NODES=" + String.join(",", addresses),
                "CALVIN_JOB_QPN=" + firstQpn, "CALVIN_TIMEBASE_HZ=" + SimTime.PS_PER_S / timePeriodPs);
    }
}
