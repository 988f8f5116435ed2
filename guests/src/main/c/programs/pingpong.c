// SPDX-License-Identifier: Apache-2.0
// Half round-trip time and bandwidth between ranks 0 and 1; other ranks take part in the barriers only.
//
//   pingpong [MIN-BYTES [MAX-BYTES [ITERATIONS]]]
//
// Sizes are powers of two from MIN (8) to MAX (4 MiB); sizes given are rounded up to one. ITERATIONS (100) is the count
// for sizes up to 8 KiB; from there it shrinks with the size, to 2 at least. Every byte received is compared with a
// pattern of its position, the iteration and the direction. Rank 0 prints a row per size and a checksum over all data
// it received; it depends on the arguments only. Exit code 1 if anything was wrong.

#include <mpi.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { TAG = 7, WARM_UP = 4, FULL_COUNT_BYTES = 8192, LEAST_ITERATIONS = 2 };

// Words are cheap to make and to check, and any bit that changes is seen.
static uint64_t word(uint64_t index, uint64_t iteration, uint64_t direction) {
    return (index + 1) * 0x9E3779B97F4A7C15 ^ (iteration << 32 | direction << 63 | index);
}

static void fill(uint64_t *data, size_t words, uint64_t iteration, uint64_t direction) {
    for (size_t i = 0; i < words; i++) {
        data[i] = word(i, iteration, direction);
    }
}

// Number of wrong words; adds what was received to the checksum.
static size_t wrong(const uint64_t *data, size_t words, uint64_t iteration, uint64_t direction, uint64_t *checksum) {
    size_t count = 0;
    for (size_t i = 0; i < words; i++) {
        count += data[i] != word(i, iteration, direction);
        *checksum = (*checksum << 7 | *checksum >> 57) + data[i];
    }
    return count;
}

// Waits a while that differs from exchange to exchange, so that the clock's ticks, which may be as long as 100 ns, fall
// everywhere in the time measured and the mean is finer than a tick.
static void dither(uint64_t iteration) {
    for (uint64_t i = word(iteration, iteration, 0) >> 56; i > 0; i--) {
        __asm__ volatile("" : : : "memory");
    }
}

struct totals {
    uint64_t checksum;
    size_t wrong_words;
};

// One exchange; the time of the two messages alone, without making and checking them.
static double exchange(int rank, uint64_t *out, uint64_t *in, size_t bytes, uint64_t iteration, struct totals *totals) {
    int other = 1 - rank, received = -1;
    MPI_Status status;
    fill(out, bytes / 8, iteration, (uint64_t) rank);
    double start = 0, end = 0;
    // The partner is ready: its empty message says so.
    MPI_Sendrecv(NULL, 0, MPI_BYTE, other, TAG, NULL, 0, MPI_BYTE, other, TAG, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    if (rank == 0) {
        dither(iteration);
        start = MPI_Wtime();
        MPI_Send(out, (int) bytes, MPI_BYTE, other, TAG, MPI_COMM_WORLD);
        MPI_Recv(in, (int) bytes, MPI_BYTE, other, TAG, MPI_COMM_WORLD, &status);
        end = MPI_Wtime();
    } else {
        MPI_Recv(in, (int) bytes, MPI_BYTE, other, TAG, MPI_COMM_WORLD, &status);
        MPI_Send(out, (int) bytes, MPI_BYTE, other, TAG, MPI_COMM_WORLD);
    }
    MPI_Get_count(&status, MPI_BYTE, &received);
    totals->wrong_words += received != (int) bytes || status.MPI_SOURCE != other || status.MPI_TAG != TAG;
    totals->wrong_words += wrong(in, bytes / 8, iteration, (uint64_t) other, &totals->checksum);
    return end - start;
}

static long iterations_for(size_t bytes, long most) {
    long count = bytes <= FULL_COUNT_BYTES ? most : (long) ((uint64_t) most * FULL_COUNT_BYTES / bytes);
    return count < LEAST_ITERATIONS ? LEAST_ITERATIONS : count;
}

static size_t size_argument(int argc, char **argv, int index, size_t otherwise) {
    size_t wanted = argc > index ? strtoul(argv[index], NULL, 0) : otherwise;
    size_t bytes = 8;
    while (bytes < wanted && bytes < 1ul << 30) {
        bytes *= 2;
    }
    return bytes;
}

static void measure(int rank, uint64_t *out, uint64_t *in, size_t bytes, long iterations, struct totals *totals) {
    double seconds = 0;
    for (long i = -WARM_UP; i < iterations; i++) {
        double taken = exchange(rank, out, in, bytes, (uint64_t) (i + WARM_UP), totals);
        seconds += i >= 0 ? taken : 0;
    }
    if (rank == 0) {
        double latency_us = seconds / (double) iterations / 2 * 1e6;
        printf("%10zu %14.3f %16.2f\n", bytes, latency_us, (double) bytes / latency_us);
    }
}

int main(int argc, char **argv) {
    int rank, size;
    MPI_Init(&argc, &argv);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    size_t least = size_argument(argc, argv, 1, 8), most = size_argument(argc, argv, 2, 4 << 20);
    long iterations = argc > 3 ? strtol(argv[3], NULL, 0) : 100;
    struct totals totals = {0, 0};
    uint64_t failures = 0, sums[2] = {0, 0};
    if (size < 2 || iterations < 1 || least > most) {
        if (rank == 0) {
            fputs("pingpong: needs 2 ranks, 1 iteration or more, and MIN-BYTES <= MAX-BYTES\n", stderr);
        }
        MPI_Finalize();
        return 2;
    }
    uint64_t *out = rank < 2 ? malloc(most) : NULL, *in = rank < 2 ? malloc(most) : NULL;
    if (rank < 2 && (out == NULL || in == NULL)) {
        fputs("pingpong: not enough memory\n", stderr);
        MPI_Abort(MPI_COMM_WORLD, 1);
    }
    if (rank == 0) {
        printf("%10s %14s %16s\n", "bytes", "latency_us", "bandwidth_MBps");
    }
    for (size_t bytes = least; bytes <= most; bytes *= 2) {
        MPI_Barrier(MPI_COMM_WORLD);
        if (rank < 2) {
            measure(rank, out, in, bytes, iterations_for(bytes, iterations), &totals);
        }
    }
    // Both directions count: rank 1's checksum and errors come to rank 0 and everybody.
    uint64_t mine[2] = {totals.checksum, totals.wrong_words};
    MPI_Allreduce(mine, sums, 2, MPI_UINT64_T, MPI_SUM, MPI_COMM_WORLD);
    failures = sums[1];
    if (rank == 0) {
        printf("checksum %016llx\n", (unsigned long long) sums[0]);
        puts(failures == 0 ? "data ok" : "data WRONG");
    }
    free(out);
    free(in);
    MPI_Finalize();
    return failures != 0;
}
