package calvin.machine.nic.verbs;

/** States of a queue pair: the values of {@code enum ibv_qp_state} (ib vol. 1, 10.3.1). */
final class PairState {
    static final int RESET = 0;
    static final int INIT = 1;
    static final int RTR = 2;
    static final int RTS = 3;
    static final int SQD = 4;
    static final int ERR = 6;

    private PairState() {}

    /** Whether requests are answered: from RTR on. */
    static boolean receives(int state) {
        return state == RTR || state == RTS || state == SQD;
    }

    /** Whether requests are sent and their replies taken. In SQD only messages already begun go on. */
    static boolean sends(int state) {
        return state == RTS || state == SQD;
    }

    /** Whether MODIFY_QP may go from one to the other. SQE is for other transports. */
    static boolean allowed(int from, int to) {
        return switch (to) {
            case RESET, ERR -> true;
            case INIT -> from == RESET || from == INIT;
            case RTR -> from == INIT;
            case RTS -> from == RTR || from == RTS || from == SQD;
            case SQD -> from == RTS || from == SQD;
            default -> false;
        };
    }
}
