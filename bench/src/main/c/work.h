/* The work that Calvin and QEMU are compared on. Each source file here but linux.c and system.c is one workload. */
#ifndef WORK_H
#define WORK_H

#include <stdint.h>

/* Does the work this many times over and returns a number that depends on every step of it. */
uint64_t work(uint64_t rounds);

/* Marsaglia's xorshift64: the same numbers everywhere. */
static inline uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

#endif
