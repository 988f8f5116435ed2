// SPDX-License-Identifier: Apache-2.0
// What an ordinary C program asks of a kernel: formatted output with floating point, both output streams, a large heap,
// brk and anonymous mmap, the clocks. Standard output is the same on every correct kernel; exit code 7 means all is
// well.

#define _GNU_SOURCE
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

enum { ALL_WELL = 7, HEAP_BYTES = 8 << 20, PAGE_BYTES = 4096 };

static int failures;

static void check(int good, const char *what) {
    printf("%s: %s\n", what, good ? "ok" : "BROKEN");
    failures += !good;
}

static int heap_works(void) {
    unsigned char *block = malloc(HEAP_BYTES);
    if (block == NULL) {
        return 0;
    }
    unsigned long sum = 0;
    for (size_t i = 0; i < HEAP_BYTES; i++) {
        block[i] = (unsigned char) (i * 31 >> 4);
    }
    for (size_t i = 0; i < HEAP_BYTES; i++) {
        sum += block[i] == (unsigned char) (i * 31 >> 4);
    }
    block = realloc(block, 2 * HEAP_BYTES);
    int intact = block != NULL && sum == HEAP_BYTES
        && block[HEAP_BYTES - 1] == (unsigned char) ((HEAP_BYTES - 1) * 31ul >> 4);
    free(block);
    return intact;
}

static int break_moves(void) {
    char *before = sbrk(0);
    if (sbrk(3 * PAGE_BYTES) != before) {
        return 0;
    }
    for (int i = 0; i < 3 * PAGE_BYTES; i++) {
        if (before[i] != 0) {
            return 0;
        }
        before[i] = 1;
    }
    return sbrk(-3 * PAGE_BYTES) == before + 3 * PAGE_BYTES && sbrk(0) == before;
}

static int maps(void) {
    const size_t size = 16 * PAGE_BYTES;
    char *a = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    char *b = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (a == MAP_FAILED || b == MAP_FAILED || (a < b + size && b < a + size)) {
        return 0;
    }
    for (size_t i = 0; i < size; i++) {
        if (a[i] != 0 || b[i] != 0) {
            return 0;
        }
    }
    memset(a, 0xAA, size);
    memset(b, 0x55, size);
    return a[size - 1] == (char) 0xAA && b[0] == 0x55 && munmap(a, size) == 0 && munmap(b, size) == 0;
}

static int clocks_advance(void) {
    struct timespec first, second;
    if (clock_gettime(CLOCK_MONOTONIC, &first) != 0) {
        return 0;
    }
    for (int i = 0; i < 100000; i++) {
        __asm__ volatile("" : : "r"(i) : "memory");
    }
    if (clock_gettime(CLOCK_MONOTONIC, &second) != 0) {
        return 0;
    }
    long long taken = (second.tv_sec - first.tv_sec) * 1000000000ll + second.tv_nsec - first.tv_nsec;
    return taken > 0 && clock_gettime(CLOCK_REALTIME, &first) == 0 && first.tv_nsec < 1000000000;
}

int main(void) {
    struct utsname name;
    void *volatile nowhere = (void *) 8;
    printf("pi %.6f, e %10.3e, hex %#lx, text '%-8s', third %g\n", 3.14159265358979, 2.718281828, 0xC0FFEEul, "calvin",
        1.0 / 3);
    check(sqrt(2.0) * sqrt(2.0) > 1.9999999, "square root");
    check(heap_works(), "8 MiB of heap");
    check(break_moves(), "brk");
    check(maps(), "mmap and munmap");
    check(clocks_advance(), "clocks");
    check(uname(&name) == 0 && strcmp(name.machine, "riscv64") == 0, "uname");
    check(write(99, "x", 1) == -1 && errno == EBADF, "write to a closed descriptor");
    check(write(1, nowhere, 1) == -1 && errno == EFAULT, "write from an unmapped address");
    check(getenv("NO_SUCH_VARIABLE") == NULL, "environment");
    fputs("this line goes to standard error\n", stderr);
    printf("%d failure%s\n", failures, failures == 1 ? "" : "s");
    return failures == 0 ? ALL_WELL : 1;
}
