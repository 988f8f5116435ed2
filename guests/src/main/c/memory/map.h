// SPDX-License-Identifier: Apache-2.0
// Sv39 mappings of the same memory with pages of three sizes (priv, "Sv39: Page-Based 39-bit Virtual-Memory System").

#ifndef CALVIN_MEMORY_MAP_H
#define CALVIN_MEMORY_MAP_H

#include <stdint.h>

enum page_size { PAGES_4K, PAGES_2M, PAGES_1G, PAGE_SIZES };

extern const char *const page_names[PAGE_SIZES];

// RAM and devices one to one with pages of 1 GiB, and switches paging on.
void map_begin(void);

// Maps `bytes` from base_pa on with pages of that size, base_pa rounded down to one; returns the address of base_pa.
// The mapping made before is gone. At most 512 MiB in pages of 4 KiB.
char *map(uint64_t base_pa, uint64_t bytes, enum page_size size);

#endif
