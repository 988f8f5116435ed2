// SPDX-License-Identifier: Apache-2.0
// MPI_Barrier by dissemination: in round k each rank tells the one 2^k further on. And small things all collectives
// use.

#include "collective.h"

#include <stdlib.h>

int collective_check(const struct communicator *comm, int count, MPI_Datatype type, int root) {
    if (unlikely(comm == NULL)) {
        return MPI_ERR_COMM;
    }
    if (unlikely(count < 0)) {
        return MPI_ERR_COUNT;
    }
    if (unlikely(mpi_type_size(type) == 0)) {
        return MPI_ERR_TYPE;
    }
    return unlikely(root < 0 || root >= comm->size) ? MPI_ERR_ROOT : MPI_SUCCESS;
}

void *collective_memory(size_t bytes) {
    void *memory = bytes == 0 ? NULL : malloc(bytes);
    if (memory == NULL && bytes != 0) {
        mpi_fatal("no memory for %zu bytes in a collective", bytes);
    }
    return memory;
}

int MPI_Barrier(MPI_Comm handle) {
    struct communicator *comm = mpi_comm(handle);
    if (comm == NULL) {
        return mpi_fail(NULL, MPI_ERR_COMM, "MPI_Barrier");
    }
    for (int step = 1; step < comm->size; step *= 2) {
        int dest = (comm->rank + step) % comm->size;
        int source = (comm->rank - step + comm->size) % comm->size;
        int error = collective_exchange(comm, NULL, 0, dest, NULL, 0, source, TAG_BARRIER);
        if (unlikely(error != MPI_SUCCESS)) {
            return mpi_fail(comm, error, "MPI_Barrier");
        }
    }
    return MPI_SUCCESS;
}
