// SPDX-License-Identifier: Apache-2.0
// What the collectives are made of: messages in the communicator's second context, temporary memory, reduction.

#ifndef CALVIN_MPI_COLLECTIVE_H
#define CALVIN_MPI_COLLECTIVE_H

#include "transmit.h"

// Tags, so that a program whose ranks call different collectives fails rather than mixes them up.
enum collective_tag {
    TAG_BARRIER = 1, TAG_BCAST, TAG_REDUCE, TAG_ALLREDUCE, TAG_REDUCE_SCATTER, TAG_SCAN, TAG_GATHER, TAG_SCATTER,
    TAG_ALLGATHER, TAG_ALLTOALL
};

static inline void collective_send(struct communicator *comm, const void *data, size_t bytes, int dest,
    enum collective_tag tag) {
    mpi_send_bytes(comm, comm->context + 1, data, bytes, dest, tag);
}

static inline int collective_receive(struct communicator *comm, void *data, size_t bytes, int source,
    enum collective_tag tag) {
    return mpi_wait(mpi_start_receive(comm, comm->context + 1, data, bytes, source, tag), MPI_STATUS_IGNORE);
}

// Sends to one rank while receiving from another.
static inline int collective_exchange(struct communicator *comm, const void *send, size_t send_bytes, int dest,
    void *receive, size_t receive_bytes, int source, enum collective_tag tag) {
    struct mpi_request *receiving = mpi_start_receive(comm, comm->context + 1, receive, receive_bytes, source, tag);
    mpi_send_bytes(comm, comm->context + 1, send, send_bytes, dest, tag);
    return mpi_wait(receiving, MPI_STATUS_IGNORE);
}

// barrier.c: what is wrong with arguments every collective has, or MPI_SUCCESS. Without a root pass 0.
int collective_check(const struct communicator *comm, int count, MPI_Datatype type, int root);

// barrier.c: NULL for 0 bytes; fails the program if there is none.
void *collective_memory(size_t bytes);

// operation.c: inout[i] = in[i] op inout[i]; 0 if the operation is not defined for the type.
int mpi_reduce_local(MPI_Op op, MPI_Datatype type, const void *in, void *inout, size_t count);
int mpi_operation_defined(MPI_Op op, MPI_Datatype type);

#endif
