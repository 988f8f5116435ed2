package calvin.experiment.plan;

import calvin.machine.board.BoardSpec;

/** The board that a planned node has. */
public final class Boards {
    private Boards() {
    }

    /** The quantum follows from the lookahead, so that harts never run further apart than nodes do. */
    public static BoardSpec of(Plan.Node node, long lookaheadPs) {
        BoardSpec board = node.board().equals("virt")
                ? BoardSpec.virt(node.harts(), node.memoryBytes())
                : BoardSpec.hpc(node.harts(), node.memoryBytes(), node.numaNodes());
        long quantumPs = Math.max(node.hartPeriodPs(), Math.min(board.quantumPs(), lookaheadPs));
        return board.withHartPeriodPs(node.hartPeriodPs()).withQuantumPs(quantumPs);
    }
}
