package calvin.machine.nic.verbs;

import calvin.machine.nic.roce.DropReason;
import calvin.sim.state.Struct;
import calvin.sim.state.Struct.U32;
import calvin.sim.state.Struct.U64;
import calvin.sim.state.Struct.Words;

/**
 * State of the card as a whole; at offset 0 of its block. Indices of list members are plus one, so that 0 means none.
 */
final class CardStruct {
    static final Struct S = Struct.named("nic.card");
    static final Words ARGUMENTS = S.words("arguments", 8, "ARG0..ARG7");
    static final U64 RESULT = S.u64("result", "RESULT");
    static final U32 STATUS = S.u32("status", "STATUS");
    static final U32 IP_ID = S.u32("ip_id", "identification of the next datagram, low 16 bits");
    static final U64 SEQUENCE = S.u64("sequence", "events made so far; survives reset");
    static final U64 GENERATION = S.u64("generation", "pool entries and queue pairs made so far; survives reset");
    static final U64 FRAMES_SENT = S.u64("frames_sent",
            "frames sent from the port: the next one's sequence; survives reset");
    static final U64 FRAMES_LOOPED = S.u64("frames_looped", "frames sent to the card itself; survives reset");
    static final U64 READ_FREE = S.u64("read_free_ps", "when the DMA read channel has delivered what it was asked for");
    static final U64 WRITE_FREE = S.u64("write_free_ps", "when the DMA write channel has taken what it was given");
    static final U64 TRANSMIT_FREE = S.u64("transmit_free_ps", "end of the last transmission planned");
    static final U64 RECEIVE_FREE = S.u64("receive_free_ps", "when the receive pipeline takes its next packet");
    static final U32 TRANSMIT_BYTES = S.u32("transmit_bytes", "payload gathered and not yet sent");
    static final U32 ACTIVE_HEAD = S.u32("active_head", "first queue pair that has a packet to send");
    static final U32 ACTIVE_TAIL = S.u32("active_tail", "last of them");
    static final U32 STARVED_HEAD = S.u32("starved_head", "first queue pair that waits for room to begin a message");
    static final U32 STARVED_TAIL = S.u32("starved_tail", "last of them");
    static final U32 FETCH_HEAD = S.u32("fetch_head", "first queue pair that wants an SQ entry fetched");
    static final U32 FETCH_TAIL = S.u32("fetch_tail", "last of them");
    static final U32 PAD = S.u32("pad", "zero");
    static final Words COUNTERS = S.words("counters", Counter.values().length, "see Counter");
    static final Words DROPS = S.words("drops", DropReason.values().length, "frames dropped, see DropReason");

    static {
        S.endsAt(64 + 8 + 8 + 8 * 8 + 8 * 4 + 8 * (Counter.values().length + DropReason.values().length));
    }

    private CardStruct() {}
}
