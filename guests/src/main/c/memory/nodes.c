// SPDX-License-Identifier: Apache-2.0

#include "nodes.h"

enum { BEGIN_NODE = 1, END_NODE = 2, PROPERTY = 3, NOP = 4 };

static uint32_t u32(const uint8_t *at) {
    return (uint32_t) at[0] << 24 | (uint32_t) at[1] << 16 | (uint32_t) at[2] << 8 | at[3];
}

static uint64_t u64(const uint8_t *at) {
    return (uint64_t) u32(at) << 32 | u32(at + 4);
}

static int same(const char *a, const char *b) {
    while (*a != 0 && *a == *b) {
        a++;
        b++;
    }
    return *a == *b;
}

static int begins(const char *text, const char *with) {
    while (*with != 0 && *text == *with) {
        text++;
        with++;
    }
    return *with == 0;
}

// Memory nodes are children of the root; #address-cells and #size-cells are 2 there.
void computer_read(uint64_t tree_pa, struct computer *computer) {
    const uint8_t *tree = (const uint8_t *) tree_pa;
    const uint8_t *at = tree + u32(tree + 8);
    const char *strings = (const char *) tree + u32(tree + 12);
    int depth = 0;
    int in_memory = 0;
    uint64_t base = 0, bytes = 0, node = 0;
    for (;;) {
        uint32_t token = u32(at);
        at += 4;
        if (token == BEGIN_NODE) {
            const char *name = (const char *) at;
            depth++;
            if (depth == 2 && begins(name, "memory@")) {
                in_memory = 1;
                bytes = node = 0;
            }
            while (*at++ != 0) {
            }
            at = (const uint8_t *) (((uint64_t) at + 3) & ~3ul);
        } else if (token == END_NODE) {
            if (depth == 2 && in_memory) {
                in_memory = 0;
                if (node < NODE_LIMIT && computer->nodes[node].bytes == 0) {
                    computer->nodes[node].base_pa = base;
                    computer->nodes[node].bytes = bytes;
                }
            }
            depth--;
        } else if (token == PROPERTY) {
            uint32_t length = u32(at);
            const char *name = strings + u32(at + 4);
            at += 8;
            if (in_memory && same(name, "reg") && length >= 16) {
                base = u64(at);
                bytes = u64(at + 8);
            } else if (in_memory && same(name, "numa-node-id")) {
                node = u32(at);
            } else if (depth == 2 && same(name, "timebase-frequency")) {
                computer->timebase_hz = u32(at);
            }
            at += (length + 3) & ~3u;
        } else if (token != NOP) {
            return;
        }
    }
}
