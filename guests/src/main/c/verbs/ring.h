// SPDX-License-Identifier: Apache-2.0
// The data path on the card's rings, short enough to inline: used by ibv_post_send and ibv_poll_cq, and by libmpi
// directly.

#ifndef CALVIN_RING_H
#define CALVIN_RING_H

#include "nic.h"
#include "verbs.h"

// Entries the send queue can still take.
static inline uint32_t ring_send_space(const struct ibv_qp *qp) {
    return qp->sq_mask + 1 - (qp->sq_producer - qp->sq_consumer);
}

static inline struct card_send_entry *ring_send_entry(const struct ibv_qp *qp) {
    return &qp->sq[qp->sq_producer & qp->sq_mask];
}

// First 8 bytes of a send entry as one store: opcode, flags, segments, immediate.
static inline void ring_send_control(struct card_send_entry *entry, unsigned opcode, unsigned flags, unsigned segments,
    uint32_t immediate) {
    *(uint64_t *) (void *) entry = opcode | flags << 8 | segments << 16 | (uint64_t) immediate << 32;
}

// Hands every entry up to the producer index to the card.
static inline void ring_send_commit(struct ibv_qp *qp) {
    qp->sq_producer++;
    nic_doorbell(qp->context->doorbells, (uint64_t) qp->qp_num << 32 | qp->sq_producer);
}

// The next completion, or NULL. The phase byte is 1 in even laps of the consumer, 0 in odd ones.
static inline const struct card_completion *ring_completion(const struct ibv_cq *cq) {
    const struct card_completion *entry = &cq->ring[cq->consumer & ((uint32_t) cq->cqe - 1)];
    uint8_t wanted = (cq->consumer & (uint32_t) cq->cqe) == 0;
    if (*(const volatile uint8_t *) &entry->phase != wanted) {
        return NULL;
    }
    nic_fence_reads();
    return entry;
}

// Gives the entry back to the card; what was read of it must have been read before.
static inline void ring_completion_done(struct ibv_cq *cq) {
    cq->consumer++;
    nic_fence_reads_writes();
    *cq->record = cq->consumer;
}

#endif
