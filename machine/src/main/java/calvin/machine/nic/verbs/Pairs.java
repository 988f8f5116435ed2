package calvin.machine.nic.verbs;

import calvin.sim.state.Block;

/** Queue pairs as objects: states and their transitions. */
final class Pairs {
    private final CardState state;
    private final Block block;
    private final Pipes pipes;
    private final SendScheduler scheduler;

    Pairs(CardState state, Pipes pipes, SendScheduler scheduler) {
        this.state = state;
        this.block = state.block;
        this.pipes = pipes;
        this.scheduler = scheduler;
    }

    long at(int pair) {
        return state.pairs.at(pair);
    }

    /** Whether a queue pair is still the one an event meant. */
    boolean is(int pair, long generation) {
        return state.pairs.generation(pair) == generation;
    }

    int state(int pair) {
        return PairStruct.STATE.get(block, at(pair));
    }

    /**
     * ERR by the card's own decision: {@code status} is that of the oldest send not completed, 0 to flush it with the
     * rest.
     */
    void fail(long nowPs, int pair, int status) {
        if (state(pair) == PairState.ERR) {
            return;
        }
        state.count(Counter.QP_ERRORS);
        PairStruct.FAILED_STATUS.set(block, at(pair), status);
        toError(nowPs, pair);
    }

    /** ERR: nothing more is sent or received, and both queues are flushed. */
    void toError(long nowPs, int pair) {
        long at = at(pair);
        PairStruct.STATE.set(block, at, PairState.ERR);
        PairStruct.RECEIVING.set(block, at, 0);
        scheduler.forget(pair);
        PairStruct.FLUSH_FROM.set(block, at, pipes.completionDone(nowPs));
        drain(nowPs, pair);
    }

    /** All queue pairs that complete on this completion queue go to ERR. */
    void failUsersOf(long nowPs, int cqn) {
        int end = state.pairs.highWater();
        for (int pair = 0; pair < end; pair++) {
            long at = at(pair);
            boolean uses = PairStruct.SEND_CQ.get(block, at) == cqn || PairStruct.RECV_CQ.get(block, at) == cqn;
            if (state.pairs.inUse(pair) && uses && state(pair) != PairState.RESET) {
                fail(nowPs, pair, Status.SUCCESS);
            }
        }
    }

    /** RESET: as just created. Messages in flight are forgotten; events for them find nobody. */
    void toReset(int pair) {
        scheduler.forget(pair);
        int message = (int) PairStruct.MESSAGE_HEAD.get(block, at(pair)) - 1;
        while (message >= 0) {
            int next = (int) MessageStruct.NEXT.get(block, state.messages.at(message)) - 1;
            state.messages.give(message);
            message = next;
        }
        state.pairs.renew(pair, PairStruct.RESET_FROM);
    }

    /** Makes sure a DRAIN event is pending, timed behind all completions already on their way. */
    void drain(long nowPs, int pair) {
        if (PairStruct.DRAINING.get(block, at(pair)) == 0) {
            drainAt(pipes.completionDone(nowPs), pair);
        }
    }

    /** Arms the DRAIN event after one that has written an entry: the writes follow each other through the pipe. */
    void drainOn(long nowPs, int pair) {
        drainAt(nowPs + state.spec.packetGapPs(), pair);
    }

    /** Arms the DRAIN event for a time. */
    void drainAt(long timePs, int pair) {
        PairStruct.DRAINING.set(block, at(pair), 1);
        pipes.at(timePs, Pipes.DRAIN, pair, state.pairs.generation(pair), null);
    }
}
