// SPDX-License-Identifier: Apache-2.0
// Sv39 page tables, all static. Priv section "Sv39: Page-Based 39-bit Virtual-Memory System".

#include "paging.h"

#include "csr.h"

enum { ENTRIES = 512 };

#define SATP_SV39 (8ul << 60)
#define RAM_BASE 0x80000000ul
#define KERNEL_BASE 0x80200000ul

static uint64_t root[ENTRIES] __attribute__((aligned(4096)));
static uint64_t low_gib[ENTRIES] __attribute__((aligned(4096)));
static uint64_t ram_gib[ENTRIES] __attribute__((aligned(4096)));
static uint64_t kernel_pages[ENTRIES] __attribute__((aligned(4096)));
static uint64_t window_gib[ENTRIES] __attribute__((aligned(4096)));
static uint64_t window_pages[ENTRIES] __attribute__((aligned(4096)));

extern const char _text_end[], _rodata_end[];

static uint64_t leaf(uint64_t pa, uint64_t flags) {
    return pa >> 12 << 10 | flags;
}

static uint64_t pointer(const uint64_t *table) {
    return leaf((uint64_t) table, PTE_V);
}

static uint64_t kernel_flags(uint64_t pa) {
    if (pa < (uint64_t) _text_end) {
        return PTE_V | PTE_R | PTE_X | PTE_A;
    }
    return pa < (uint64_t) _rodata_end ? PTE_V | PTE_R | PTE_A : PTE_V | PTE_R | PTE_W | PTE_A | PTE_D;
}

void paging_build(void) {
    const uint64_t data = PTE_V | PTE_R | PTE_W | PTE_A | PTE_D;
    for (uint64_t i = 0; i < ENTRIES; i++) {
        uint64_t kernel_pa = KERNEL_BASE + i * PAGE_BYTES;
        kernel_pages[i] = leaf(kernel_pa, kernel_flags(kernel_pa));
        ram_gib[i] = leaf(RAM_BASE + i * MEGAPAGE_BYTES, data);
    }
    ram_gib[(KERNEL_BASE - RAM_BASE) / MEGAPAGE_BYTES] = pointer(kernel_pages);
    low_gib[0x00000000 / MEGAPAGE_BYTES] = leaf(0x00000000, data);
    low_gib[0x10000000 / MEGAPAGE_BYTES] = leaf(0x10000000, data);
    window_gib[0] = pointer(window_pages);
    root[0] = pointer(low_gib);
    root[RAM_BASE >> 30] = pointer(ram_gib);
    root[ALIAS >> 30 & 511] = leaf(RAM_BASE, data | PTE_G);
    root[WINDOW >> 30 & 511] = pointer(window_gib);
}

void paging_enable(void) {
    fence_all_translations();
    csr_write(satp, SATP_SV39 | (uint64_t) root >> 12);
    fence_all_translations();
}

void window_map_unfenced(int slot, uint64_t pa, uint64_t flags) {
    ((volatile uint64_t *) window_pages)[slot] = leaf(pa, flags);
}

void window_map(int slot, uint64_t pa, uint64_t flags) {
    window_map_unfenced(slot, pa, flags);
    fence_translation(window_va(slot));
}

uint64_t window_entry(int slot) {
    return ((volatile uint64_t *) window_pages)[slot];
}

void window_map_mega(int slot, uint64_t pa, uint64_t flags) {
    ((volatile uint64_t *) window_gib)[slot] = leaf(pa, flags);
    fence_all_translations();
}
