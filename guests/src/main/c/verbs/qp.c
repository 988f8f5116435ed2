// SPDX-License-Identifier: Apache-2.0
// Queue pairs: life and states.

#include "command.h"
#include "verbs.h"

#include <errno.h>
#include <stdlib.h>

// Send ring, receive ring and doorbell record share one allocation.
static size_t layout(struct ibv_qp *qp, uint32_t log2_send, uint32_t log2_receive) {
    size_t send_bytes = (size_t) CARD_SQ_ENTRY_BYTES << log2_send;
    size_t receive_bytes = (size_t) CARD_RQ_ENTRY_BYTES << log2_receive;
    size_t total = send_bytes + receive_bytes + 64;
    uint8_t *memory = nic_allocate(total);
    if (memory != NULL) {
        qp->sq = (void *) memory;
        qp->rq = (void *) (memory + send_bytes);
        qp->rq_record = (void *) (memory + send_bytes + receive_bytes);
        qp->sq_mask = (1u << log2_send) - 1;
        qp->rq_mask = (1u << log2_receive) - 1;
        qp->ring_bytes = total;
    }
    return memory == NULL ? 0 : total;
}

struct ibv_qp *calvin_create_qp(struct ibv_pd *pd, struct ibv_qp_init_attr *attr, uint32_t wanted_number) {
    struct ibv_qp_cap *cap = &attr->cap;
    if (attr->qp_type != IBV_QPT_RC || cap->max_send_wr > CARD_MAX_RING_ENTRIES
        || cap->max_recv_wr > CARD_MAX_RING_ENTRIES || cap->max_send_sge > CARD_MAX_SEND_SEGMENTS
        || cap->max_recv_sge > CARD_MAX_RECEIVE_SEGMENTS || cap->max_inline_data > CARD_MAX_INLINE) {
        errno = EINVAL;
        return NULL;
    }
    struct ibv_qp *qp = calloc(1, sizeof *qp);
    uint32_t log2_send = log2_ceiling(cap->max_send_wr);
    uint32_t log2_receive = log2_ceiling(cap->max_recv_wr);
    if (qp == NULL || layout(qp, log2_send, log2_receive) == 0) {
        free(qp);
        errno = ENOMEM;
        return NULL;
    }
    struct calvin_verbs_command command = {
        .opcode = CARD_CREATE_QP,
        .argument = {
            pd->handle, attr->send_cq->handle | (uint64_t) attr->recv_cq->handle << 32, (uintptr_t) qp->sq, log2_send,
            (uintptr_t) qp->rq, log2_receive, (uintptr_t) qp->rq_record, wanted_number
        }
    };
    int error = card_command(pd->context, &command);
    if (error != 0) {
        nic_release(qp->sq, qp->ring_bytes);
        free(qp);
        errno = error;
        return NULL;
    }
    qp->context = pd->context;
    qp->qp_context = attr->qp_context;
    qp->pd = pd;
    qp->send_cq = attr->send_cq;
    qp->recv_cq = attr->recv_cq;
    qp->qp_num = (uint32_t) command.result;
    qp->state = IBV_QPS_RESET;
    qp->qp_type = attr->qp_type;
    qp->sq_sig_all = attr->sq_sig_all;
    qp->next = qp->context->queue_pairs[qp->qp_num % 64];
    qp->context->queue_pairs[qp->qp_num % 64] = qp;
    *cap = (struct ibv_qp_cap) {
        1u << log2_send, 1u << log2_receive, CARD_MAX_SEND_SEGMENTS, CARD_MAX_RECEIVE_SEGMENTS, CARD_MAX_INLINE
    };
    return qp;
}

struct ibv_qp *ibv_create_qp(struct ibv_pd *pd, struct ibv_qp_init_attr *attr) {
    return calvin_create_qp(pd, attr, 0);
}

static uint32_t gid_ipv4(const union ibv_gid *gid) {
    return (uint32_t) gid->raw[12] << 24 | (uint32_t) gid->raw[13] << 16 | (uint32_t) gid->raw[14] << 8 | gid->raw[15];
}

static int resolve(struct ibv_context *context, uint32_t ipv4, uint64_t *mac) {
    struct calvin_verbs_command command = {.opcode = CARD_RESOLVE, .argument = {ipv4}};
    int error = card_command(context, &command);
    *mac = command.result;
    return error;
}

int ibv_modify_qp(struct ibv_qp *qp, struct ibv_qp_attr *attr, int mask) {
    if ((mask & IBV_QP_STATE) == 0) {
        return EINVAL;
    }
    struct calvin_verbs_command command = {
        .opcode = CARD_MODIFY_QP, .argument = {qp->qp_num | (uint64_t) attr->qp_state << 32}
    };
    uint64_t *argument = command.argument;
    int error = 0;
    if (attr->qp_state == IBV_QPS_INIT) {
        argument[1] = attr->qp_access_flags;
    } else if (attr->qp_state == IBV_QPS_RTR) {
        argument[1] = attr->dest_qp_num | (uint64_t) attr->rq_psn << 32;
        argument[2] = gid_ipv4(&attr->ah_attr.grh.dgid);
        argument[4] = 128u << attr->path_mtu | (uint64_t) attr->min_rnr_timer << 16;
        error = resolve(qp->context, (uint32_t) argument[2], &argument[3]);
    } else if (attr->qp_state == IBV_QPS_RTS) {
        argument[1] = attr->sq_psn | (uint64_t) attr->timeout << 32 | (uint64_t) attr->retry_cnt << 40
            | (uint64_t) attr->rnr_retry << 48;
    }
    error = error != 0 ? error : card_command(qp->context, &command);
    if (error == 0) {
        qp->state = attr->qp_state;
        if (qp->state == IBV_QPS_RESET) {
            qp->sq_producer = qp->sq_consumer = qp->rq_producer = qp->rq_consumer = 0;
            *qp->rq_record = 0;
        }
    }
    return error;
}

int ibv_query_qp(struct ibv_qp *qp, struct ibv_qp_attr *attr, int mask, struct ibv_qp_init_attr *init_attr) {
    (void) mask;
    struct calvin_verbs_command command = {.opcode = CARD_QUERY_QP, .argument = {qp->qp_num}};
    int error = card_command(qp->context, &command);
    if (error == 0) {
        qp->state = command.result & 0xFF;
        *attr = (struct ibv_qp_attr) {
            .qp_state = qp->state, .sq_psn = command.result >> 8 & 0xFFFFFF, .rq_psn = command.result >> 32 & 0xFFFFFF
        };
        if (init_attr != NULL) {
            *init_attr = (struct ibv_qp_init_attr) {
                .qp_context = qp->qp_context, .send_cq = qp->send_cq, .recv_cq = qp->recv_cq, .qp_type = qp->qp_type,
                .sq_sig_all = qp->sq_sig_all
            };
        }
    }
    return error;
}

int ibv_destroy_qp(struct ibv_qp *qp) {
    struct calvin_verbs_command command = {.opcode = CARD_DESTROY_QP, .argument = {qp->qp_num}};
    int error = card_command(qp->context, &command);
    if (error == 0) {
        struct ibv_qp **link = &qp->context->queue_pairs[qp->qp_num % 64];
        while (*link != qp) {
            link = &(*link)->next;
        }
        *link = qp->next;
        nic_release(qp->sq, qp->ring_bytes);
        free(qp);
    }
    return error;
}
