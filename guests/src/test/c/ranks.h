// SPDX-License-Identifier: Apache-2.0
// Ranks of a job as coroutines of one process, switched at random (from a seed) whenever one of them waits. Each has
// its own copy of the library's state. With the card model of fake_card.c a run is a function of its seed.

#ifndef CALVIN_TEST_RANKS_H
#define CALVIN_TEST_RANKS_H

#include <stddef.h>
#include <stdint.h>

enum { MOST_RANKS_IN_TEST = 64 };

// Runs `program` as `size` ranks; returns how many of them returned nonzero, or -1 if they stopped making progress.
int run_ranks(int size, uint64_t seed, int full_connect, int (*program)(void));

int current_rank(void);
uint32_t test_random(uint32_t bound);
void yield_rank(void);

// fake_card.c
void card_refuse(const void *start, size_t bytes); // memory the card cannot reach from now on
void card_reset(void);
int card_step(void);                 // does one thing the card could do now; 0 if there is none
void card_check_idle(void);          // after a run: every object must be gone

_Noreturn void test_failed(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
