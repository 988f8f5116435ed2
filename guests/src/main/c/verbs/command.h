// SPDX-License-Identifier: Apache-2.0
// Commands to the card's kernel driver, for the library's own files.

#ifndef CALVIN_COMMAND_H
#define CALVIN_COMMAND_H

#include "nic.h"
#include "verbs.h"

enum { CARD_MAX_RING_ENTRIES = 1 << 15 };

// Both return 0 or a positive errno value.
int card_command(struct ibv_context *context, struct calvin_verbs_command *command);
int card_query(struct ibv_context *context, enum card_device_word word, uint64_t *value);

// Least n with 1 << n >= value.
static inline uint32_t log2_ceiling(uint32_t value) {
    uint32_t n = 0;
    while (1u << n < value) {
        n++;
    }
    return n;
}

#endif
