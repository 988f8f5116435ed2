// SPDX-License-Identifier: Apache-2.0
// Completions: what the card has received and what it has sent.

#include "transmit.h"

static inline struct peer *peer_of(uint64_t wr_id) {
    return &mpi_engine.peers[wr_id >> 32];
}

// Puts the slot of the oldest receive back into the ring, whose entries never change: slot i is entry i. What was in it
// has been read.
static inline void repost(struct peer *peer) {
    struct ibv_qp *qp = peer->qp;
    qp->rq_producer++;
    nic_fence_reads_writes();
    *qp->rq_record = qp->rq_producer;
}

static void handle_message(struct peer *peer, uint32_t slot) {
    const struct message_header *header = (const void *) (peer->slots + (size_t) slot * SLOT_BYTES);
    const uint8_t *payload = (const uint8_t *) header + HEADER_BYTES;
    if (unlikely(header->sequence != peer->receive_sequence)) {
        mpi_fatal("message %u from rank %d arrived in place of message %u", header->sequence, mpi_peer_rank(peer),
            peer->receive_sequence);
    }
    peer->receive_sequence++;
    peer->credits += header->credits;
    uint32_t used = 1;
    switch (header->kind) {
    case MESSAGE_EAGER:
    case MESSAGE_RTS:
        mpi_arrived(peer, header, payload);
        break;
    case MESSAGE_CTS:
        mpi_granted(peer, header, payload);
        break;
    case MESSAGE_FIN:
        mpi_rendezvous_received(header->request);
        break;
    case MESSAGE_CREDIT:
        used = 0;
        break;
    case MESSAGE_HELLO:
        used = 0;
        peer->hello_seen = 1;
        if (!peer->hello_sent) {
            mpi_send_hello(peer);
        }
        break;
    case MESSAGE_CONNECT:
        mpi_connect_requested(header);
        break;
    default:
        mpi_fatal("message of unknown kind %d from rank %d", header->kind, mpi_peer_rank(peer));
    }
    repost(peer);
    peer->owed += used;
    if (unlikely(peer->pending_head != NULL)) {
        mpi_flush_pending(peer);
    }
    if (unlikely(peer->owed >= mpi_engine.credit_threshold)) {
        mpi_return_credits(peer);
    }
}

// The last write of a rendezvous has landed.
static void handle_data(struct peer *peer, uint32_t immediate) {
    mpi_rendezvous_received(immediate);
    repost(peer);
    peer->owed++;
    mpi_return_credits(peer);
}

// Everything up to ring index `last` has been sent and acknowledged.
static void handle_sent(struct peer *peer, uint32_t last) {
    struct ibv_qp *qp = peer->qp;
    while (qp->sq_consumer != last + 1) {
        struct sent *sent = &peer->sent[qp->sq_consumer++ & qp->sq_mask];
        if (sent->buffer != NULL) {
            sent->buffer->next = mpi_engine.free_buffers;
            mpi_engine.free_buffers = sent->buffer;
            sent->buffer = NULL;
        }
        if (sent->request != NULL) {
            mpi_rendezvous_sent(sent->request);
            sent->request = NULL;
        }
    }
    if (unlikely(peer->pending_head != NULL)) {
        mpi_flush_pending(peer);
    }
    if (unlikely(mpi_engine.starved)) {
        mpi_flush_all();
    }
    mpi_return_credits(peer);
}

static void handle_error(struct peer *peer, unsigned status, int is_receive) {
    if (mpi_engine.finalizing) {
        // A peer that has left needs no acknowledgement from us any more, nor we from it.
        if (peer->qp != NULL) {
            peer->qp->sq_consumer = peer->last_signalled;
        }
        return;
    }
    if (mpi_engine.starting && status == IBV_WC_WR_FLUSH_ERR) {
        return;
    }
    if (mpi_engine.starting && status == IBV_WC_RETRY_EXC_ERR && !is_receive) {
        mpi_reconnect(peer);
        return;
    }
    mpi_fatal("the connection with rank %d failed: %s", mpi_peer_rank(peer), ibv_wc_status_str(status));
}

void mpi_handle(const struct card_completion *entry) {
    uint64_t wr_id = entry->wr_id;
    uint32_t immediate = entry->immediate;
    unsigned opcode = entry->opcode;
    unsigned status = entry->status;
    ring_completion_done(mpi_engine.cq);
    struct peer *peer = peer_of(wr_id);
    if (unlikely(status != IBV_WC_SUCCESS)) {
        handle_error(peer, status, (opcode & IBV_WC_RECV) != 0);
    } else if (likely(opcode == IBV_WC_RECV)) {
        handle_message(peer, (uint32_t) wr_id);
    } else if (opcode == IBV_WC_RECV_RDMA_WITH_IMM) {
        handle_data(peer, immediate);
    } else {
        handle_sent(peer, (uint32_t) wr_id);
    }
}

// Fails if nothing can ever happen; sleeps while the job starts, when others may be far behind.
void mpi_idle_slowly(void) {
    if (mpi_engine.cq == NULL) {
        mpi_fatal("deadlock: waiting for a message only this rank, the only one, could send");
    }
    nic_sleep_us(START_POLL_US);
}
