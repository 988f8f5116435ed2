// SPDX-License-Identifier: Apache-2.0
// Measures the memory of the computer it runs on, from hart 0, and turns the computer off. Needs SBI firmware and the
// `virt` address map.
//
// Output, one line each, comma-separated:
//   latency,NODE,PAGES,BYTES,PICOSECONDS   a load of a dependent chain over BYTES, lines in random order
//   reach,NODE,PAGES,BYTES,PICOSECONDS     the same, one line of each 4 KiB
//   stream,NODE,KERNEL,MEGABYTES_PER_S     copy, scale, add, triad on arrays beyond the caches (STREAM's kernels)

#include "console.h"
#include "csr.h"
#include "map.h"
#include "nodes.h"
#include "sbi.h"

enum { LINE = 64, PAGE = 4096, LOADS = 16384, WARM_LOADS = 262144 };

#define MIB (1ul << 20)
// What the program itself and the firmware have: the arenas begin behind it.
#define RESERVED (16 * MIB)
#define REACH_BYTES (128 * MIB)
#define STREAM_BYTES (8 * MIB)

static struct computer computer;

void memory_trap(uint64_t cause, uint64_t value, uint64_t pc) {
    print("unexpected trap %u, value %x, at %x\n", cause, value, pc);
    system_end(0);
}

static uint64_t picoseconds(uint64_t ticks) {
    return ticks * (1000000000000ul / computer.timebase_hz);
}

// Links the multiples of `stride` below `bytes` (a power of two of them) into a ring in scrambled order.
static void *link_ring(char *base, uint64_t bytes, uint64_t stride) {
    uint64_t mask = bytes / stride - 1;
    uint64_t at = 0;
    void **last = 0;
    for (uint64_t i = 0; i <= mask; i++) {
        // Full period: the multiplier is 1 modulo 4, the increment odd (Hull and Dobell).
        at = (at * 1664525 + 1013904223) & mask;
        // Which line of its page: another one for each, or all would fall into the same few sets of a cache.
        uint64_t line = stride > LINE ? (at * 7 & 63) * LINE : 0;
        void **here = (void **) (base + at * stride + line);
        if (last == 0) {
            *here = here;
        } else {
            *here = *last;
            *last = here;
        }
        last = here;
    }
    return last;
}

// Follows the ring, eight links a turn, so that the loop itself is small beside the loads.
static void *follow(void *at, uint64_t loads) {
    for (uint64_t i = 0; i < loads; i += 8) {
        at = *(void *volatile *) at;
        at = *(void *volatile *) at;
        at = *(void *volatile *) at;
        at = *(void *volatile *) at;
        at = *(void *volatile *) at;
        at = *(void *volatile *) at;
        at = *(void *volatile *) at;
        at = *(void *volatile *) at;
    }
    return at;
}

static uint64_t timed_ring(char *base, uint64_t bytes, uint64_t stride) {
    uint64_t elements = bytes / stride;
    void *at = link_ring(base, bytes, stride);
    at = follow(at, elements < WARM_LOADS ? elements : WARM_LOADS);
    uint64_t begin = time_now();
    follow(at, LOADS);
    return picoseconds(time_now() - begin) / LOADS;
}

static void latency(int node, uint64_t base_pa, uint64_t limit) {
    for (uint64_t bytes = 16 << 10; bytes <= limit && bytes <= 64 * MIB; bytes *= 2) {
        print("latency,%d,%s,%u,%u\n", node, page_names[PAGES_2M], bytes,
              timed_ring(map(base_pa, bytes, PAGES_2M), bytes, LINE));
    }
}

static void reach(int node, uint64_t base_pa, uint64_t limit) {
    for (int size = 0; size < PAGE_SIZES; size++) {
        for (uint64_t bytes = 64 << 10; bytes <= limit && bytes <= REACH_BYTES; bytes *= 2) {
            print("reach,%d,%s,%u,%u\n", node, page_names[size], bytes,
                  timed_ring(map(base_pa, bytes, size), bytes, PAGE));
        }
    }
}

static void stream_line(int node, const char *kernel, uint64_t arrays, uint64_t ticks) {
    print("stream,%d,%s,%u\n", node, kernel, arrays * STREAM_BYTES * 1000000 / (picoseconds(ticks) + 1));
}

static void stream(int node, uint64_t base_pa) {
    double *a = (double *) map(base_pa, 3 * STREAM_BYTES, PAGES_2M);
    double *b = a + STREAM_BYTES / sizeof(double);
    double *c = b + STREAM_BYTES / sizeof(double);
    uint64_t n = STREAM_BYTES / sizeof(double);
    const double factor = 3.0;
    uint64_t begin = time_now();
    for (uint64_t i = 0; i < n; i++) {
        c[i] = a[i];
    }
    stream_line(node, "copy", 2, time_now() - begin);
    begin = time_now();
    for (uint64_t i = 0; i < n; i++) {
        b[i] = factor * c[i];
    }
    stream_line(node, "scale", 2, time_now() - begin);
    begin = time_now();
    for (uint64_t i = 0; i < n; i++) {
        c[i] = a[i] + b[i];
    }
    stream_line(node, "add", 3, time_now() - begin);
    begin = time_now();
    for (uint64_t i = 0; i < n; i++) {
        a[i] = b[i] + factor * c[i];
    }
    stream_line(node, "triad", 3, time_now() - begin);
}

void memory_main(uint64_t hart, uint64_t tree_pa) {
    computer_read(tree_pa, &computer);
    if (computer.timebase_hz == 0) {
        print("the device tree names no timebase\n");
        system_end(0);
    }
    print("memory seen from hart %u\n", hart);
    map_begin();
    for (int node = 0; node < NODE_LIMIT; node++) {
        struct node memory = computer.nodes[node];
        if (memory.bytes <= 2 * RESERVED + 3 * STREAM_BYTES) {
            continue;
        }
        uint64_t limit = memory.bytes - 2 * RESERVED;
        latency(node, memory.base_pa + RESERVED, limit);
        reach(node, memory.base_pa + RESERVED, limit);
        stream(node, memory.base_pa + RESERVED);
    }
    print("done\n");
    system_end(1);
}
