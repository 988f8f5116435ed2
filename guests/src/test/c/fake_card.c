// SPDX-License-Identifier: Apache-2.0
// A model of the RDMA cards of all ranks and the network between them, as far as docs/adr/0004 promises it to programs:
// rings, doorbells, protection, states, order. Work is done in random order between queue pairs and in order on each;
// sender's completions come later than deliveries. Whatever the library must never cause ends the test: a receive queue
// found empty, a key that does not cover its memory, a wrong sequence number, an overrun completion queue.

#include "ranks.h"

#include "nic.h"
#include "verbs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { QPS = 8192, MRS = 16384, CQS = 128, NUMBERS = 256, PACKET_BYTES = 4096, TRIES = 8 };

struct cq {
    int node;
    uint8_t *ring;
    uint32_t entries, producer;
    volatile uint32_t *record;
};

struct mr {
    int node;
    uint64_t va, length;
    unsigned access;
};

struct qp {
    int node, used;
    uint32_t number, pd, send_cq, receive_cq, sq_mask, rq_mask;
    struct card_send_entry *sq;
    struct card_receive_entry *rq;
    volatile uint32_t *record;
    enum ibv_qp_state state;
    uint32_t dest_number, dest_ipv4, send_psn, expected_psn;
    uint32_t doorbell, executed, acknowledged, received;
    int tries;
};

static struct cq cqs[CQS];
static struct mr mrs[MRS];
static struct qp qps[QPS];
static struct qp *qp_named[MOST_RANKS_IN_TEST][NUMBERS];
static uint32_t cq_count, mr_count, qp_count, pd_count;
static int live_objects;
static uint64_t refused_start, refused_end;
static volatile uint64_t doorbell_pages[MOST_RANKS_IN_TEST][8];

void card_reset(void) {
    cq_count = mr_count = qp_count = pd_count = 0;
    live_objects = 0;
}

void card_refuse(const void *start, size_t bytes) {
    refused_start = (uintptr_t) start;
    refused_end = refused_start + bytes;
}

void card_check_idle(void) {
    if (live_objects != 0) {
        test_failed("%d objects of the card are left after the run", live_objects);
    }
}

int nic_open(const char *path) {
    (void) path;
    return 100 + current_rank();
}

void nic_close(int fd) {
    (void) fd;
}

volatile uint64_t *nic_map_doorbells(int fd) {
    return doorbell_pages[fd - 100];
}

void *nic_allocate(size_t bytes) {
    void *memory = aligned_alloc(4096, (bytes + 4095) & ~(size_t) 4095);
    return memory == NULL ? NULL : memset(memory, 0, bytes);
}

void nic_release(void *memory, size_t bytes) {
    (void) bytes;
    if ((char *) memory < (char *) doorbell_pages
        || (char *) memory >= (char *) (doorbell_pages + MOST_RANKS_IN_TEST)) {
        free(memory);
    }
}

static struct qp *find_qp(int node, uint32_t number) {
    if (node < 0 || node >= MOST_RANKS_IN_TEST || number >= NUMBERS) {
        return NULL;
    }
    struct qp *qp = qp_named[node][number];
    return qp != NULL && qp->used && qp->node == node && qp->number == number ? qp : NULL;
}

static void complete(struct cq *cq, struct card_completion entry) {
    if (cq->producer - *cq->record >= cq->entries) {
        test_failed("completion queue overrun");
    }
    uint8_t *at = cq->ring + (cq->producer % cq->entries) * CARD_CQ_ENTRY_BYTES;
    entry.phase = (cq->producer / cq->entries) % 2 == 0;
    memcpy(at, &entry, sizeof entry);
    cq->producer++;
}

static struct mr *find_mr(uint32_t key, int node, uint64_t va, uint64_t length, unsigned access) {
    struct mr *mr = key >= 1 && key <= mr_count ? &mrs[key - 1] : NULL;
    int good = mr != NULL && mr->node == node && mr->va <= va && va + length <= mr->va + mr->length
        && (mr->access & access) == access;
    return good ? mr : NULL;
}

static void complete_send(struct qp *qp, const struct card_send_entry *entry, enum ibv_wc_status status) {
    unsigned opcode = entry->opcode == IBV_WR_SEND || entry->opcode == IBV_WR_SEND_WITH_IMM ? IBV_WC_SEND
        : IBV_WC_RDMA_WRITE;
    complete(&cqs[qp->send_cq], (struct card_completion) {
        .wr_id = entry->wr_id, .qpn = qp->number, .opcode = (uint8_t) opcode, .status = (uint8_t) status
    });
}

static void fail_qp(struct qp *qp, enum ibv_wc_status status) {
    while (qp->acknowledged != qp->executed) {
        complete_send(qp, &qp->sq[qp->acknowledged++ & qp->sq_mask], IBV_WC_WR_FLUSH_ERR);
    }
    complete_send(qp, &qp->sq[qp->executed++ & qp->sq_mask], status);
    while (qp->executed != qp->doorbell) {
        complete_send(qp, &qp->sq[qp->executed++ & qp->sq_mask], IBV_WC_WR_FLUSH_ERR);
    }
    qp->acknowledged = qp->executed;
    while (qp->received != *qp->record) {
        complete(&cqs[qp->receive_cq], (struct card_completion) {
            .wr_id = qp->rq[qp->received++ & qp->rq_mask].wr_id, .qpn = qp->number, .opcode = IBV_WC_RECV,
            .status = IBV_WC_WR_FLUSH_ERR
        });
    }
    qp->state = IBV_QPS_ERR;
}

// The bytes a send entry stands for, gathered.
static uint32_t gather(const struct qp *qp, const struct card_send_entry *entry, uint8_t **bytes) {
    static uint8_t inlined[CARD_MAX_INLINE];
    if ((entry->flags & IBV_SEND_INLINE) != 0) {
        if (entry->inline_length > CARD_MAX_INLINE) {
            test_failed("%u inline bytes", entry->inline_length);
        }
        memcpy(inlined, entry->body.data, entry->inline_length);
        *bytes = inlined;
        return entry->inline_length;
    }
    if (entry->segments != 1) {
        test_failed("%u segments", entry->segments);
    }
    const struct card_segment *segment = &entry->body.segment[0];
    if (find_mr(segment->lkey, qp->node, segment->va, segment->length, 0) == NULL) {
        test_failed("local key %u does not cover %u bytes", segment->lkey, segment->length);
    }
    *bytes = (uint8_t *) (uintptr_t) segment->va;
    return segment->length;
}

static void receive(struct qp *to, const struct card_send_entry *entry, const uint8_t *bytes, uint32_t length) {
    int is_write = entry->opcode == IBV_WR_RDMA_WRITE || entry->opcode == IBV_WR_RDMA_WRITE_WITH_IMM;
    if (is_write) {
        if (find_mr(entry->rkey, to->node, entry->remote_va, length, IBV_ACCESS_REMOTE_WRITE) == NULL) {
            test_failed("remote key %u does not cover %u bytes", entry->rkey, length);
        }
        memcpy((void *) (uintptr_t) entry->remote_va, bytes, length);
        if (entry->opcode == IBV_WR_RDMA_WRITE) {
            return;
        }
    }
    if (to->received == *to->record) {
        test_failed("receive queue of rank %d found empty (RNR)", to->node);
    }
    struct card_receive_entry *work = &to->rq[to->received++ & to->rq_mask];
    if (!is_write) {
        const struct card_segment *segment = &work->segment[0];
        if (work->segments != 1 || segment->length < length
            || find_mr(segment->lkey, to->node, segment->va, segment->length, IBV_ACCESS_LOCAL_WRITE) == NULL) {
            test_failed("receive of %u bytes does not fit", length);
        }
        memcpy((void *) (uintptr_t) segment->va, bytes, length);
    }
    complete(&cqs[to->receive_cq], (struct card_completion) {
        .wr_id = work->wr_id, .byte_len = length, .immediate = entry->immediate, .qpn = to->number,
        .opcode = is_write ? IBV_WC_RECV_RDMA_WITH_IMM : IBV_WC_RECV, .flags = is_write ? IBV_WC_WITH_IMM : 0
    });
}

static void execute(struct qp *qp) {
    struct qp *to = find_qp((int) (qp->dest_ipv4 & 0xFF) - 1, qp->dest_number);
    if (to == NULL || to->state < IBV_QPS_RTR || to->state == IBV_QPS_ERR) {
        if (++qp->tries == TRIES) {
            fail_qp(qp, IBV_WC_RETRY_EXC_ERR);
        }
        return;
    }
    const struct card_send_entry *entry = &qp->sq[qp->executed & qp->sq_mask];
    uint8_t *bytes;
    uint32_t length = gather(qp, entry, &bytes);
    if (to->expected_psn != qp->send_psn || to->dest_number != qp->number) {
        test_failed("PSN %u from rank %d, expected %u", qp->send_psn, qp->node, to->expected_psn);
    }
    uint32_t packets = length == 0 ? 1 : (length + PACKET_BYTES - 1) / PACKET_BYTES;
    qp->send_psn += packets;
    to->expected_psn += packets;
    qp->tries = 0;
    receive(to, entry, bytes, length);
    qp->executed++;
}

static void acknowledge(struct qp *qp) {
    const struct card_send_entry *entry = &qp->sq[qp->acknowledged++ & qp->sq_mask];
    if ((entry->flags & IBV_SEND_SIGNALED) != 0) {
        complete_send(qp, entry, IBV_WC_SUCCESS);
    }
}

int card_step(void) {
    if (qp_count == 0) {
        return 0;
    }
    uint32_t first = test_random(qp_count);
    for (uint32_t i = 0; i < qp_count; i++) {
        struct qp *qp = &qps[(first + i) % qp_count];
        if (!qp->used || qp->state != IBV_QPS_RTS) {
            continue;
        }
        int can_execute = qp->executed != qp->doorbell, can_acknowledge = qp->acknowledged != qp->executed;
        if (can_execute && (!can_acknowledge || test_random(2) == 0)) {
            execute(qp);
            return 1;
        }
        if (can_acknowledge) {
            acknowledge(qp);
            return 1;
        }
    }
    return 0;
}

void nic_doorbell(volatile uint64_t *doorbells, uint64_t value) {
    struct qp *qp = find_qp(current_rank(), (uint32_t) (value >> 32));
    if (qp == NULL || qp->state != IBV_QPS_RTS || doorbells != doorbell_pages[current_rank()]) {
        test_failed("doorbell for queue pair %u, which is not ready", (uint32_t) (value >> 32));
    }
    qp->doorbell = (uint32_t) value;
    if (qp->doorbell - qp->acknowledged > qp->sq_mask + 1) {
        test_failed("send ring overrun");
    }
}

static int create_cq(struct calvin_verbs_command *command) {
    const uint64_t *argument = command->argument;
    cqs[cq_count] = (struct cq) {
        current_rank(), (uint8_t *) (uintptr_t) argument[0], 1u << argument[1], 0, (uint32_t *) (uintptr_t) argument[2]
    };
    command->result = cq_count++;
    live_objects++;
    return 0;
}

static int create_qp(struct calvin_verbs_command *command) {
    const uint64_t *argument = command->argument;
    if (find_qp(current_rank(), (uint32_t) argument[7]) != NULL) {
        return EBUSY;
    }
    uint32_t index = 0;
    while (index < qp_count && qps[index].used) {
        index++;
    }
    if (index == QPS) {
        return ENOMEM;
    }
    qp_count = index == qp_count ? qp_count + 1 : qp_count;
    qps[index] = (struct qp) {
        .node = current_rank(), .used = 1, .number = (uint32_t) argument[7], .pd = (uint32_t) argument[0],
        .send_cq = (uint32_t) argument[1], .receive_cq = (uint32_t) (argument[1] >> 32),
        .sq = (void *) (uintptr_t) argument[2], .sq_mask = (1u << argument[3]) - 1,
        .rq = (void *) (uintptr_t) argument[4], .rq_mask = (1u << argument[5]) - 1,
        .record = (void *) (uintptr_t) argument[6]
    };
    qp_named[current_rank()][qps[index].number % NUMBERS] = &qps[index];
    command->result = qps[index].number;
    live_objects++;
    return 0;
}

static int modify_qp(const struct calvin_verbs_command *command) {
    const uint64_t *argument = command->argument;
    struct qp *qp = find_qp(current_rank(), (uint32_t) argument[0]);
    if (qp == NULL) {
        return ENOENT;
    }
    enum ibv_qp_state state = (enum ibv_qp_state) (argument[0] >> 32);
    if (state != qp->state + 1) {
        return EINVAL;
    }
    if (state == IBV_QPS_RTR) {
        qp->dest_number = (uint32_t) argument[1];
        qp->expected_psn = (uint32_t) (argument[1] >> 32);
        qp->dest_ipv4 = (uint32_t) argument[2];
        if (argument[3] != (0x020000000000 | argument[2]) || (argument[4] & 0xFFFF) != PACKET_BYTES) {
            test_failed("path MAC %llx MTU %llx", (unsigned long long) argument[3], (unsigned long long) argument[4]);
        }
    } else if (state == IBV_QPS_RTS) {
        qp->send_psn = (uint32_t) argument[1];
    }
    qp->state = state;
    return 0;
}

int nic_command(int fd, struct calvin_verbs_command *command) {
    const uint64_t *argument = command->argument;
    struct qp *qp;
    if (fd != 100 + current_rank()) {
        test_failed("command on the descriptor of rank %d", fd - 100);
    }
    switch (command->opcode) {
    case CARD_ALLOC_PD:
        command->result = ++pd_count;
        live_objects++;
        return 0;
    case CARD_REG_MR:
        if (mr_count == MRS || argument[2] == 0) {
            return EINVAL;
        }
        if (argument[1] < refused_end && argument[1] + argument[2] > refused_start) {
            return EFAULT;
        }
        mrs[mr_count++] = (struct mr) {current_rank(), argument[1], argument[2], (unsigned) argument[4]};
        command->result = mr_count;
        live_objects++;
        return 0;
    case CARD_DEREG_MR:
        mrs[argument[0] - 1].node = -1;
        live_objects--;
        return 0;
    case CARD_CREATE_CQ:
        return create_cq(command);
    case CARD_CREATE_QP:
        return create_qp(command);
    case CARD_DESTROY_QP:
        qp = find_qp(current_rank(), (uint32_t) argument[0]);
        if (qp == NULL) {
            return ENOENT;
        }
        qp->used = 0;
        live_objects--;
        return 0;
    case CARD_MODIFY_QP:
        return modify_qp(command);
    case CARD_DESTROY_CQ:
    case CARD_DEALLOC_PD:
        live_objects--;
        return 0;
    case CARD_QUERY_DEVICE:
        command->result = argument[0] == CARD_WORD_MAGIC ? CARD_MAGIC : 0;
        return 0;
    case CARD_RESOLVE:
        command->result = 0x020000000000 | argument[0];
        return 0;
    default:
        return EINVAL;
    }
}
