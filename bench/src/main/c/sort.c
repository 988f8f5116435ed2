/* Quicksort of 65536 random numbers: branches that cannot be predicted, recursion. */
#include "work.h"

#define NUMBERS 65536

static int32_t numbers[NUMBERS];

static __attribute__((noinline)) void quicksort(int32_t *a, int low, int high)
{
    while (low < high) {
        int32_t pivot = a[low + (high - low) / 2];
        int i = low;
        int j = high;
        while (i <= j) {
            while (a[i] < pivot) {
                i++;
            }
            while (a[j] > pivot) {
                j--;
            }
            if (i <= j) {
                int32_t taken = a[i];
                a[i++] = a[j];
                a[j--] = taken;
            }
        }
        if (j - low < high - i) {
            quicksort(a, low, j);
            low = i;
        } else {
            quicksort(a, i, high);
            high = j;
        }
    }
}

uint64_t work(uint64_t rounds)
{
    uint64_t seed = 88172645463325252u;
    uint64_t sum = 0;
    for (uint64_t round = 0; round < rounds; round++) {
        for (int i = 0; i < NUMBERS; i++) {
            numbers[i] = (int32_t)next_random(&seed);
        }
        quicksort(numbers, 0, NUMBERS - 1);
        for (int i = 0; i < NUMBERS; i++) {
            sum = sum * 31 + (uint32_t)numbers[i];
        }
    }
    return sum;
}
