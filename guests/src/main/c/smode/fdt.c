// SPDX-License-Identifier: Apache-2.0
// A walk over the structure block of a flattened device tree (Devicetree Specification 0.4, section 5). Everything in
// it is big-endian and 4-byte aligned. The walk is bounded by the sizes in the header.

#include "fdt.h"

enum { FDT_MAGIC = 0xd00dfeed, FDT_BEGIN_NODE = 1, FDT_END_NODE = 2, FDT_PROPERTY = 3, FDT_NOP = 4 };

static uint32_t word_at(uint64_t pa) {
    const uint8_t *bytes = (const uint8_t *) pa;
    return (uint32_t) bytes[0] << 24 | (uint32_t) bytes[1] << 16 | (uint32_t) bytes[2] << 8 | bytes[3];
}

static int starts_with(const char *text, const char *prefix) {
    for (; *prefix != 0; prefix++, text++) {
        if (*text != *prefix) {
            return 0;
        }
    }
    return 1;
}

static uint64_t length(const char *text) {
    uint64_t n = 0;
    while (text[n] != 0) {
        n++;
    }
    return n;
}

struct fdt_facts fdt_read(uint64_t tree_pa) {
    struct fdt_facts facts = {0, 0, 0};
    if (tree_pa == 0 || (tree_pa & 3) != 0 || word_at(tree_pa) != FDT_MAGIC) {
        return facts;
    }
    facts.present = 1;
    uint64_t at = tree_pa + word_at(tree_pa + 8);
    uint64_t strings = tree_pa + word_at(tree_pa + 12);
    uint64_t end = at + word_at(tree_pa + 36);
    while (at + 4 <= end) {
        uint32_t token = word_at(at);
        at += 4;
        if (token == FDT_BEGIN_NODE) {
            const char *name = (const char *) at;
            facts.cpus += starts_with(name, "cpu@");
            at += (length(name) + 4) & ~3ul;
        } else if (token == FDT_PROPERTY) {
            uint32_t size = word_at(at);
            const char *name = (const char *) strings + word_at(at + 4);
            if (size == 4 && facts.timebase_hz == 0 && starts_with(name, "timebase-frequency")) {
                facts.timebase_hz = word_at(at + 8);
            }
            at += 8 + ((size + 3ul) & ~3ul);
        } else if (token != FDT_END_NODE && token != FDT_NOP) {
            break;
        }
    }
    return facts;
}
