// SPDX-License-Identifier: Apache-2.0
// Finding and opening the card, its attributes, protection domains and memory regions.

#include "command.h"
#include "verbs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct ibv_device only_device = {"calvin0"};

struct ibv_device **ibv_get_device_list(int *count) {
    struct ibv_device **list = calloc(2, sizeof *list);
    if (list == NULL) {
        return NULL;
    }
    int fd = nic_open(CARD_DEVICE_PATH);
    if (fd >= 0) {
        list[0] = &only_device;
        nic_close(fd);
    }
    if (count != NULL) {
        *count = fd >= 0;
    }
    return list;
}

void ibv_free_device_list(struct ibv_device **list) {
    free(list);
}

const char *ibv_get_device_name(struct ibv_device *device) {
    return device->name;
}

struct ibv_context *ibv_open_device(struct ibv_device *device) {
    struct ibv_context *context = calloc(1, sizeof *context);
    if (context == NULL) {
        return NULL;
    }
    context->device = device == NULL ? &only_device : device;
    context->cmd_fd = nic_open(CARD_DEVICE_PATH);
    if (context->cmd_fd < 0) {
        free(context);
        return NULL;
    }
    uint64_t magic = 0;
    int error = card_query(context, CARD_WORD_MAGIC, &magic);
    if (error == 0 && magic != CARD_MAGIC) {
        error = ENODEV;
    }
    if (error == 0) {
        context->doorbells = nic_map_doorbells(context->cmd_fd);
        error = context->doorbells == NULL ? errno : 0;
    }
    if (error != 0) {
        nic_close(context->cmd_fd);
        free(context);
        errno = error;
        return NULL;
    }
    return context;
}

int ibv_close_device(struct ibv_context *context) {
    nic_release((void *) context->doorbells, CARD_UAR_BYTES);
    nic_close(context->cmd_fd);
    free(context);
    return 0;
}

int card_command(struct ibv_context *context, struct calvin_verbs_command *command) {
    return nic_command(context->cmd_fd, command);
}

int card_query(struct ibv_context *context, enum card_device_word word, uint64_t *value) {
    struct calvin_verbs_command command = {.opcode = CARD_QUERY_DEVICE, .argument = {word}};
    int error = card_command(context, &command);
    *value = command.result;
    return error;
}

int ibv_query_device(struct ibv_context *context, struct ibv_device_attr *attr) {
    uint64_t max_qp = 0, max_cq = 0, max_mr = 0;
    int error = card_query(context, CARD_WORD_MAX_QP, &max_qp);
    error = error != 0 ? error : card_query(context, CARD_WORD_MAX_CQ, &max_cq);
    error = error != 0 ? error : card_query(context, CARD_WORD_MAX_MR, &max_mr);
    *attr = (struct ibv_device_attr) {
        .max_qp = (int) max_qp, .max_qp_wr = CARD_MAX_RING_ENTRIES, .max_sge = CARD_MAX_RECEIVE_SEGMENTS,
        .max_cq = (int) max_cq, .max_cqe = CARD_MAX_RING_ENTRIES, .max_mr = (int) max_mr, .phys_port_cnt = 1
    };
    return error;
}

int ibv_query_port(struct ibv_context *context, uint8_t port, struct ibv_port_attr *attr) {
    uint64_t mtu_bytes = 0;
    if (port != 1) {
        return EINVAL;
    }
    int error = card_query(context, CARD_WORD_PORT_MTU, &mtu_bytes);
    enum ibv_mtu mtu = IBV_MTU_256;
    while (mtu < IBV_MTU_4096 && 256u << mtu <= mtu_bytes) {
        mtu++;
    }
    *attr = (struct ibv_port_attr) {
        .state = IBV_PORT_ACTIVE, .max_mtu = IBV_MTU_4096, .active_mtu = mtu, .gid_tbl_len = 1, .max_msg_sz = 1u << 31
    };
    return error;
}

int ibv_query_gid(struct ibv_context *context, uint8_t port, int index, union ibv_gid *gid) {
    uint64_t ipv4 = 0;
    if (port != 1 || index != 0) {
        return EINVAL;
    }
    int error = card_query(context, CARD_WORD_IPV4, &ipv4);
    memset(gid, 0, sizeof *gid);
    gid->raw[10] = gid->raw[11] = 0xFF;
    for (int i = 0; i < 4; i++) {
        gid->raw[12 + i] = (uint8_t) (ipv4 >> (24 - 8 * i));
    }
    return error;
}

struct ibv_pd *ibv_alloc_pd(struct ibv_context *context) {
    struct calvin_verbs_command command = {.opcode = CARD_ALLOC_PD};
    struct ibv_pd *pd = calloc(1, sizeof *pd);
    int error = pd == NULL ? ENOMEM : card_command(context, &command);
    if (error != 0) {
        free(pd);
        errno = error;
        return NULL;
    }
    pd->context = context;
    pd->handle = (uint32_t) command.result;
    return pd;
}

int ibv_dealloc_pd(struct ibv_pd *pd) {
    struct calvin_verbs_command command = {.opcode = CARD_DEALLOC_PD, .argument = {pd->handle}};
    int error = card_command(pd->context, &command);
    if (error == 0) {
        free(pd);
    }
    return error;
}

struct ibv_mr *ibv_reg_mr(struct ibv_pd *pd, void *addr, size_t length, int access) {
    struct calvin_verbs_command command = {
        .opcode = CARD_REG_MR, .argument = {pd->handle, (uint64_t) (uintptr_t) addr, length, 0, (uint64_t) access}
    };
    struct ibv_mr *mr = calloc(1, sizeof *mr);
    int error = mr == NULL ? ENOMEM : card_command(pd->context, &command);
    if (error != 0) {
        free(mr);
        errno = error;
        return NULL;
    }
    uint32_t key = (uint32_t) command.result;
    *mr = (struct ibv_mr) {.context = pd->context, .pd = pd, .addr = addr, .length = length, .lkey = key, .rkey = key};
    return mr;
}

int ibv_dereg_mr(struct ibv_mr *mr) {
    struct calvin_verbs_command command = {.opcode = CARD_DEREG_MR, .argument = {mr->lkey}};
    int error = card_command(mr->context, &command);
    if (error == 0) {
        free(mr);
    }
    return error;
}
