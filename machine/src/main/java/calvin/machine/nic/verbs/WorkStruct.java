package calvin.machine.nic.verbs;

import calvin.sim.state.Memory;
import calvin.sim.state.Struct;
import calvin.sim.state.Struct.U16;
import calvin.sim.state.Struct.U32;
import calvin.sim.state.Struct.U64;
import calvin.sim.state.Struct.U8;

/** An SQ entry as software writes it (docs/adr/0004), held in a work slot of the card. */
final class WorkStruct {
    static final int BYTES = 256;
    static final int WRITE = 0;
    static final int WRITE_IMMEDIATE = 1;
    static final int SEND = 2;
    static final int SEND_IMMEDIATE = 3;
    static final int SIGNALED = 2;
    static final int SOLICITED = 4;
    static final int INLINE = 8;
    static final int MAX_SEGMENTS = 8;
    static final int MAX_INLINE_BYTES = 192;
    static final int DATA_AT = 32;
    static final int SEGMENT_BYTES = 16;
    /** A message is at most 2^31 bytes (ib vol. 1, 9.3.3: DMA length). */
    static final long MAX_MESSAGE_BYTES = 1L << 31;

    static final Struct S = Struct.named("nic.work");
    static final U8 OPCODE = S.u8("opcode", "enum ibv_wr_opcode");
    static final U8 FLAGS = S.u8("flags", "IBV_SEND_* bits");
    static final U16 SEGMENTS = S.u16("segments", "gather entries");
    static final U32 IMMEDIATE = S.u32("immediate", "immediate data");
    static final U64 ID = S.u64("wr_id", "for the completion");
    static final U64 REMOTE_VA = S.u64("remote_va", "of a WRITE");
    static final U32 REMOTE_KEY = S.u32("rkey", "of a WRITE");
    static final U32 INLINE_BYTES = S.u32("inline_bytes", "payload in the entry");

    static {
        S.reserved(BYTES - DATA_AT);
        S.endsAt(BYTES);
    }

    private WorkStruct() {}

    static boolean inline(Memory memory, long at) {
        return (FLAGS.get(memory, at) & INLINE) != 0;
    }

    static long segmentVa(Memory memory, long at, int segment) {
        return memory.u64(at + DATA_AT + (long) SEGMENT_BYTES * segment);
    }

    static long segmentBytes(Memory memory, long at, int segment) {
        return memory.u32(at + DATA_AT + (long) SEGMENT_BYTES * segment + 8);
    }

    static int segmentKey(Memory memory, long at, int segment) {
        return (int) memory.u32(at + DATA_AT + (long) SEGMENT_BYTES * segment + 12);
    }

    /** Bytes of the message; nothing in the entry is taken on trust. Segments beyond the eighth do not count. */
    static long messageBytes(Memory memory, long at) {
        if (inline(memory, at)) {
            return INLINE_BYTES.get(memory, at);
        }
        long sum = 0;
        int segments = Math.min(SEGMENTS.get(memory, at), MAX_SEGMENTS);
        for (int i = 0; i < segments; i++) {
            sum += segmentBytes(memory, at, i);
        }
        return sum;
    }

    /** {@code enum ibv_wc_opcode} of a send queue's completion: RDMA_READ is 2, COMP_SWAP 3, FETCH_ADD 4. */
    static int completionOpcode(int opcode) {
        return switch (opcode) {
            case WRITE, WRITE_IMMEDIATE -> CompletionStruct.WROTE;
            case 4 -> 2;
            case 5 -> 3;
            case 6 -> 4;
            default -> CompletionStruct.SENT;
        };
    }
}
