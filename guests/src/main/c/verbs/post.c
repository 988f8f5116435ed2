// SPDX-License-Identifier: Apache-2.0
// Posting work: ring entries, then one doorbell per call.

#include "ring.h"

#include <errno.h>
#include <string.h>

static int write_inline(struct card_send_entry *entry, const struct ibv_send_wr *wr) {
    uint32_t length = 0;
    for (int i = 0; i < wr->num_sge; i++) {
        if (wr->sg_list[i].length > CARD_MAX_INLINE - length) {
            return EINVAL;
        }
        memcpy(entry->body.data + length, (const void *) (uintptr_t) wr->sg_list[i].addr, wr->sg_list[i].length);
        length += wr->sg_list[i].length;
    }
    entry->inline_length = length;
    return 0;
}

static void write_segments(struct card_segment *to, const struct ibv_sge *from, int count) {
    for (int i = 0; i < count; i++) {
        to[i] = (struct card_segment) {from[i].addr, from[i].length, from[i].lkey};
    }
}

static int write_send_entry(struct ibv_qp *qp, const struct ibv_send_wr *wr) {
    unsigned flags = wr->send_flags | (qp->sq_sig_all ? IBV_SEND_SIGNALED : 0u);
    struct card_send_entry *entry = ring_send_entry(qp);
    if (ring_send_space(qp) == 0) {
        return ENOMEM;
    }
    if (wr->num_sge < 0 || wr->num_sge > CARD_MAX_SEND_SEGMENTS) {
        return EINVAL;
    }
    unsigned segments = (flags & IBV_SEND_INLINE) != 0 ? 0 : (unsigned) wr->num_sge;
    ring_send_control(entry, wr->opcode, flags, segments, wr->imm_data);
    entry->wr_id = wr->wr_id;
    entry->remote_va = wr->wr.rdma.remote_addr;
    entry->rkey = wr->wr.rdma.rkey;
    entry->inline_length = 0;
    if ((flags & IBV_SEND_INLINE) != 0) {
        return write_inline(entry, wr);
    }
    write_segments(entry->body.segment, wr->sg_list, wr->num_sge);
    return 0;
}

int ibv_post_send(struct ibv_qp *qp, struct ibv_send_wr *wr, struct ibv_send_wr **bad_wr) {
    uint32_t before = qp->sq_producer;
    int error = 0;
    for (; wr != NULL && error == 0; wr = error == 0 ? wr->next : wr) {
        error = qp->state != IBV_QPS_RTS ? EINVAL : write_send_entry(qp, wr);
        qp->sq_producer += error == 0;
        if (error != 0) {
            *bad_wr = wr;
        }
    }
    if (qp->sq_producer != before) {
        nic_doorbell(qp->context->doorbells, (uint64_t) qp->qp_num << 32 | qp->sq_producer);
    }
    return error;
}

int ibv_post_recv(struct ibv_qp *qp, struct ibv_recv_wr *wr, struct ibv_recv_wr **bad_wr) {
    int error = 0;
    for (; wr != NULL; wr = wr->next) {
        if (qp->state == IBV_QPS_RESET || wr->num_sge < 0 || wr->num_sge > CARD_MAX_RECEIVE_SEGMENTS) {
            error = EINVAL;
        } else if (qp->rq_producer - qp->rq_consumer > qp->rq_mask) {
            error = ENOMEM;
        }
        if (error != 0) {
            *bad_wr = wr;
            break;
        }
        struct card_receive_entry *entry = &qp->rq[qp->rq_producer++ & qp->rq_mask];
        entry->wr_id = wr->wr_id;
        entry->segments = (uint32_t) wr->num_sge;
        write_segments(entry->segment, wr->sg_list, wr->num_sge);
    }
    nic_fence_reads_writes();
    *qp->rq_record = qp->rq_producer;
    return error;
}
