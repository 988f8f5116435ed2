// SPDX-License-Identifier: Apache-2.0
// Tests of the MPI library on the card model: every program below runs with 1 to 9 ranks and more, fully and lazily
// connected, with several seeds.
//
//   mpi_test [SEEDS [FIRST-SEED]]

#include "ranks.h"

#include "mpi.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPECT(condition) \
    do { \
        if (!(condition)) { \
            test_failed("line %d: %s", __LINE__, #condition); \
        } \
    } while (0)

static int rank(void) {
    int value;
    MPI_Comm_rank(MPI_COMM_WORLD, &value);
    return value;
}

static int size(void) {
    int value;
    MPI_Comm_size(MPI_COMM_WORLD, &value);
    return value;
}

static uint8_t pattern(int from, int to, int number, size_t index) {
    return (uint8_t) ((size_t) (from * 31 + to * 17 + number * 7) + index * 13 + (index >> 8));
}

static void fill(uint8_t *data, size_t bytes, int from, int to, int number) {
    for (size_t i = 0; i < bytes; i++) {
        data[i] = pattern(from, to, number, i);
    }
}

static void check(const uint8_t *data, size_t bytes, int from, int to, int number) {
    for (size_t i = 0; i < bytes; i++) {
        if (data[i] != pattern(from, to, number, i)) {
            test_failed("byte %zu of %zu of message %d from %d to %d is wrong", i, bytes, number, from, to);
        }
    }
}

// Sizes around every limit of the protocol.
static const int sizes[] = {0, 1, 8, 159, 160, 161, 192, 1000, 8191, 8192, 8193, 20000, 100001};
enum { SIZES = sizeof sizes / sizeof sizes[0] };

static int all_pairs(void) {
    int me = rank(), n = size(), requests_count = 0;
    MPI_Request *requests = malloc((size_t) (2 * n * SIZES) * sizeof *requests);
    uint8_t **blocks = malloc((size_t) (2 * n * SIZES) * sizeof *blocks);
    for (int i = 0; i < SIZES; i++) {
        for (int step = 0; step < n; step++) {
            int to = (me + step) % n, from = (me - step + n) % n;
            uint8_t *out = malloc((size_t) sizes[i] + 8), *in = malloc((size_t) sizes[i] + 8);
            fill(out, (size_t) sizes[i], me, to, i);
            int receive_first = (i + step) % 2;
            for (int turn = 0; turn < 2; turn++) {
                blocks[requests_count] = turn == receive_first ? out : in;
                if (turn == receive_first) {
                    MPI_Isend(out, sizes[i], MPI_BYTE, to, i, MPI_COMM_WORLD, &requests[requests_count++]);
                } else {
                    MPI_Irecv(in, sizes[i], MPI_BYTE, from, i, MPI_COMM_WORLD, &requests[requests_count++]);
                }
            }
        }
    }
    MPI_Status *statuses = malloc((size_t) requests_count * sizeof *statuses);
    EXPECT(MPI_Waitall(requests_count, requests, statuses) == MPI_SUCCESS);
    for (int k = 0; k < requests_count; k++) {
        if (statuses[k].MPI_SOURCE != MPI_ANY_SOURCE) {
            int i = statuses[k].MPI_TAG, count;
            MPI_Get_count(&statuses[k], MPI_BYTE, &count);
            EXPECT(count == sizes[i]);
            check(blocks[k], (size_t) count, statuses[k].MPI_SOURCE, me, i);
        }
        free(blocks[k]);
    }
    free(statuses);
    free(requests);
    free(blocks);
    return 0;
}

// Many messages of mixed length to rank 0 from everyone, received with wildcards: in order from each source.
static int order(void) {
    enum { COUNT = 120, LONGEST = 12000 };
    int me = rank(), n = size();
    uint8_t *data = malloc(LONGEST);
    if (me != 0) {
        for (int i = 0; i < COUNT; i++) {
            size_t bytes = (size_t) (i % 7 == 3 ? LONGEST : i % 5 == 2 ? 500 : 12);
            fill(data, bytes, me, 0, i);
            MPI_Send(data, (int) bytes, MPI_BYTE, 0, i % 3, MPI_COMM_WORLD);
        }
    } else {
        int *next = calloc((size_t) n, sizeof *next);
        for (int k = 0; k < COUNT * (n - 1); k++) {
            MPI_Status status;
            MPI_Recv(data, LONGEST, MPI_BYTE, MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &status);
            int i = next[status.MPI_SOURCE]++, count;
            MPI_Get_count(&status, MPI_BYTE, &count);
            EXPECT(status.MPI_TAG == i % 3);
            EXPECT(count == (i % 7 == 3 ? LONGEST : i % 5 == 2 ? 500 : 12));
            check(data, (size_t) count, status.MPI_SOURCE, 0, i);
        }
        free(next);
    }
    free(data);
    return 0;
}

// A stream far longer than the credits, both ways, the receiver at first asleep; tags received in another order.
static int flood(void) {
    enum { COUNT = 700 };
    int me = rank(), n = size(), to = (me + 1) % n, from = (me - 1 + n) % n;
    MPI_Request requests[COUNT];
    int out[COUNT], in = 0;
    for (int i = 0; i < COUNT; i++) {
        out[i] = me * 1000 + i;
        MPI_Isend(&out[i], 1, MPI_INT, to, i % 2, MPI_COMM_WORLD, &requests[i]);
    }
    for (int pass = 1; pass >= 0; pass--) {
        for (int i = pass; i < COUNT; i += 2) {
            MPI_Recv(&in, 1, MPI_INT, from, pass, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
            EXPECT(in == from * 1000 + i);
        }
    }
    EXPECT(MPI_Waitall(COUNT, requests, MPI_STATUSES_IGNORE) == MPI_SUCCESS);
    // One way only: nothing to carry credits back.
    for (int i = 0; i < COUNT && n > 1; i++) {
        if (me == 0) {
            MPI_Send(&i, 1, MPI_INT, 1, 5, MPI_COMM_WORLD);
        } else if (me == 1) {
            MPI_Recv(&in, 1, MPI_INT, 0, 5, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
            EXPECT(in == i);
        }
    }
    return 0;
}

// More eager messages in flight than send buffers.
static int buffers(void) {
    enum { COUNT = 150, BYTES = 3000 };
    int me = rank(), n = size();
    MPI_Request requests[COUNT];
    uint8_t *out = malloc(COUNT * BYTES), *in = malloc(BYTES);
    for (int i = 0; i < COUNT; i++) {
        int to = (me + 1 + i % (n > 1 ? n - 1 : 1)) % n;
        fill(out + i * BYTES, BYTES, me, to, i);
        MPI_Isend(out + i * BYTES, BYTES, MPI_BYTE, to, i, MPI_COMM_WORLD, &requests[i]);
    }
    for (int i = COUNT - 1; i >= 0; i--) {
        int from = (me - 1 - i % (n > 1 ? n - 1 : 1) + 2 * n) % n;
        MPI_Recv(in, BYTES, MPI_BYTE, from, i, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        check(in, BYTES, from, me, i);
    }
    MPI_Waitall(COUNT, requests, MPI_STATUSES_IGNORE);
    free(out);
    free(in);
    return 0;
}

static int truncation(void) {
    int me = rank(), n = size();
    if (n < 2 || me > 1) {
        return 0;
    }
    static const int lengths[] = {8, 100, 5000, 30000};
    uint8_t *data = malloc(30000);
    MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
    for (int i = 0; i < 8; i++) {
        int bytes = lengths[i % 4], room = i < 4 ? bytes / 2 : 0;
        if (me == 0) {
            fill(data, (size_t) bytes, 0, 1, i);
            MPI_Ssend(data, bytes, MPI_BYTE, 1, 3, MPI_COMM_WORLD);
            MPI_Send(data, bytes, MPI_BYTE, 1, 3, MPI_COMM_WORLD);
        } else {
            for (int turn = 0; turn < 2; turn++) {
                MPI_Status status;
                memset(data, 0xEE, 30000);
                EXPECT(MPI_Recv(data, room, MPI_BYTE, 0, 3, MPI_COMM_WORLD, &status) == MPI_ERR_TRUNCATE);
                EXPECT(status.MPI_ERROR == MPI_ERR_TRUNCATE);
                check(data, (size_t) room, 0, 1, i);
                EXPECT(data[room] == 0xEE && data[29999] == 0xEE);
            }
        }
    }
    MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_ARE_FATAL);
    free(data);
    return 0;
}

static int waiting(void) {
    int me = rank(), n = size(), in[3] = {0, 0, 0}, index, flag = 0, seen = 0;
    MPI_Status status;
    MPI_Request requests[3], send;
    for (int i = 0; i < 3; i++) {
        MPI_Irecv(&in[i], 1, MPI_INT, (me - 1 + n) % n, i, MPI_COMM_WORLD, &requests[i]);
    }
    for (int i = 2; i >= 0; i--) {
        int out = 10 * me + i;
        MPI_Issend(&out, 1, MPI_INT, (me + 1) % n, i, MPI_COMM_WORLD, &send);
        // Lower ones may be done as well by now, and Waitany prefers those.
        MPI_Waitany(3, requests, &index, &status);
        EXPECT(index >= 0 && requests[index] == MPI_REQUEST_NULL && (seen & 1 << index) == 0);
        EXPECT(status.MPI_TAG == index && in[index] == 10 * ((me - 1 + n) % n) + index);
        seen |= 1 << index;
        while (!flag) {
            MPI_Test(&send, &flag, MPI_STATUS_IGNORE);
            yield_rank();
        }
        flag = 0;
    }
    MPI_Waitany(3, requests, &index, &status);
    EXPECT(index == MPI_UNDEFINED);
    EXPECT(MPI_Wait(&requests[0], &status) == MPI_SUCCESS && status.MPI_SOURCE == MPI_ANY_SOURCE);
    // Probe tells the size before the receive.
    int count, bytes = 9000 + me;
    uint8_t *out = malloc(20000), *got = malloc(20000);
    fill(out, (size_t) bytes, me, 0, 9);
    MPI_Isend(out, bytes, MPI_BYTE, (me + 1) % n, 77, MPI_COMM_WORLD, &send);
    MPI_Probe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &status);
    MPI_Get_count(&status, MPI_BYTE, &count);
    EXPECT(status.MPI_SOURCE == (me - 1 + n) % n && status.MPI_TAG == 77 && count == 9000 + status.MPI_SOURCE);
    MPI_Recv(got, count, MPI_BYTE, status.MPI_SOURCE, 77, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    check(got, (size_t) count, status.MPI_SOURCE, 0, 9);
    MPI_Wait(&send, MPI_STATUS_IGNORE);
    MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &flag, &status);
    EXPECT(flag == 0);
    // PROC_NULL
    MPI_Sendrecv(out, 4, MPI_BYTE, MPI_PROC_NULL, 1, got, 4, MPI_BYTE, MPI_PROC_NULL, 1, MPI_COMM_WORLD, &status);
    MPI_Get_count(&status, MPI_BYTE, &count);
    EXPECT(status.MPI_SOURCE == MPI_PROC_NULL && count == 0);
    free(out);
    free(got);
    return 0;
}

// Messages from constants and into memory the card is refused.
static int unreachable(void) {
    static uint8_t memory[3][40000];
    int me = rank(), n = size();
    if (n < 2 || me > 1) {
        return 0;
    }
    card_refuse(memory, sizeof memory);
    for (int i = 0; i < 3; i++) {
        if (me == 0) {
            fill(memory[i], 20000, 0, 1, i);
            MPI_Send(memory[i], 20000, MPI_BYTE, 1, i, MPI_COMM_WORLD);
            MPI_Recv(memory[i], 20000, MPI_BYTE, 1, i, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
            check(memory[i], 20000, 1, 0, i + 10);
        } else {
            MPI_Recv(memory[i] + 20000, 20000, MPI_BYTE, 0, i, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
            check(memory[i] + 20000, 20000, 0, 1, i);
            fill(memory[i] + 20000, 20000, 1, 0, i + 10);
            MPI_Send(memory[i] + 20000, 20000, MPI_BYTE, 0, i, MPI_COMM_WORLD);
        }
    }
    return 0;
}

// More long messages at once than the registration cache keeps, tested for together; errors in one of several statuses.
static int many_regions(void) {
    enum { COUNT = 80, BYTES = 9000, STRIDE = 16384 };
    int me = rank(), n = size(), flag = 0;
    MPI_Request requests[2 * COUNT + 1];
    uint8_t *out = malloc(COUNT * STRIDE), *in = malloc(COUNT * STRIDE);
    for (int i = 0; i < COUNT; i++) {
        MPI_Irecv(in + i * STRIDE, BYTES, MPI_BYTE, (me - 1 + n) % n, i, MPI_COMM_WORLD, &requests[2 * i]);
        fill(out + i * STRIDE, BYTES, me, (me + 1) % n, i);
        MPI_Isend(out + i * STRIDE, BYTES, MPI_BYTE, (me + 1) % n, i, MPI_COMM_WORLD, &requests[2 * i + 1]);
    }
    requests[2 * COUNT] = MPI_REQUEST_NULL;
    while (!flag) {
        MPI_Testall(2 * COUNT + 1, requests, &flag, MPI_STATUSES_IGNORE);
        yield_rank();
    }
    for (int i = 0; i < COUNT; i++) {
        check(in + i * STRIDE, BYTES, (me - 1 + n) % n, me, i);
    }
    MPI_Test(&requests[0], &flag, MPI_STATUS_IGNORE);
    EXPECT(flag && requests[0] == MPI_REQUEST_NULL);
    free(out);
    free(in);
    MPI_Status statuses[2];
    int value = me, got = -1, sent = MPI_SUCCESS;
    MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
    MPI_Irecv(&got, 2, MPI_BYTE, (me - 1 + n) % n, 3, MPI_COMM_WORLD, &requests[0]);
    sent = MPI_Isend(&value, 1, MPI_INT, (me + 1) % n, 3, MPI_COMM_WORLD, &requests[1]);
    EXPECT(sent == MPI_SUCCESS && MPI_Waitall(2, requests, statuses) == MPI_ERR_IN_STATUS);
    EXPECT(statuses[0].MPI_ERROR == MPI_ERR_TRUNCATE && statuses[1].MPI_ERROR == MPI_SUCCESS);
    MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_ARE_FATAL);
    return 0;
}

static int collectives_on(MPI_Comm comm) {
    static const int counts[] = {0, 1, 2, 5, 33, 1024, 1025, 4999, 9001};
    int me, n;
    MPI_Comm_rank(comm, &me);
    MPI_Comm_size(comm, &n);
    for (size_t c = 0; c < sizeof counts / sizeof counts[0]; c++) {
        int count = counts[c], root = (int) c % n;
        size_t length = (size_t) count * (size_t) n + 1;
        double *a = malloc(length * sizeof *a), *b = malloc(length * sizeof *b);
        for (int i = 0; i < count; i++) {
            a[i] = (me + 1) * (i % 100 + 1);
        }
        double ranks_sum = n * (n + 1) / 2.0;
        memset(b, 0xFF, length * sizeof *b);
        EXPECT(MPI_Allreduce(a, b, count, MPI_DOUBLE, MPI_SUM, comm) == MPI_SUCCESS);
        for (int i = 0; i < count; i++) {
            EXPECT(b[i] == ranks_sum * (i % 100 + 1));
        }
        EXPECT(MPI_Allreduce(MPI_IN_PLACE, a, count, MPI_DOUBLE, MPI_MAX, comm) == MPI_SUCCESS);
        for (int i = 0; i < count; i++) {
            EXPECT(a[i] == n * (i % 100 + 1));
            a[i] = me + i;
        }
        MPI_Reduce(a, b, count, MPI_DOUBLE, MPI_MIN, root, comm);
        for (int i = 0; i < count && me == root; i++) {
            EXPECT(b[i] == i);
        }
        MPI_Scan(a, b, count, MPI_DOUBLE, MPI_SUM, comm);
        for (int i = 0; i < count; i++) {
            EXPECT(b[i] == me * (me + 1) / 2.0 + (double) (me + 1) * i);
        }
        for (int i = 0; i < count; i++) {
            a[i] = me == root ? 1e6 + i : -1;
        }
        MPI_Bcast(a, count, MPI_DOUBLE, root, comm);
        for (int i = 0; i < count; i++) {
            EXPECT(a[i] == 1e6 + i);
            a[i] = me * 1e5 + i;
        }
        MPI_Allgather(a, count, MPI_DOUBLE, b, count, MPI_DOUBLE, comm);
        for (int i = 0; i < n * count; i++) {
            EXPECT(b[i] == i / count * 1e5 + i % count);
        }
        MPI_Gather(a, count, MPI_DOUBLE, b, count, MPI_DOUBLE, root, comm);
        MPI_Scatter(b, count, MPI_DOUBLE, a, count, MPI_DOUBLE, root, comm);
        for (int i = 0; i < count; i++) {
            EXPECT(a[i] == me * 1e5 + i);
        }
        for (int i = 0; i < n * count; i++) {
            b[i] = me * 1e8 + i / count * 1e5 + i % count;
        }
        double *transposed = malloc(length * sizeof *transposed);
        MPI_Alltoall(b, count, MPI_DOUBLE, transposed, count, MPI_DOUBLE, comm);
        for (int i = 0; i < n * count; i++) {
            EXPECT(transposed[i] == i / count * 1e8 + me * 1e5 + i % count);
        }
        MPI_Alltoall(MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, transposed, count, MPI_DOUBLE, comm);
        for (int i = 0; i < n * count; i++) {
            EXPECT(transposed[i] == b[i]);
            b[i] = me + i;
        }
        free(transposed);
        MPI_Reduce_scatter_block(b, a, count, MPI_DOUBLE, MPI_SUM, comm);
        for (int i = 0; i < count; i++) {
            EXPECT(a[i] == n * (n - 1) / 2.0 + (double) n * (me * count + i));
        }
        MPI_Barrier(comm);
        free(a);
        free(b);
    }
    return 0;
}

static int collectives(void) {
    return collectives_on(MPI_COMM_WORLD);
}

static int operations(void) {
    int me = rank(), n = size();
    unsigned bits = 1u << me % 31, all_bits = 0;
    int truth = me == 0, result;
    short small = (short) (me % 2 == 0 ? -me : me), low;
    unsigned char byte = (unsigned char) (0xF0 | me % 16), and_byte;
    float third = 1;
    MPI_Allreduce(&bits, &all_bits, 1, MPI_UNSIGNED, MPI_BOR, MPI_COMM_WORLD);
    EXPECT(all_bits == (n >= 31 ? 0x7FFFFFFFu : (1u << n) - 1));
    MPI_Allreduce(&truth, &result, 1, MPI_INT, MPI_LOR, MPI_COMM_WORLD);
    EXPECT(result == 1);
    MPI_Allreduce(&truth, &result, 1, MPI_INT, MPI_LAND, MPI_COMM_WORLD);
    EXPECT(result == (n == 1));
    MPI_Allreduce(&truth, &result, 1, MPI_INT, MPI_LXOR, MPI_COMM_WORLD);
    EXPECT(result == 1);
    MPI_Allreduce(&small, &low, 1, MPI_SHORT, MPI_MIN, MPI_COMM_WORLD);
    EXPECT(low == -(n - 1) / 2 * 2);
    MPI_Allreduce(&byte, &and_byte, 1, MPI_BYTE, MPI_BAND, MPI_COMM_WORLD);
    EXPECT((and_byte & 0xF0) == 0xF0);
    MPI_Allreduce(MPI_IN_PLACE, &third, 1, MPI_FLOAT, MPI_PROD, MPI_COMM_WORLD);
    EXPECT(third == 1);
    MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
    EXPECT(MPI_Allreduce(&byte, &and_byte, 1, MPI_BYTE, MPI_SUM, MPI_COMM_WORLD) == MPI_ERR_OP);
    EXPECT(MPI_Allreduce(&third, &third, 1, MPI_FLOAT, MPI_BAND, MPI_COMM_WORLD) == MPI_ERR_OP);
    EXPECT(MPI_Send(&me, 1, MPI_INT, n, 0, MPI_COMM_WORLD) == MPI_ERR_RANK);
    EXPECT(MPI_Send(&me, 1, MPI_INT, 0, -1, MPI_COMM_WORLD) == MPI_ERR_TAG);
    EXPECT(MPI_Send(&me, -1, MPI_INT, 0, 0, MPI_COMM_WORLD) == MPI_ERR_COUNT);
    MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_ARE_FATAL);
    return 0;
}

// The same tags in several communicators at once; collectives on parts.
static int communicators(void) {
    int me = rank(), n = size(), part_rank, part_size;
    MPI_Comm copy, part, none;
    MPI_Comm_dup(MPI_COMM_WORLD, &copy);
    int out[2] = {me, me + 1000}, in[2];
    MPI_Request requests[2];
    MPI_Irecv(&in[1], 1, MPI_INT, MPI_ANY_SOURCE, MPI_ANY_TAG, copy, &requests[1]);
    MPI_Irecv(&in[0], 1, MPI_INT, MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &requests[0]);
    MPI_Send(&out[0], 1, MPI_INT, (me + 1) % n, 1, MPI_COMM_WORLD);
    MPI_Send(&out[1], 1, MPI_INT, (me + 1) % n, 1, copy);
    MPI_Waitall(2, requests, MPI_STATUSES_IGNORE);
    EXPECT(in[0] == (me - 1 + n) % n && in[1] == (me - 1 + n) % n + 1000);
    MPI_Comm_split(copy, me % 3, -me, &part);
    MPI_Comm_rank(part, &part_rank);
    MPI_Comm_size(part, &part_size);
    EXPECT(part_size == (n - me % 3 + 2) / 3 && part_rank == part_size - 1 - me / 3);
    collectives_on(part);
    MPI_Comm_split(MPI_COMM_WORLD, me == 0 ? MPI_UNDEFINED : 1, me, &none);
    EXPECT((none == MPI_COMM_NULL) == (me == 0));
    if (none != MPI_COMM_NULL) {
        MPI_Barrier(none);
        MPI_Comm_free(&none);
    }
    MPI_Comm_free(&part);
    MPI_Comm_free(&copy);
    return collectives_on(MPI_COMM_SELF);
}

static int (*const programs[])(void) = {
    all_pairs, order, flood, buffers, truncation, waiting, unreachable, many_regions, collectives, operations,
    communicators
};

static int job(void) {
    int flag;
    MPI_Init(NULL, NULL);
    MPI_Initialized(&flag);
    EXPECT(flag && rank() == current_rank());
    for (size_t i = 0; i < sizeof programs / sizeof programs[0]; i++) {
        programs[i]();
        // Some receive from anyone: they must not get messages of the next program.
        MPI_Barrier(MPI_COMM_WORLD);
    }
    MPI_Finalize();
    return 0;
}

// Ends right after its last send: nothing may be lost on the way out.
static int quick_job(void) {
    MPI_Init(NULL, NULL);
    int me = rank(), n = size(), in = -1;
    MPI_Sendrecv(&me, 1, MPI_INT, (me + 1) % n, 0, &in, 1, MPI_INT, (me - 1 + n) % n, 0, MPI_COMM_WORLD,
        MPI_STATUS_IGNORE);
    EXPECT(in == (me - 1 + n) % n);
    MPI_Finalize();
    return 0;
}

int pingpong_main(int argc, char **argv);
int allreduce_main(int argc, char **argv);

static int pingpong_job(void) {
    char *arguments[] = {"pingpong", "8", "65536", "3", NULL};
    return pingpong_main(4, arguments);
}

static int allreduce_job(void) {
    char *arguments[] = {"allreduce", "8", "32768", "2", NULL};
    return allreduce_main(4, arguments);
}

static void run(int ranks_count, uint64_t seed, int full_connect, int (*program)(void), const char *name) {
    int failures = run_ranks(ranks_count, seed, full_connect, program);
    if (failures != 0) {
        test_failed("%s: %d", name, failures);
    }
}

int main(int argc, char **argv) {
    static const int more_ranks[] = {13, 16, 17};
    int seeds = argc > 1 ? atoi(argv[1]) : 2, first_seed = argc > 2 ? atoi(argv[2]) : 1, runs = 0;
    for (int seed = first_seed; seed < first_seed + seeds; seed++) {
        for (int n = 1; n <= 9 + 3; n++) {
            int ranks_count = n <= 9 ? n : more_ranks[n - 10];
            run(ranks_count, (uint64_t) seed, 32, job, "job");
            run(ranks_count, (uint64_t) seed, 2, job, "job, lazily connected");
            run(ranks_count, (uint64_t) seed, 32, quick_job, "quick job");
            runs += 3;
        }
        run(40, (uint64_t) seed, 2, quick_job, "quick job of 40");
        runs++;
    }
    for (int n = 2; n <= 5; n += 3) {
        run(n, (uint64_t) first_seed, 32, pingpong_job, "pingpong");
        run(n, (uint64_t) first_seed, 32, allreduce_job, "allreduce");
        runs += 2;
    }
    printf("%d runs ok\n", runs);
    return 0;
}
