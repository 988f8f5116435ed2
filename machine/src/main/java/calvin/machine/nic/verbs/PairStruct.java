package calvin.machine.nic.verbs;

import calvin.sim.state.Struct;
import calvin.sim.state.Struct.U32;
import calvin.sim.state.Struct.U64;
import calvin.sim.state.Struct.U8;

/**
 * A queue pair's context. PSNs are 24 bits; ring indices run free over 32 bits. List heads hold index plus one, 0 for
 * none.
 *
 * <p>The send queue, by index and by PSN ({@code completed <= cursor <= producer}, {@code unacked <= cursor psn <=
 * next psn}):
 *
 * <pre>
 *   completed        cursor                 producer        unacked        cursor psn        next psn
 *   | begun messages | fetched | not fetched |              | in flight    | sent, to repeat | never sent
 * </pre>
 */
final class PairStruct {
    static final Struct S = Struct.named("nic.qp");
    // @formatter:off
    static final U32 NEXT             = S.u32("next", "free list while free, bucket of its number while in use");
    static final U32 QPN              = S.u32("qpn", "number");
    static final U64 GENERATION       = S.u64("generation", "0 while free; changes at RESET");
    static final U64 SQ               = S.u64("sq", "pa of the send ring");
    static final U64 RQ               = S.u64("rq", "pa of the receive ring");
    static final U64 RECORD           = S.u64("record", "pa of the doorbell record");
    static final U32 DOMAIN           = S.u32("pd", "protection domain");
    static final U32 UAR              = S.u32("uar", "user access page of its owner");
    static final U32 SEND_CQ          = S.u32("send_cq", "completion queue of the send queue");
    static final U32 RECV_CQ          = S.u32("recv_cq", "completion queue of the receive queue");
    static final U8  SQ_LOG2          = S.u8("sq_log2", "log2 of send entries");
    static final U8  RQ_LOG2          = S.u8("rq_log2", "log2 of receive entries");

    static final U8  STATE            = S.u8("state", "see PairState");
    static final U8  ACCESS           = S.u8("access", "what remote requests may do");
    static final U8  TIMEOUT_CODE     = S.u8("timeout_code", "ACK timeout is 4.096 us * 2^code, 0 for none");
    static final U8  RETRY_LIMIT      = S.u8("retry_limit", "0..7");
    static final U8  RNR_LIMIT        = S.u8("rnr_limit", "0..6, 7 for ever");
    static final U8  RNR_CODE         = S.u8("rnr_code", "timer code in our RNR NAKs");
    static final U32 PEER_QPN         = S.u32("peer_qpn", "destination queue pair");
    static final U32 PEER_IP          = S.u32("peer_ip", "destination IPv4");
    static final U64 PEER_MAC         = S.u64("peer_mac", "destination MAC");
    static final U32 MTU              = S.u32("mtu", "path MTU in bytes");

    static final U8  RETRY_LEFT       = S.u8("retry_left", "tries left before RETRY_EXC_ERR");
    static final U8  RNR_LEFT         = S.u8("rnr_left", "tries left before RNR_RETRY_EXC_ERR");
    static final U8  RNR_WAIT         = S.u8("rnr_wait", "1 while a received RNR NAK's timer runs");
    static final U8  STUCK_STATUS     = S.u8("stuck_status", "the cursor entry fails with this in its turn; 0 none");
    static final U8  FAILED_STATUS    = S.u8("failed_status", "in ERR: status of the oldest entry; 0 flushes it too");
    static final U8  DRAINING         = S.u8("draining", "1 while a DRAIN event is pending");
    static final U8  TIMER_RUNNING    = S.u8("timer_running", "1 while an ACK_TIMER event is pending");
    static final U8  ACTIVE           = S.u8("active", "1 in the list of those with a packet to send, 2 if starved");
    static final U8  FETCHING         = S.u8("fetching", "1 while in the list of queue pairs that want entries");
    static final U8  REPLYING         = S.u8("replying", "1 while a REPLY event is pending");
    static final U8  REPLY_SYNDROME   = S.u8("reply_syndrome", "AETH syndrome of the pending reply");
    static final U8  NAK_SENT         = S.u8("nak_sent", "1 from a sequence or RNR NAK until the expected PSN comes");
    static final U8  RECEIVING        = S.u8("receiving", "message in progress: 0 none, 1 SEND, 2 WRITE");
    static final U8  SEGMENTS         = S.u8("segments", "scatter entries of the receive in progress");
    static final U8  HOLDS_RECEIVE    = S.u8("holds_receive", "1 while a receive entry is taken and not completed");
    static final U8  REFRESHING       = S.u8("refreshing", "1 while a REFRESH event is pending");

    static final U32 PRODUCER         = S.u32("sq_producer", "from the doorbell");
    static final U32 COMPLETED        = S.u32("sq_completed", "oldest entry not completed");
    static final U32 CURSOR           = S.u32("cursor", "entry to send from next");
    static final U32 CURSOR_PSN       = S.u32("cursor_psn", "PSN to send next");
    static final U32 CURSOR_MESSAGE   = S.u32("cursor_message", "the cursor entry's message, 0 while not begun");
    static final U32 NEXT_PSN         = S.u32("next_psn", "PSN never sent");
    static final U32 UNACKED_PSN      = S.u32("unacked_psn", "oldest PSN not acknowledged");
    static final U32 SINCE_ACK        = S.u32("since_ack_request", "packets since one asked for an ACK");
    static final U32 EPOCH            = S.u32("epoch", "changes on going back: packets of an older one are not sent");
    static final U32 MESSAGE_HEAD     = S.u32("message_head", "oldest message begun");
    static final U32 MESSAGE_TAIL     = S.u32("message_tail", "newest");
    static final U32 WORK_HEAD        = S.u32("work_head", "slot of the cursor entry");
    static final U32 WORK_TAIL        = S.u32("work_tail", "slot of the last entry fetched");
    static final U32 WORK_COUNT       = S.u32("work_count", "slots held");
    static final U32 ACTIVE_NEXT      = S.u32("active_next", "list of queue pairs with a packet to send, or starved");
    static final U32 FETCH_NEXT       = S.u32("fetch_next", "list of queue pairs that want entries");
    static final U32 REPLY_PSN        = S.u32("reply_psn", "PSN of the pending NAK");
    static final U64 DEADLINE         = S.u64("deadline_ps", "when the ACK timer runs out");
    static final U64 FLUSH_FROM       = S.u64("flush_from_ps", "in ERR: when completions made before it are written");

    static final U32 RQ_CONSUMED      = S.u32("rq_consumed", "receive entries taken");
    static final U32 RQ_KNOWN         = S.u32("rq_known", "producer index when the record was last read");
    static final U32 EXPECTED_PSN     = S.u32("expected_psn", "of the next request");
    static final U32 MSN              = S.u32("msn", "messages done");
    static final U32 WRITE_KEY        = S.u32("write_key", "rkey of the WRITE in progress");
    static final U32 WRITE_LEFT       = S.u32("write_left", "bytes it still has to bring");
    static final U64 WRITE_VA         = S.u64("write_va", "where its next byte goes");
    static final U32 RECEIVED         = S.u32("received", "bytes of the message in progress so far");
    static final U32 MESSAGE_BYTES    = S.u32("message_bytes", "length of the WRITE in progress");
    static final U32 RQ_FETCHED       = S.u32("rq_fetched", "known receive entries before this one are in the card");
    static final U32 PAD              = S.u32("pad", "zero");
    static final U64 RQ_READY         = S.u64("rq_ready_ps", "when the other known ones are");
    static final U64 RECEIVE_ID       = S.u64("receive_id", "wr_id of the receive taken");
    static final U64 SEGMENT_VA0      = S.u64("segment_va0", "scatter entry 0: va");
    static final U32 SEGMENT_LENGTH0  = S.u32("segment_length0", "length");
    static final U32 SEGMENT_KEY0     = S.u32("segment_key0", "lkey");
    // @formatter:on

    /** Everything before this field outlives a RESET. */
    static final int RESET_FROM = STATE.offset();

    static {
        S.reserved(2 * ReceiveWorkStruct.SEGMENT_BYTES);
        S.endsAt(296);
    }

    private PairStruct() {}
}
