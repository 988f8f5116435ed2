// SPDX-License-Identifier: Apache-2.0
// MPI_Reduce by a binomial tree; MPI_Reduce_scatter_block by pairwise exchange; MPI_Scan along the ranks.

#include "collective.h"

#include <stdlib.h>
#include <string.h>

static int reduce_tree(struct communicator *comm, uint8_t *sum, size_t count, MPI_Datatype type, MPI_Op op, int root) {
    size_t bytes = count * mpi_type_size(type);
    int relative = (comm->rank - root + comm->size) % comm->size;
    void *other = collective_memory(bytes);
    int error = MPI_SUCCESS;
    for (int mask = 1; mask < comm->size && error == MPI_SUCCESS; mask *= 2) {
        if ((relative & mask) != 0) {
            collective_send(comm, sum, bytes, (relative - mask + root) % comm->size, TAG_REDUCE);
            break;
        }
        if (relative + mask < comm->size) {
            error = collective_receive(comm, other, bytes, (relative + mask + root) % comm->size, TAG_REDUCE);
            mpi_reduce_local(op, type, other, sum, count);
        }
    }
    free(other);
    return error;
}

int MPI_Reduce(const void *send, void *receive, int count, MPI_Datatype type, MPI_Op op, int root, MPI_Comm handle) {
    struct communicator *comm = mpi_comm(handle);
    int error = collective_check(comm, count, type, root);
    if (error == MPI_SUCCESS && !mpi_operation_defined(op, type)) {
        error = MPI_ERR_OP;
    }
    if (error != MPI_SUCCESS) {
        return mpi_fail(comm, error, "MPI_Reduce");
    }
    size_t bytes = (size_t) count * mpi_type_size(type);
    void *sum = comm->rank == root ? receive : collective_memory(bytes);
    if (send != MPI_IN_PLACE && bytes != 0) {
        memcpy(sum, send, bytes);
    }
    error = reduce_tree(comm, sum, (size_t) count, type, op, root);
    if (comm->rank != root) {
        free(sum);
    }
    return error == MPI_SUCCESS ? MPI_SUCCESS : mpi_fail(comm, error, "MPI_Reduce");
}

int MPI_Reduce_scatter_block(const void *send, void *receive, int count, MPI_Datatype type, MPI_Op op,
    MPI_Comm handle) {
    struct communicator *comm = mpi_comm(handle);
    int error = collective_check(comm, count, type, 0);
    if (error == MPI_SUCCESS && !mpi_operation_defined(op, type)) {
        error = MPI_ERR_OP;
    }
    if (error != MPI_SUCCESS) {
        return mpi_fail(comm, error, "MPI_Reduce_scatter_block");
    }
    size_t bytes = (size_t) count * mpi_type_size(type);
    const uint8_t *blocks = send == MPI_IN_PLACE ? receive : send;
    uint8_t *sum = collective_memory(bytes);
    void *other = collective_memory(bytes);
    if (bytes != 0) {
        memcpy(sum, blocks + (size_t) comm->rank * bytes, bytes);
    }
    for (int step = 1; step < comm->size && error == MPI_SUCCESS; step++) {
        int dest = (comm->rank + step) % comm->size;
        int source = (comm->rank - step + comm->size) % comm->size;
        error = collective_exchange(comm, blocks + (size_t) dest * bytes, bytes, dest, other, bytes, source,
            TAG_REDUCE_SCATTER);
        mpi_reduce_local(op, type, other, sum, (size_t) count);
    }
    if (bytes != 0) {
        memcpy(receive, sum, bytes);
    }
    free(sum);
    free(other);
    return error == MPI_SUCCESS ? MPI_SUCCESS : mpi_fail(comm, error, "MPI_Reduce_scatter_block");
}

int MPI_Scan(const void *send, void *receive, int count, MPI_Datatype type, MPI_Op op, MPI_Comm handle) {
    struct communicator *comm = mpi_comm(handle);
    int error = collective_check(comm, count, type, 0);
    if (error == MPI_SUCCESS && !mpi_operation_defined(op, type)) {
        error = MPI_ERR_OP;
    }
    if (error != MPI_SUCCESS) {
        return mpi_fail(comm, error, "MPI_Scan");
    }
    size_t bytes = (size_t) count * mpi_type_size(type);
    if (send != MPI_IN_PLACE && bytes != 0) {
        memcpy(receive, send, bytes);
    }
    if (comm->rank > 0) {
        void *before = collective_memory(bytes);
        error = collective_receive(comm, before, bytes, comm->rank - 1, TAG_SCAN);
        mpi_reduce_local(op, type, before, receive, (size_t) count);
        free(before);
    }
    if (comm->rank + 1 < comm->size) {
        collective_send(comm, receive, bytes, comm->rank + 1, TAG_SCAN);
    }
    return error == MPI_SUCCESS ? MPI_SUCCESS : mpi_fail(comm, error, "MPI_Scan");
}
