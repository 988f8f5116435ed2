// SPDX-License-Identifier: Apache-2.0

#include "map.h"

#include "csr.h"

enum { ENTRIES = 512, TABLES = 257 };

#define SATP_SV39 (8ul << 60)
#define WINDOW 0xFFFFFFC000000000ul
#define WINDOW_ROOT 256

enum { PTE_V = 1, PTE_R = 2, PTE_W = 4, PTE_X = 8, PTE_A = 64, PTE_D = 128 };

static const uint64_t data = PTE_V | PTE_R | PTE_W | PTE_A | PTE_D;
static const uint64_t page_bytes[PAGE_SIZES] = {4096, 2ul << 20, 1ul << 30};
const char *const page_names[PAGE_SIZES] = {"4K", "2M", "1G"};

static uint64_t root[ENTRIES] __attribute__((aligned(4096)));
static uint64_t tables[TABLES][ENTRIES] __attribute__((aligned(4096)));

static uint64_t leaf(uint64_t pa, uint64_t flags) {
    return pa >> 12 << 10 | flags;
}

void map_begin(void) {
    for (uint64_t i = 0; i < 16; i++) {
        root[i] = leaf(i << 30, data | PTE_X);
    }
    csr_write(satp, SATP_SV39 | (uint64_t) root >> 12);
    fence_all_translations();
}

char *map(uint64_t base_pa, uint64_t bytes, enum page_size size) {
    uint64_t step = page_bytes[size];
    uint64_t from = base_pa & ~(step - 1);
    uint64_t count = (base_pa + bytes - from + step - 1) / step;
    for (uint64_t i = 0; i < 16; i++) {
        root[WINDOW_ROOT + i] = 0;
    }
    if (size == PAGES_1G) {
        for (uint64_t i = 0; i < count; i++) {
            root[WINDOW_ROOT + i] = leaf(from + i * step, data);
        }
    } else {
        uint64_t *middle = tables[0];
        for (uint64_t i = 0; i < ENTRIES; i++) {
            middle[i] = 0;
        }
        root[WINDOW_ROOT] = leaf((uint64_t) middle, PTE_V);
        for (uint64_t i = 0; i < count; i++) {
            if (size == PAGES_2M) {
                middle[i] = leaf(from + i * step, data);
            } else {
                uint64_t *last = tables[1 + i / ENTRIES];
                middle[i / ENTRIES] = leaf((uint64_t) last, PTE_V);
                last[i % ENTRIES] = leaf(from + i * step, data);
            }
        }
    }
    fence_all_translations();
    return (char *) (WINDOW + (base_pa - from));
}
