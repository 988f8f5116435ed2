// SPDX-License-Identifier: Apache-2.0
// Sv39 address space of the kernel.
//
//   0x0000000000000000  devices, identity, 2 MiB pages (test device, UART)
//   0x0000000080000000  RAM, identity, 2 MiB pages read-write; the kernel's own 2 MiB in 4 KiB pages: text RX,
//                       rodata R, rest RW
//   ALIAS               the same GiB of RAM again, one 1 GiB page, read-write, not executable
//   WINDOW              512 pages of 4 KiB that tests map as they like

#ifndef CALVIN_SMODE_PAGING_H
#define CALVIN_SMODE_PAGING_H

#include <stdint.h>

#define ALIAS 0xFFFFFFC080000000ul
#define ALIAS_OFFSET 0xFFFFFFC000000000ul
#define WINDOW 0xFFFFFFFFC0000000ul
#define PAGE_BYTES 4096ul
#define MEGAPAGE_BYTES (512 * PAGE_BYTES)

enum { PTE_V = 1, PTE_R = 2, PTE_W = 4, PTE_X = 8, PTE_U = 16, PTE_G = 32, PTE_A = 64, PTE_D = 128 };

void paging_build(void);
void paging_enable(void);

// Puts an entry in slot 0..511 of the window and fences it. flags 0 unmaps.
void window_map(int slot, uint64_t pa, uint64_t flags);
// The entry as it is now (hardware may have set A and D).
uint64_t window_entry(int slot);
static inline uint64_t window_va(int slot) {
    return WINDOW + (uint64_t) slot * PAGE_BYTES;
}
// Like window_map without the fence: for tests of remote fences.
void window_map_unfenced(int slot, uint64_t pa, uint64_t flags);

// Puts a 2 MiB entry under WINDOW + 2 MiB * slot, slot 1..511.
void window_map_mega(int slot, uint64_t pa, uint64_t flags);

#endif
