/* The four loops of STREAM over three vectors of 128 KiB: copy, scale, add, triad. */
#include "work.h"

#define N 16384

static double a[N];
static double b[N];
static double c[N];

static __attribute__((noinline)) void pass(double scale)
{
    for (int i = 0; i < N; i++) {
        c[i] = a[i];
    }
    for (int i = 0; i < N; i++) {
        b[i] = scale * c[i];
    }
    for (int i = 0; i < N; i++) {
        c[i] = a[i] + b[i];
    }
    for (int i = 0; i < N; i++) {
        a[i] = b[i] + scale * c[i];
    }
}

uint64_t work(uint64_t rounds)
{
    union { double number; uint64_t bits; } sum = {0};
    for (int i = 0; i < N; i++) {
        a[i] = 1 + i % 7;
    }
    for (uint64_t round = 0; round < rounds; round++) {
        pass(0.25 + (double)(round & 3) / 16);
        sum.number += a[round % N] + c[(7 * round) % N];
    }
    return sum.bits;
}
