// SPDX-License-Identifier: Apache-2.0
// Collectives that move blocks: MPI_Gather and MPI_Scatter straight to and from the root, MPI_Allgather by Bruck's
// algorithm for short blocks and round a ring for long ones, MPI_Alltoall by pairwise exchange.

#include "collective.h"

#include <stdlib.h>
#include <string.h>

enum { BRUCK_TOTAL_BYTES = 32768 };

static void copy_block(void *to, const void *from, size_t bytes) {
    if (bytes != 0) {
        memcpy(to, from, bytes);
    }
}

int MPI_Gather(const void *send, int send_count, MPI_Datatype send_type, void *receive, int receive_count,
    MPI_Datatype receive_type, int root, MPI_Comm handle) {
    struct communicator *comm = mpi_comm(handle);
    int error = collective_check(comm, 0, MPI_BYTE, root);
    if (error != MPI_SUCCESS) {
        return mpi_fail(comm, error, "MPI_Gather");
    }
    if (comm->rank != root) {
        collective_send(comm, send, (size_t) send_count * mpi_type_size(send_type), root, TAG_GATHER);
        return MPI_SUCCESS;
    }
    size_t bytes = (size_t) receive_count * mpi_type_size(receive_type);
    uint8_t *blocks = receive;
    struct mpi_request **requests = collective_memory((size_t) comm->size * sizeof *requests);
    for (int i = 0; i < comm->size; i++) {
        if (i != root) {
            requests[i] = mpi_start_receive(comm, comm->context + 1, blocks + (size_t) i * bytes, bytes, i, TAG_GATHER);
        }
    }
    if (send != MPI_IN_PLACE) {
        copy_block(blocks + (size_t) root * bytes, send, bytes);
    }
    for (int i = 0; i < comm->size; i++) {
        int one = i == root ? MPI_SUCCESS : mpi_wait(requests[i], MPI_STATUS_IGNORE);
        error = one == MPI_SUCCESS ? error : one;
    }
    free(requests);
    return error == MPI_SUCCESS ? MPI_SUCCESS : mpi_fail(comm, error, "MPI_Gather");
}

int MPI_Scatter(const void *send, int send_count, MPI_Datatype send_type, void *receive, int receive_count,
    MPI_Datatype receive_type, int root, MPI_Comm handle) {
    struct communicator *comm = mpi_comm(handle);
    int error = collective_check(comm, 0, MPI_BYTE, root);
    if (error == MPI_SUCCESS && comm->rank != root) {
        error = collective_receive(comm, receive, (size_t) receive_count * mpi_type_size(receive_type), root,
            TAG_SCATTER);
    }
    if (error != MPI_SUCCESS) {
        return mpi_fail(comm, error, "MPI_Scatter");
    }
    if (comm->rank == root) {
        size_t bytes = (size_t) send_count * mpi_type_size(send_type);
        const uint8_t *blocks = send;
        struct mpi_request **requests = collective_memory((size_t) comm->size * sizeof *requests);
        for (int i = 0; i < comm->size; i++) {
            if (i != root) {
                requests[i] = mpi_start_send(comm, comm->context + 1, blocks + (size_t) i * bytes, bytes, i,
                    TAG_SCATTER, 0);
            }
        }
        if (receive != MPI_IN_PLACE) {
            copy_block(receive, blocks + (size_t) root * bytes, bytes);
        }
        for (int i = 0; i < comm->size; i++) {
            if (i != root) {
                mpi_wait(requests[i], MPI_STATUS_IGNORE);
            }
        }
        free(requests);
    }
    return MPI_SUCCESS;
}

// In round k every rank has 2^k blocks, its own first, and gets as many more from the rank 2^k further on.
static int bruck(struct communicator *comm, uint8_t *blocks, size_t bytes) {
    size_t total = (size_t) comm->size * bytes;
    uint8_t *own_first = collective_memory(total);
    int error = MPI_SUCCESS;
    copy_block(own_first, blocks + (size_t) comm->rank * bytes, bytes);
    for (int have = 1; have < comm->size && error == MPI_SUCCESS; have *= 2) {
        int wanted = comm->size - have < have ? comm->size - have : have;
        int dest = (comm->rank - have + comm->size) % comm->size;
        int source = (comm->rank + have) % comm->size;
        error = collective_exchange(comm, own_first, (size_t) wanted * bytes, dest, own_first + (size_t) have * bytes,
            (size_t) wanted * bytes, source, TAG_ALLGATHER);
    }
    size_t tail = (size_t) (comm->size - comm->rank) * bytes;
    copy_block(blocks + (size_t) comm->rank * bytes, own_first, tail);
    copy_block(blocks, own_first + tail, total - tail);
    free(own_first);
    return error;
}

static int ring(struct communicator *comm, uint8_t *blocks, size_t bytes) {
    int next = (comm->rank + 1) % comm->size;
    int previous = (comm->rank - 1 + comm->size) % comm->size;
    int error = MPI_SUCCESS;
    for (int round = 0; round < comm->size - 1 && error == MPI_SUCCESS; round++) {
        int out = (comm->rank - round + comm->size) % comm->size;
        int in = (comm->rank - round - 1 + 2 * comm->size) % comm->size;
        error = collective_exchange(comm, blocks + (size_t) out * bytes, bytes, next, blocks + (size_t) in * bytes,
            bytes, previous, TAG_ALLGATHER);
    }
    return error;
}

int MPI_Allgather(const void *send, int send_count, MPI_Datatype send_type, void *receive, int receive_count,
    MPI_Datatype receive_type, MPI_Comm handle) {
    struct communicator *comm = mpi_comm(handle);
    int error = collective_check(comm, receive_count, receive_type, 0);
    if (error == MPI_SUCCESS) {
        size_t bytes = (size_t) receive_count * mpi_type_size(receive_type);
        uint8_t *blocks = receive;
        if (send != MPI_IN_PLACE) {
            copy_block(blocks + (size_t) comm->rank * bytes, send, (size_t) send_count * mpi_type_size(send_type));
        }
        int is_short = (size_t) comm->size * bytes <= BRUCK_TOTAL_BYTES;
        error = is_short ? bruck(comm, blocks, bytes) : ring(comm, blocks, bytes);
    }
    return error == MPI_SUCCESS ? MPI_SUCCESS : mpi_fail(comm, error, "MPI_Allgather");
}

int MPI_Alltoall(const void *send, int send_count, MPI_Datatype send_type, void *receive, int receive_count,
    MPI_Datatype receive_type, MPI_Comm handle) {
    struct communicator *comm = mpi_comm(handle);
    int error = collective_check(comm, receive_count, receive_type, 0);
    if (error != MPI_SUCCESS) {
        return mpi_fail(comm, error, "MPI_Alltoall");
    }
    size_t bytes = (size_t) receive_count * mpi_type_size(receive_type);
    uint8_t *blocks = receive;
    const uint8_t *from = send;
    void *copy = NULL;
    if (send == MPI_IN_PLACE) {
        copy = collective_memory((size_t) comm->size * bytes);
        copy_block(copy, receive, (size_t) comm->size * bytes);
        from = copy;
    } else if ((size_t) send_count * mpi_type_size(send_type) != bytes) {
        return mpi_fail(comm, MPI_ERR_COUNT, "MPI_Alltoall");
    }
    copy_block(blocks + (size_t) comm->rank * bytes, from + (size_t) comm->rank * bytes, bytes);
    for (int step = 1; step < comm->size && error == MPI_SUCCESS; step++) {
        int dest = (comm->rank + step) % comm->size;
        int source = (comm->rank - step + comm->size) % comm->size;
        error = collective_exchange(comm, from + (size_t) dest * bytes, bytes, dest, blocks + (size_t) source * bytes,
            bytes, source, TAG_ALLTOALL);
    }
    free(copy);
    return error == MPI_SUCCESS ? MPI_SUCCESS : mpi_fail(comm, error, "MPI_Alltoall");
}
