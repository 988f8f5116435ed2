// SPDX-License-Identifier: Apache-2.0
// Completion queues.

#include "command.h"
#include "ring.h"

#include <errno.h>
#include <stdlib.h>

struct ibv_cq *ibv_create_cq(struct ibv_context *context, int cqe, void *cq_context, void *channel, int comp_vector) {
    if (cqe < 1 || cqe > CARD_MAX_RING_ENTRIES || channel != NULL || comp_vector != 0) {
        errno = EINVAL;
        return NULL;
    }
    uint32_t log2_entries = log2_ceiling((uint32_t) cqe);
    size_t entries_bytes = (size_t) CARD_CQ_ENTRY_BYTES << log2_entries;
    size_t ring_bytes = entries_bytes + 64;
    struct ibv_cq *cq = calloc(1, sizeof *cq);
    uint8_t *ring = cq == NULL ? NULL : nic_allocate(ring_bytes);
    if (ring == NULL) {
        free(cq);
        errno = ENOMEM;
        return NULL;
    }
    *cq = (struct ibv_cq) {
        .context = context, .cq_context = cq_context, .cqe = 1 << log2_entries, .ring = (void *) ring,
        .record = (void *) (ring + entries_bytes), .ring_bytes = ring_bytes
    };
    struct calvin_verbs_command command = {
        .opcode = CARD_CREATE_CQ, .argument = {(uintptr_t) ring, log2_entries, (uintptr_t) cq->record, 0}
    };
    int error = card_command(context, &command);
    if (error != 0) {
        nic_release(ring, ring_bytes);
        free(cq);
        errno = error;
        return NULL;
    }
    cq->handle = (uint32_t) command.result;
    return cq;
}

int ibv_destroy_cq(struct ibv_cq *cq) {
    struct calvin_verbs_command command = {.opcode = CARD_DESTROY_CQ, .argument = {cq->handle}};
    int error = card_command(cq->context, &command);
    if (error == 0) {
        nic_release(cq->ring, cq->ring_bytes);
        free(cq);
    }
    return error;
}

static struct ibv_qp *find_qp(struct ibv_context *context, uint32_t number) {
    struct ibv_qp *qp = context->queue_pairs[number % 64];
    while (qp != NULL && qp->qp_num != number) {
        qp = qp->next;
    }
    return qp;
}

// Frees the ring entries a completion stands for. Sends complete in order: all up to the next one that was to be
// signalled, or, once the queue pair failed, each on its own.
static void retire(struct ibv_qp *qp, const struct card_completion *entry) {
    if ((entry->opcode & IBV_WC_RECV) != 0) {
        qp->rq_consumer++;
        return;
    }
    int signalled;
    do {
        signalled = (qp->sq[qp->sq_consumer++ & qp->sq_mask].flags & IBV_SEND_SIGNALED) != 0;
    } while (!signalled && entry->status == IBV_WC_SUCCESS && qp->sq_consumer != qp->sq_producer);
}

int ibv_poll_cq(struct ibv_cq *cq, int entries, struct ibv_wc *wc) {
    int count = 0;
    const struct card_completion *entry;
    while (count < entries && (entry = ring_completion(cq)) != NULL) {
        wc[count++] = (struct ibv_wc) {
            .wr_id = entry->wr_id, .status = entry->status, .opcode = entry->opcode, .byte_len = entry->byte_len,
            .imm_data = entry->immediate, .qp_num = entry->qpn, .wc_flags = entry->flags
        };
        struct ibv_qp *qp = find_qp(cq->context, entry->qpn);
        if (qp != NULL) {
            retire(qp, entry);
        }
        ring_completion_done(cq);
    }
    return count;
}
