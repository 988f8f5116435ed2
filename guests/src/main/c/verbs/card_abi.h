// SPDX-License-Identifier: Apache-2.0
// The RDMA card as user programs meet it (docs/adr/0004): commands to the kernel, ring entries, doorbells.
// Little-endian.

#ifndef CALVIN_CARD_ABI_H
#define CALVIN_CARD_ABI_H

#include <stddef.h>
#include <stdint.h>

#define CARD_DEVICE_PATH "/dev/infiniband/uverbs0"
#define CARD_IOCTL 0xC0604301ul

enum card_command_code {
    CARD_ALLOC_PD = 1, CARD_DEALLOC_PD = 2, CARD_REG_MR = 3, CARD_DEREG_MR = 4, CARD_CREATE_CQ = 5, CARD_DESTROY_CQ = 6,
    CARD_CREATE_QP = 7, CARD_DESTROY_QP = 8, CARD_MODIFY_QP = 9, CARD_QUERY_QP = 10,
    CARD_QUERY_DEVICE = 100, CARD_RESOLVE = 101
};

// Indices for CARD_QUERY_DEVICE: BAR0 words.
enum card_device_word {
    CARD_WORD_MAGIC = 0, CARD_WORD_VERSION = 1, CARD_WORD_MAC_LOW = 2, CARD_WORD_MAC_HIGH = 3, CARD_WORD_IPV4 = 4,
    CARD_WORD_MAX_QP = 6, CARD_WORD_MAX_CQ = 7, CARD_WORD_MAX_MR = 8, CARD_WORD_MAX_INLINE = 9, CARD_WORD_PORT_MTU = 10
};

#define CARD_MAGIC 0x494E5643u

enum {
    CARD_UAR_BYTES = 4096, CARD_UAR_SQ_DOORBELL = 0,
    CARD_SQ_ENTRY_BYTES = 256, CARD_RQ_ENTRY_BYTES = 64, CARD_CQ_ENTRY_BYTES = 32,
    CARD_MAX_INLINE = 192, CARD_MAX_SEND_SEGMENTS = 8, CARD_MAX_RECEIVE_SEGMENTS = 3
};

struct calvin_verbs_command {
    uint64_t opcode;
    uint64_t argument[8];
    uint64_t result;
    uint64_t reserved[2];
};

struct card_segment {
    uint64_t va;
    uint32_t length;
    uint32_t lkey;
};

struct card_send_entry {
    uint8_t opcode;              // enum ibv_wr_opcode
    uint8_t flags;               // enum ibv_send_flags
    uint16_t segments;
    uint32_t immediate;
    uint64_t wr_id;
    uint64_t remote_va;
    uint32_t rkey;
    uint32_t inline_length;
    union {
        uint8_t data[CARD_MAX_INLINE];
        struct card_segment segment[CARD_MAX_SEND_SEGMENTS];
    } body;
    uint8_t reserved[32];
};

struct card_receive_entry {
    uint64_t wr_id;
    uint32_t segments;
    uint32_t reserved;
    struct card_segment segment[CARD_MAX_RECEIVE_SEGMENTS];
};

struct card_completion {
    uint64_t wr_id;
    uint32_t byte_len;
    uint32_t immediate;
    uint32_t qpn;
    uint32_t reserved;
    uint8_t opcode;              // enum ibv_wc_opcode
    uint8_t status;              // enum ibv_wc_status
    uint8_t flags;               // 1 GRH, 2 WITH_IMM
    uint8_t reserved_too[4];
    uint8_t phase;
};

_Static_assert(sizeof(struct calvin_verbs_command) == 96, "ioctl size");
_Static_assert(sizeof(struct card_send_entry) == CARD_SQ_ENTRY_BYTES, "SQ entry");
_Static_assert(offsetof(struct card_send_entry, body) == 32, "SQ entry body");
_Static_assert(sizeof(struct card_receive_entry) == CARD_RQ_ENTRY_BYTES, "RQ entry");
_Static_assert(sizeof(struct card_completion) == CARD_CQ_ENTRY_BYTES, "CQ entry");
_Static_assert(offsetof(struct card_completion, opcode) == 24, "CQ entry opcode");
_Static_assert(offsetof(struct card_completion, phase) == 31, "CQ entry phase");

#endif
