package calvin.machine.nic.verbs;

import calvin.machine.bus.Dma;
import calvin.sim.state.Block;
import calvin.sim.trace.TraceKind;

/**
 * Payloads and receive completions on their way to memory, in order: each becomes visible when its DMA write does,
 * not before.
 */
final class Landings {
    private final CardState state;
    private final Block block;
    private final Pipes pipes;
    private final Pairs pairs;
    private final Regions regions;
    private final Completions completions;
    private final Dma dma;

    Landings(CardState state, Pipes pipes, Pairs pairs, Regions regions, Completions completions, Dma dma) {
        this.state = state;
        this.block = state.block;
        this.pipes = pipes;
        this.pairs = pairs;
        this.regions = regions;
        this.completions = completions;
        this.dma = dma;
    }

    /** Whether a packet, whatever it needs, finds room. */
    boolean hasRoom() {
        return state.landings.free() >= CardState.LANDINGS_PER_PACKET;
    }

    /**
     * Sends {@code length} bytes from {@code frame[frameAt..]} to {@code pa}.
     *
     * @param total payload of the whole packet where this is its last part, else 0
     */
    void payload(long readyPs, int pair, long origin, byte[] frame, int frameAt, int length, long pa, int key,
            int total) {
        int landing = take(pair, LandingStruct.PAYLOAD, origin);
        long at = state.landings.at(landing);
        LandingStruct.PA.set(block, at, pa);
        LandingStruct.KEY.set(block, at, key);
        LandingStruct.LENGTH.set(block, at, length);
        LandingStruct.TOTAL.set(block, at, total);
        LandingStruct.FRAME_AT.set(block, at, frameAt);
        pipes.at(pipes.writeDone(readyPs, length), Pipes.LAND, landing, state.landings.generation(landing), frame);
    }

    /** Completes the receive that the queue pair holds. */
    void completion(long readyPs, int pair, long origin, int opcode, int status, long byteLen, long immediate,
            int flags) {
        int landing = take(pair, LandingStruct.COMPLETION, origin);
        long at = state.landings.at(landing);
        LandingStruct.PA.set(block, at, PairStruct.RECEIVE_ID.get(block, pairs.at(pair)));
        LandingStruct.KEY.set(block, at, immediate);
        LandingStruct.LENGTH.set(block, at, byteLen);
        LandingStruct.OPCODE.set(block, at, opcode);
        LandingStruct.STATUS.set(block, at, status);
        LandingStruct.FLAGS.set(block, at, flags);
        PairStruct.HOLDS_RECEIVE.set(block, pairs.at(pair), 0);
        pipes.at(pipes.completionDone(readyPs), Pipes.LAND, landing, state.landings.generation(landing), null);
    }

    private int take(int pair, int kind, long origin) {
        int landing = state.landings.take();
        long at = state.landings.at(landing);
        LandingStruct.PAIR.set(block, at, pair);
        LandingStruct.PAIR_GENERATION.set(block, at, state.pairs.generation(pair));
        LandingStruct.ORIGIN.set(block, at, origin);
        LandingStruct.KIND.set(block, at, kind);
        return landing;
    }

    /** A write is visible now. One whose region or queue pair has gone meanwhile is not done. */
    void onLand(long nowPs, int landing, long generation, byte[] frame) {
        if (state.landings.generation(landing) != generation) {
            return;
        }
        long at = state.landings.at(landing);
        int pair = (int) LandingStruct.PAIR.get(block, at);
        boolean current = pairs.is(pair, LandingStruct.PAIR_GENERATION.get(block, at));
        if (LandingStruct.KIND.get(block, at) == LandingStruct.PAYLOAD) {
            land(nowPs, at, pair, current, frame);
        } else if (current) {
            completions.receive(nowPs, pair, LandingStruct.PA.get(block, at), LandingStruct.OPCODE.get(block, at),
                    LandingStruct.STATUS.get(block, at), LandingStruct.LENGTH.get(block, at),
                    LandingStruct.KEY.get(block, at),
                    LandingStruct.FLAGS.get(block, at), LandingStruct.ORIGIN.get(block, at));
        } else {
            state.count(Counter.COMPLETIONS_LOST);
        }
        state.landings.give(landing);
    }

    private void land(long nowPs, long at, int pair, boolean current, byte[] frame) {
        if (!current || regions.find((int) LandingStruct.KEY.get(block, at)) < 0) {
            return;
        }
        int frameAt = LandingStruct.FRAME_AT.get(block, at);
        int length = (int) LandingStruct.LENGTH.get(block, at);
        if (!dma.write(LandingStruct.PA.get(block, at), frame, frameAt, length)) {
            state.count(Counter.DMA_ERRORS);
            pairs.fail(nowPs, pair, Status.SUCCESS);
            return;
        }
        long total = LandingStruct.TOTAL.get(block, at);
        if (total != 0) {
            pipes.record(TraceKind.PAYLOAD_WRITTEN, nowPs, PairStruct.QPN.get(block, pairs.at(pair)),
                    LandingStruct.ORIGIN.get(block, at), total);
        }
    }
}
