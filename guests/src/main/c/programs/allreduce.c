// SPDX-License-Identifier: Apache-2.0
// Time of MPI_Allreduce (sum of doubles) over all ranks.
//
//   allreduce [MIN-BYTES [MAX-BYTES [ITERATIONS]]]
//
// Sizes are powers of two from MIN (8) to MAX (1 MiB); sizes given are rounded up to one. ITERATIONS (100) is the count
// for sizes up to 8 KiB; from there it shrinks with the size, to 2 at least. Every sum is checked on every rank. Rank 0
// prints a row per size, the mean time of a call on the slowest rank, and a checksum. Exit code 1 if a sum was wrong.

#include <mpi.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WARM_UP = 2, FULL_COUNT_BYTES = 8192, LEAST_ITERATIONS = 2 };

// Small integers, so that sums are exact in any order, and known without adding them up.
static uint64_t base(size_t index, long iteration) {
    return (index * 7 + (size_t) iteration * 3) % 1021;
}

static size_t wrong(const double *sums, size_t count, int size, long iteration, uint64_t *checksum) {
    size_t failures = 0;
    uint64_t ranks = (uint64_t) size;
    for (size_t i = 0; i < count; i++) {
        uint64_t bits;
        failures += sums[i] != (double) (ranks * base(i, iteration) + ranks * (ranks - 1) / 2);
        memcpy(&bits, &sums[i], sizeof bits);
        *checksum = (*checksum << 7 | *checksum >> 57) + bits;
    }
    return failures;
}

static size_t size_argument(int argc, char **argv, int index, size_t otherwise) {
    size_t wanted = argc > index ? strtoul(argv[index], NULL, 0) : otherwise;
    size_t bytes = 8;
    while (bytes < wanted && bytes < 1ul << 30) {
        bytes *= 2;
    }
    return bytes;
}

static long iterations_for(size_t bytes, long most) {
    long count = bytes <= FULL_COUNT_BYTES ? most : (long) ((uint64_t) most * FULL_COUNT_BYTES / bytes);
    return count < LEAST_ITERATIONS ? LEAST_ITERATIONS : count;
}

// Mean seconds of one call on this rank.
static double measure(double *in, double *sums, size_t count, long iterations, size_t *failures, uint64_t *checksum) {
    int rank, size;
    double seconds = 0;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    for (long iteration = -WARM_UP; iteration < iterations; iteration++) {
        for (size_t i = 0; i < count; i++) {
            in[i] = (double) (base(i, iteration + WARM_UP) + (uint64_t) rank);
        }
        MPI_Barrier(MPI_COMM_WORLD);
        double start = MPI_Wtime();
        MPI_Allreduce(in, sums, (int) count, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
        double taken = MPI_Wtime() - start;
        seconds += iteration >= 0 ? taken : 0;
        *failures += wrong(sums, count, size, iteration + WARM_UP, checksum);
    }
    return seconds / (double) iterations;
}

int main(int argc, char **argv) {
    int rank;
    MPI_Init(&argc, &argv);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    size_t least = size_argument(argc, argv, 1, 8), most = size_argument(argc, argv, 2, 1 << 20), failures = 0;
    long iterations = argc > 3 ? strtol(argv[3], NULL, 0) : 100;
    uint64_t checksum = 0, all_failures = 0;
    double *in = malloc(most), *sums = malloc(most);
    if (in == NULL || sums == NULL || iterations < 1 || least > most) {
        fputs("allreduce: bad arguments or not enough memory\n", stderr);
        MPI_Abort(MPI_COMM_WORLD, 2);
    }
    if (rank == 0) {
        printf("%10s %14s\n", "bytes", "time_us");
    }
    for (size_t bytes = least; bytes <= most; bytes *= 2) {
        double mean = measure(in, sums, bytes / 8, iterations_for(bytes, iterations), &failures, &checksum);
        double slowest = 0;
        MPI_Reduce(&mean, &slowest, 1, MPI_DOUBLE, MPI_MAX, 0, MPI_COMM_WORLD);
        if (rank == 0) {
            printf("%10zu %14.3f\n", bytes, slowest * 1e6);
        }
    }
    uint64_t mine = failures;
    MPI_Allreduce(&mine, &all_failures, 1, MPI_UINT64_T, MPI_SUM, MPI_COMM_WORLD);
    if (rank == 0) {
        printf("checksum %016llx\n", (unsigned long long) checksum);
        puts(all_failures == 0 ? "data ok" : "data WRONG");
    }
    free(in);
    free(sums);
    MPI_Finalize();
    return all_failures != 0;
}
