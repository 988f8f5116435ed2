// SPDX-License-Identifier: Apache-2.0
// MPI_Allreduce among a power of two of ranks: recursive doubling for short data (log2 n rounds of everything),
// Rabenseifner's algorithm for long data (halve and reduce, then double and gather: every rank reduces and sends each
// byte about once).
//
// Other sizes first fold: of the first 2 * extra ranks the even ones give their data to their odd neighbours and get
// the result back at the end. The result is bitwise the same on all ranks: pairs add the same two numbers.

#include "collective.h"

#include <stdlib.h>

enum { LONG_BYTES = 8192, STACK_BYTES = 256 };

struct core {                        // the power of two of ranks
    struct communicator *comm;
    int ranks;                       // how many
    int extra;                       // folded pairs
    int rank;                        // ours among them, or -1
};

static int real_rank(const struct core *core, int rank) {
    return rank < core->extra ? 2 * rank + 1 : rank + core->extra;
}

struct vector {
    uint8_t *data;                   // own, then the result
    uint8_t *other;                  // as large
    size_t count, size;              // elements, bytes of one
    MPI_Datatype type;
    MPI_Op op;
};

static int doubling(const struct core *core, const struct vector *v) {
    size_t bytes = v->count * v->size;
    int error = MPI_SUCCESS;
    for (int mask = 1; mask < core->ranks && error == MPI_SUCCESS; mask *= 2) {
        int partner = real_rank(core, core->rank ^ mask);
        error = collective_exchange(core->comm, v->data, bytes, partner, v->other, bytes, partner, TAG_ALLREDUCE);
        mpi_reduce_local(v->op, v->type, v->other, v->data, v->count);
    }
    return error;
}

// First element of a block, of which there are as many as ranks.
static size_t block(const struct core *core, const struct vector *v, int index) {
    return v->count * (size_t) index / (size_t) core->ranks;
}

static int exchange_blocks(const struct core *core, const struct vector *v, int partner, size_t out, size_t out_end,
    uint8_t *to, size_t in, size_t in_end) {
    return collective_exchange(core->comm, v->data + out * v->size, (out_end - out) * v->size, partner,
        to + in * v->size, (in_end - in) * v->size, partner, TAG_ALLREDUCE);
}

static int rabenseifner(const struct core *core, const struct vector *v) {
    int first = 0, error = MPI_SUCCESS;
    for (int half = core->ranks / 2; half > 0 && error == MPI_SUCCESS; half /= 2) {
        int partner = real_rank(core, core->rank ^ half);
        int keep = first + ((core->rank & half) != 0 ? half : 0);
        int give = first + ((core->rank & half) != 0 ? 0 : half);
        size_t in = block(core, v, keep), in_end = block(core, v, keep + half);
        error = exchange_blocks(core, v, partner, block(core, v, give), block(core, v, give + half), v->other, in,
            in_end);
        mpi_reduce_local(v->op, v->type, v->other + in * v->size, v->data + in * v->size, in_end - in);
        first = keep;
    }
    for (int half = 1; half < core->ranks && error == MPI_SUCCESS; half *= 2) {
        int partner = real_rank(core, core->rank ^ half);
        int other = first ^ half;
        error = exchange_blocks(core, v, partner, block(core, v, first), block(core, v, first + half), v->data,
            block(core, v, other), block(core, v, other + half));
        first &= ~half;
    }
    return error;
}

static int fold(const struct core *core, const struct vector *v) {
    size_t bytes = v->count * v->size;
    int rank = core->comm->rank;
    int error = MPI_SUCCESS;
    if (rank < 2 * core->extra && rank % 2 == 0) {
        collective_send(core->comm, v->data, bytes, rank + 1, TAG_ALLREDUCE);
    } else if (rank < 2 * core->extra) {
        error = collective_receive(core->comm, v->other, bytes, rank - 1, TAG_ALLREDUCE);
        mpi_reduce_local(v->op, v->type, v->other, v->data, v->count);
    }
    return error;
}

static int unfold(const struct core *core, const struct vector *v) {
    size_t bytes = v->count * v->size;
    int rank = core->comm->rank;
    int error = MPI_SUCCESS;
    if (rank < 2 * core->extra && rank % 2 == 0) {
        error = collective_receive(core->comm, v->data, bytes, rank + 1, TAG_ALLREDUCE);
    } else if (rank < 2 * core->extra) {
        collective_send(core->comm, v->data, bytes, rank - 1, TAG_ALLREDUCE);
    }
    return error;
}

static struct core make_core(struct communicator *comm) {
    struct core core = {comm, 1, 0, comm->rank};
    while (2 * core.ranks <= comm->size) {
        core.ranks *= 2;
    }
    core.extra = comm->size - core.ranks;
    if (comm->rank < 2 * core.extra) {
        core.rank = comm->rank % 2 == 0 ? -1 : comm->rank / 2;
    } else {
        core.rank = comm->rank - core.extra;
    }
    return core;
}

static int all(struct communicator *comm, const struct vector *v) {
    struct core core = make_core(comm);
    int error = fold(&core, v);
    if (error == MPI_SUCCESS && core.rank >= 0) {
        int is_long = v->count * v->size > LONG_BYTES && v->count >= (size_t) core.ranks;
        error = is_long ? rabenseifner(&core, v) : doubling(&core, v);
    }
    return error == MPI_SUCCESS ? unfold(&core, v) : error;
}

int MPI_Allreduce(const void *send, void *receive, int count, MPI_Datatype type, MPI_Op op, MPI_Comm handle) {
    struct communicator *comm = mpi_comm(handle);
    int error = collective_check(comm, count, type, 0);
    if (error == MPI_SUCCESS && !mpi_operation_defined(op, type)) {
        error = MPI_ERR_OP;
    }
    if (error != MPI_SUCCESS) {
        return mpi_fail(comm, error, "MPI_Allreduce");
    }
    size_t bytes = (size_t) count * mpi_type_size(type);
    if (send != MPI_IN_PLACE && bytes != 0) {
        mpi_copy(receive, send, bytes);
    }
    uint8_t small[STACK_BYTES] __attribute__((aligned(16)));
    uint8_t *other = bytes <= STACK_BYTES ? small : collective_memory(bytes);
    struct vector v = {receive, other, (size_t) count, mpi_type_size(type), type, op};
    error = all(comm, &v);
    if (other != small) {
        free(other);
    }
    return error == MPI_SUCCESS ? MPI_SUCCESS : mpi_fail(comm, error, "MPI_Allreduce");
}
