// SPDX-License-Identifier: Apache-2.0
// Requests into the send ring, or onto the pending list until they fit.

#include "transmit.h"

// Header and payload in a registered buffer, for what is too long to go inline.
static int send_buffered(struct mpi_request *request) {
    struct peer *peer = request->peer;
    struct ibv_qp *qp = peer->qp;
    struct send_buffer *buffer = mpi_engine.free_buffers;
    if (buffer == NULL) {
        mpi_engine.starved = 1;
        return 0;
    }
    mpi_engine.free_buffers = buffer->next;
    mpi_fill_header((struct message_header *) buffer->bytes, peer, MESSAGE_EAGER, request->source, request->tag,
        request->context, request->bytes, 0);
    mpi_copy(buffer->bytes + HEADER_BYTES, request->data, request->bytes);
    struct card_send_entry *entry = ring_send_entry(qp);
    ring_send_control(entry, IBV_WR_SEND, IBV_SEND_SIGNALED, 1, 0);
    peer->last_signalled = qp->sq_producer + 1;
    entry->wr_id = mpi_work_id(peer, qp->sq_producer);
    entry->body.segment[0] = (struct card_segment) {
        (uintptr_t) buffer->bytes, (uint32_t) (HEADER_BYTES + request->bytes), mpi_engine.buffers_mr->lkey
    };
    peer->sent[qp->sq_producer & qp->sq_mask].buffer = buffer;
    ring_send_commit(qp);
    return 1;
}

// The data of a rendezvous, straight from the user's memory to the receiver's.
static void write_data(struct mpi_request *request) {
    struct peer *peer = request->peer;
    struct ibv_qp *qp = peer->qp;
    struct card_send_entry *entry = ring_send_entry(qp);
    ring_send_control(entry, IBV_WR_RDMA_WRITE_WITH_IMM, IBV_SEND_SIGNALED, 1, request->remote_request);
    peer->last_signalled = qp->sq_producer + 1;
    entry->wr_id = mpi_work_id(peer, qp->sq_producer);
    entry->remote_va = request->remote_va;
    entry->rkey = request->remote_key;
    entry->inline_length = 0;
    entry->body.segment[0] = (struct card_segment) {
        (uintptr_t) (request->bounce != NULL ? request->bounce : request->data), (uint32_t) request->transfer_bytes,
        request->region->mr->lkey
    };
    peer->sent[qp->sq_producer & qp->sq_mask].request = request;
    ring_send_commit(qp);
}

static void act(struct mpi_request *request) {
    struct peer *peer = request->peer;
    switch ((enum action) request->action) {
    case ACT_EAGER:
        mpi_send_inline(peer, MESSAGE_EAGER, request->source, request->tag, request->context, request->bytes, 0,
            request->data, request->bytes);
        request->done = 1;
        break;
    case ACT_RTS:
        mpi_send_inline(peer, MESSAGE_RTS, request->source, request->tag, request->context, request->bytes,
            request->index, NULL, 0);
        break;
    case ACT_CTS: {
        uint64_t count = request->transfer_bytes;
        mpi_send_inline(peer, MESSAGE_CTS, 0, (int32_t) request->index, request->remote_key, request->remote_va,
            request->remote_request, &count, sizeof count);
        break;
    }
    case ACT_DATA:
        write_data(request);
        break;
    case ACT_FIN:
        mpi_send_inline(peer, MESSAGE_FIN, 0, 0, 0, 0, request->remote_request, NULL, 0);
        mpi_rendezvous_sent(request);
        break;
    case ACT_CONNECT:
        mpi_send_inline(peer, MESSAGE_CONNECT, request->source, request->tag, 0, 0, 0, NULL, 0);
        mpi_free_request(request);
        break;
    case ACT_NONE:
        break;
    }
}

// Sends what the request's action says if every resource is there.
static int try_act(struct mpi_request *request) {
    struct peer *peer = request->peer;
    if (peer->credits == 0 || ring_send_space(peer->qp) == 0) {
        return 0;
    }
    if (request->action == ACT_EAGER && request->bytes > INLINE_PAYLOAD_BYTES) {
        if (!send_buffered(request)) {
            return 0;
        }
        request->done = 1;
    } else {
        act(request);
    }
    peer->credits--;
    return 1;
}

void mpi_post(struct mpi_request *request, enum action action) {
    struct peer *peer = request->peer;
    request->action = (uint8_t) action;
    if (peer->pending_head == NULL && try_act(request)) {
        return;
    }
    request->next = NULL;
    if (peer->pending_head == NULL) {
        peer->pending_head = request;
    } else {
        peer->pending_tail->next = request;
    }
    peer->pending_tail = request;
    if (peer->qp == NULL) {
        mpi_connect(peer);
    }
}

void mpi_flush_pending(struct peer *peer) {
    while (peer->pending_head != NULL) {
        struct mpi_request *request = peer->pending_head;
        struct mpi_request *next = request->next;
        if (!try_act(request)) {
            return;
        }
        peer->pending_head = next;
    }
}

void mpi_flush_all(void) {
    mpi_engine.starved = 0;
    for (int i = 0; i < mpi_engine.size && mpi_engine.free_buffers != NULL; i++) {
        mpi_flush_pending(&mpi_engine.peers[i]);
    }
    // Stopped early: those after it may still wait for a buffer.
    mpi_engine.starved |= mpi_engine.free_buffers == NULL;
}

void mpi_return_credits(struct peer *peer) {
    if (peer->owed >= mpi_engine.credit_threshold && peer->hello_sent && !mpi_engine.finalizing
        && ring_send_space(peer->qp) != 0) {
        mpi_send_inline(peer, MESSAGE_CREDIT, 0, 0, 0, 0, 0, NULL, 0);
    }
}

void mpi_send_hello(struct peer *peer) {
    peer->hello_sent = 1;
    peer->owed = mpi_engine.depth - RESERVED_SLOTS;
    mpi_send_inline(peer, MESSAGE_HELLO, mpi_engine.rank, 0, 0, 0, 0, NULL, 0);
}
