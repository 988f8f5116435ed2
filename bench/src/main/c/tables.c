/*
 * Maps 64 pages of 4 KiB in turns to other frames, with an SFENCE.VMA each, and reads and writes through them. On the
 * bare board only: it changes the tables of system.c, of which satp tells.
 */
#include "work.h"

#define PAGES 64
#define VA (8UL << 30)

static uint64_t level1[512] __attribute__((aligned(4096)));
static uint64_t level0[512] __attribute__((aligned(4096)));
static uint64_t frames[PAGES][512] __attribute__((aligned(4096)));

static uint64_t entry(const void *page, uint64_t bits)
{
    return (uint64_t)page >> 12 << 10 | bits;
}

uint64_t work(uint64_t rounds)
{
    uint64_t satp;
    uint64_t sum = 0;
    __asm__ volatile("csrr %0, satp" : "=r"(satp));
    uint64_t *root = (uint64_t *)((satp & 0xFFFFFFFFFFFUL) << 12);
    root[8] = entry(level1, 1);
    level1[0] = entry(level0, 1);
    for (uint64_t round = 0; round < 100 * rounds; round++) {
        for (uint64_t i = 0; i < PAGES; i++) {
            volatile uint64_t *page = (volatile uint64_t *)(VA + 4096 * i);
            level0[i] = entry(frames[(i + round) % PAGES], 0xC7);
            __asm__ volatile("sfence.vma %0, zero" : : "r"(page) : "memory");
            page[round % 512] += i + round;
            sum += page[(3 * round) % 512];
        }
    }
    return sum;
}
