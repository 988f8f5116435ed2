package calvin.machine.nic.roce;

/**
 * Why a card dropped a frame; the ordinal is the reason in {@code FRAME_DROPPED} trace records. New reasons go at the
 * end.
 */
public enum DropReason {
    /** Another destination MAC or IPv4 address than ours. */
    NOT_FOR_US,
    /** Not UDP port 4791 over plain IPv4. */
    NOT_ROCE,
    /** IPv4, UDP or RoCE lengths that contradict each other. */
    BAD_LENGTH,
    BAD_IP_CHECKSUM,
    BAD_ICRC,
    /** Transport version or partition key. */
    BAD_TRANSPORT_HEADER,
    NO_QUEUE_PAIR,
    /** The queue pair is not yet, or no longer, ready for this kind of packet. */
    WRONG_STATE,
    /** The sender is not the queue pair's peer. */
    WRONG_PEER,
    UNKNOWN_OPCODE,
    /** Ahead of the expected PSN; a NAK has been sent. */
    OUT_OF_SEQUENCE,
    /** Behind the expected PSN: done before, acknowledged again. */
    DUPLICATE,
    /** An ACK or NAK for nothing outstanding. */
    STALE_REPLY,
    /** No free entry in the receive pipeline. */
    RECEIVE_OVERRUN,
    /** The receive queue is empty; an RNR NAK has been sent. */
    RECEIVER_NOT_READY,
    /** Refused with a NAK that ends the connection. */
    REFUSED
}
