// SPDX-License-Identifier: Apache-2.0
// Computes for some 5 ms without a call, sleeps for 5 ms, computes again.

#include <time.h>

static void compute(void) {
    for (int i = 0; i < 2500000; i++) {
        __asm__ volatile("");
    }
}

int main(void) {
    struct timespec t = {0, 5000000};
    compute();
    nanosleep(&t, NULL);
    compute();
    return 0;
}
