// SPDX-License-Identifier: Apache-2.0
// MPI_Bcast: a binomial tree for short data; for long data every rank gets one block down the tree, then the blocks go
// round a ring. Ranks are counted from the root ("relative").

#include "collective.h"

enum { LONG_BYTES = 32768, LEAST_RANKS = 4 };

static int relative_rank(const struct communicator *comm, int root) {
    return (comm->rank - root + comm->size) % comm->size;
}

static int absolute_rank(const struct communicator *comm, int root, int relative) {
    return (relative + root) % comm->size;
}

// Lowest set bit of a relative rank, which is its distance to its parent; for the root the least power of two >= size.
static int reach(const struct communicator *comm, int relative) {
    int mask = 1;
    while (mask < comm->size && (relative & mask) == 0) {
        mask *= 2;
    }
    return mask;
}

static int tree(struct communicator *comm, void *data, size_t bytes, int root) {
    int relative = relative_rank(comm, root);
    int mask = reach(comm, relative);
    int error = MPI_SUCCESS;
    if (relative != 0) {
        error = collective_receive(comm, data, bytes, absolute_rank(comm, root, relative - mask), TAG_BCAST);
    }
    for (mask /= 2; mask > 0; mask /= 2) {
        if (relative + mask < comm->size) {
            collective_send(comm, data, bytes, absolute_rank(comm, root, relative + mask), TAG_BCAST);
        }
    }
    return error;
}

struct blocks {
    uint8_t *data;
    size_t bytes, block_bytes;
};

static size_t at(const struct blocks *blocks, int index) {
    size_t offset = (size_t) index * blocks->block_bytes;
    return offset < blocks->bytes ? offset : blocks->bytes;
}

// Each subtree gets the blocks of its ranks, which are consecutive.
static int scatter(struct communicator *comm, const struct blocks *blocks, int root) {
    int relative = relative_rank(comm, root);
    int mask = reach(comm, relative);
    int error = MPI_SUCCESS;
    if (relative != 0) {
        size_t start = at(blocks, relative), end = at(blocks, relative + mask);
        error = collective_receive(comm, blocks->data + start, end - start, absolute_rank(comm, root, relative - mask),
            TAG_BCAST);
    }
    for (mask /= 2; mask > 0; mask /= 2) {
        if (relative + mask < comm->size) {
            size_t start = at(blocks, relative + mask), end = at(blocks, relative + 2 * mask);
            collective_send(comm, blocks->data + start, end - start, absolute_rank(comm, root, relative + mask),
                TAG_BCAST);
        }
    }
    return error;
}

static int ring(struct communicator *comm, const struct blocks *blocks, int root) {
    int relative = relative_rank(comm, root);
    int next = absolute_rank(comm, root, relative + 1);
    int previous = absolute_rank(comm, root, relative - 1 + comm->size);
    int error = MPI_SUCCESS;
    for (int round = 0; round < comm->size - 1 && error == MPI_SUCCESS; round++) {
        int out = (relative - round + comm->size) % comm->size;
        int in = (relative - round - 1 + 2 * comm->size) % comm->size;
        error = collective_exchange(comm, blocks->data + at(blocks, out), at(blocks, out + 1) - at(blocks, out), next,
            blocks->data + at(blocks, in), at(blocks, in + 1) - at(blocks, in), previous, TAG_BCAST);
    }
    return error;
}

int MPI_Bcast(void *data, int count, MPI_Datatype type, int root, MPI_Comm handle) {
    struct communicator *comm = mpi_comm(handle);
    int error = collective_check(comm, count, type, root);
    if (error == MPI_SUCCESS) {
        size_t bytes = (size_t) count * mpi_type_size(type);
        if (bytes < LONG_BYTES || comm->size < LEAST_RANKS || bytes / (size_t) comm->size < 1024) {
            error = tree(comm, data, bytes, root);
        } else {
            struct blocks blocks = {data, bytes, (bytes + (size_t) comm->size - 1) / (size_t) comm->size};
            error = scatter(comm, &blocks, root);
            error = error == MPI_SUCCESS ? ring(comm, &blocks, root) : error;
        }
    }
    return error == MPI_SUCCESS ? MPI_SUCCESS : mpi_fail(comm, error, "MPI_Bcast");
}
