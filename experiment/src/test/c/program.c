/* What the debugger's tests debug on the lightweight kernel: a stray store through a pointer into another object. */
#include <stdio.h>

static long table[4] = {1, 2, 3, 4};
static long total;

__attribute__((noinline)) static void put(long index, long value) {
    table[index] = value;
}

int main(void) {
    for (long i = 0; i < 4; i++) {
        total += table[i];
    }
    printf("total %ld\n", total);
    put(total - 7, 99);
    printf("table %ld\n", table[3]);
    return 0;
}
