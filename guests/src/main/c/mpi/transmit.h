// SPDX-License-Identifier: Apache-2.0
// The short way of a small message into the send ring, inlined where it is hot.

#ifndef CALVIN_MPI_TRANSMIT_H
#define CALVIN_MPI_TRANSMIT_H

#include "engine.h"

// Whether a message with a credit can go now and nothing waits before it.
static inline int mpi_path_clear(const struct peer *peer) {
    return peer->credits != 0 && peer->pending_head == NULL && ring_send_space(peer->qp) != 0;
}

// A header's fields common to all kinds, and the credits it carries.
static inline void mpi_fill_header(struct message_header *header, struct peer *peer, enum message_kind kind,
    int source, int tag, uint32_t context, uint64_t length, uint32_t request) {
    header->kind = (uint8_t) kind;
    header->reserved = 0;
    header->credits = (uint16_t) peer->owed;
    header->source = source;
    header->tag = tag;
    header->context = context;
    header->length = length;
    header->sequence = peer->send_sequence++;
    header->request = request;
    peer->owed = 0;
}

// Some entries ask for a completion, so that the ring gets free; in the last barrier (mask 0) all but CREDIT do, which
// a peer that has left need not acknowledge.
static inline unsigned mpi_signal_flag(struct peer *peer, enum message_kind kind) {
    uint32_t index = peer->qp->sq_producer;
    uint32_t mask = mpi_engine.signal_mask;
    if (likely((index & mask) != mask) || (kind == MESSAGE_CREDIT && mask == 0)) {
        return 0;
    }
    peer->last_signalled = index + 1;
    return IBV_SEND_SIGNALED;
}

// A completion names the peer in bits 32..62 of wr_id and the ring index (send) or slot (receive) in bits 0..31.
static inline uint64_t mpi_work_id(const struct peer *peer, uint32_t index) {
    return (uint64_t) (uint32_t) mpi_peer_rank(peer) << 32 | index;
}

// Sends header and payload inline. The caller has seen to credit and ring space.
static inline void mpi_send_inline(struct peer *peer, enum message_kind kind, int source, int tag, uint32_t context,
    uint64_t length, uint32_t request, const void *payload, size_t payload_bytes) {
    struct ibv_qp *qp = peer->qp;
    struct card_send_entry *entry = ring_send_entry(qp);
    ring_send_control(entry, IBV_WR_SEND, IBV_SEND_INLINE | mpi_signal_flag(peer, kind), 0, 0);
    entry->wr_id = mpi_work_id(peer, qp->sq_producer);
    entry->inline_length = (uint32_t) (HEADER_BYTES + payload_bytes);
    mpi_fill_header((struct message_header *) entry->body.data, peer, kind, source, tag, context, length, request);
    mpi_copy(entry->body.data + HEADER_BYTES, payload, payload_bytes);
    ring_send_commit(qp);
}

// A blocking send: the short way if it is open, else with a request.
static inline void mpi_send_bytes(struct communicator *comm, uint32_t context, const void *data, size_t bytes,
    int dest, int tag) {
    if (likely(bytes <= INLINE_PAYLOAD_BYTES && dest >= 0)) {
        struct peer *peer = &mpi_engine.peers[comm->world[dest]];
        if (likely(mpi_path_clear(peer))) {
            peer->credits--;
            mpi_send_inline(peer, MESSAGE_EAGER, comm->rank, tag, context, bytes, 0, data, bytes);
            return;
        }
    }
    mpi_wait(mpi_start_send(comm, context, data, bytes, dest, tag, 0), MPI_STATUS_IGNORE);
}

#endif
