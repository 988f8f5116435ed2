// SPDX-License-Identifier: Apache-2.0
// MPI_Send, MPI_Recv and their kin: argument checks, and the short way for small messages.
//
// Instruction budget of an 8-byte message, rv64gc -O2 (docs/guests.md has the count): MPI_Send entry to doorbell store
// below 150, completion seen to MPI_Recv return below 200.

#include "transmit.h"

enum { MOST_BYTES = 0x7FFFFFFF };

// MPI_SUCCESS, or what is wrong with the arguments.
static inline int check(const struct communicator *comm, int count, MPI_Datatype type, int peer, int tag,
    int least_peer, int least_tag) {
    if (unlikely(comm == NULL)) {
        return MPI_ERR_COMM;
    }
    if (unlikely(count < 0 || (uint64_t) (unsigned) count * mpi_type_size(type) > MOST_BYTES)) {
        return MPI_ERR_COUNT;
    }
    if (unlikely(mpi_type_size(type) == 0)) {
        return MPI_ERR_TYPE;
    }
    if (unlikely(peer < least_peer || peer >= comm->size)) {
        return MPI_ERR_RANK;
    }
    return unlikely(tag < least_tag) ? MPI_ERR_TAG : MPI_SUCCESS;
}

#define CHECK_SEND(comm, count, type, dest, tag, function) \
    do { \
        int error_ = check(comm, count, type, dest, tag, MPI_PROC_NULL, 0); \
        if (unlikely(error_ != MPI_SUCCESS)) { \
            return mpi_fail(comm, error_, function); \
        } \
    } while (0)

#define CHECK_RECEIVE(comm, count, type, source, tag, function) \
    do { \
        int error_ = check(comm, count, type, source, tag, MPI_ANY_SOURCE, MPI_ANY_TAG); \
        if (unlikely(error_ != MPI_SUCCESS)) { \
            return mpi_fail(comm, error_, function); \
        } \
    } while (0)

int MPI_Send(const void *data, int count, MPI_Datatype type, int dest, int tag, MPI_Comm handle) {
    struct communicator *comm = mpi_comm(handle);
    CHECK_SEND(comm, count, type, dest, tag, "MPI_Send");
    size_t bytes = (size_t) count * mpi_type_size(type);
    mpi_send_bytes(comm, comm->context, data, bytes, dest, tag);
    return MPI_SUCCESS;
}

int MPI_Rsend(const void *data, int count, MPI_Datatype type, int dest, int tag, MPI_Comm handle) {
    return MPI_Send(data, count, type, dest, tag, handle);
}

int MPI_Ssend(const void *data, int count, MPI_Datatype type, int dest, int tag, MPI_Comm handle) {
    struct communicator *comm = mpi_comm(handle);
    CHECK_SEND(comm, count, type, dest, tag, "MPI_Ssend");
    size_t bytes = (size_t) count * mpi_type_size(type);
    return mpi_wait(mpi_start_send(comm, comm->context, data, bytes, dest, tag, 1), MPI_STATUS_IGNORE);
}

int MPI_Isend(const void *data, int count, MPI_Datatype type, int dest, int tag, MPI_Comm handle,
    MPI_Request *request) {
    struct communicator *comm = mpi_comm(handle);
    CHECK_SEND(comm, count, type, dest, tag, "MPI_Isend");
    *request = mpi_start_send(comm, comm->context, data, (size_t) count * mpi_type_size(type), dest, tag, 0);
    return MPI_SUCCESS;
}

int MPI_Issend(const void *data, int count, MPI_Datatype type, int dest, int tag, MPI_Comm handle,
    MPI_Request *request) {
    struct communicator *comm = mpi_comm(handle);
    CHECK_SEND(comm, count, type, dest, tag, "MPI_Issend");
    *request = mpi_start_send(comm, comm->context, data, (size_t) count * mpi_type_size(type), dest, tag, 1);
    return MPI_SUCCESS;
}

int MPI_Recv(void *data, int count, MPI_Datatype type, int source, int tag, MPI_Comm handle, MPI_Status *status) {
    struct communicator *comm = mpi_comm(handle);
    CHECK_RECEIVE(comm, count, type, source, tag, "MPI_Recv");
    int error = mpi_wait(mpi_start_receive(comm, comm->context, data, (size_t) count * mpi_type_size(type), source,
        tag), status);
    return unlikely(error != MPI_SUCCESS) ? mpi_fail(comm, error, "MPI_Recv") : MPI_SUCCESS;
}

int MPI_Irecv(void *data, int count, MPI_Datatype type, int source, int tag, MPI_Comm handle, MPI_Request *request) {
    struct communicator *comm = mpi_comm(handle);
    CHECK_RECEIVE(comm, count, type, source, tag, "MPI_Irecv");
    *request = mpi_start_receive(comm, comm->context, data, (size_t) count * mpi_type_size(type), source, tag);
    return MPI_SUCCESS;
}

int MPI_Sendrecv(const void *send, int send_count, MPI_Datatype send_type, int dest, int send_tag, void *receive,
    int receive_count, MPI_Datatype receive_type, int source, int receive_tag, MPI_Comm handle, MPI_Status *status) {
    struct communicator *comm = mpi_comm(handle);
    CHECK_SEND(comm, send_count, send_type, dest, send_tag, "MPI_Sendrecv");
    CHECK_RECEIVE(comm, receive_count, receive_type, source, receive_tag, "MPI_Sendrecv");
    struct mpi_request *receiving = mpi_start_receive(comm, comm->context, receive,
        (size_t) receive_count * mpi_type_size(receive_type), source, receive_tag);
    struct mpi_request *sending = mpi_start_send(comm, comm->context, send,
        (size_t) send_count * mpi_type_size(send_type), dest, send_tag, 0);
    mpi_wait(sending, MPI_STATUS_IGNORE);
    int error = mpi_wait(receiving, status);
    return unlikely(error != MPI_SUCCESS) ? mpi_fail(comm, error, "MPI_Sendrecv") : MPI_SUCCESS;
}

static int probe_null(int source, MPI_Status *status) {
    if (source == MPI_PROC_NULL && status != MPI_STATUS_IGNORE) {
        *status = (MPI_Status) {.MPI_SOURCE = MPI_PROC_NULL, .MPI_TAG = MPI_ANY_TAG};
    }
    return source == MPI_PROC_NULL;
}

int MPI_Iprobe(int source, int tag, MPI_Comm handle, int *flag, MPI_Status *status) {
    struct communicator *comm = mpi_comm(handle);
    CHECK_RECEIVE(comm, 0, MPI_BYTE, source, tag, "MPI_Iprobe");
    mpi_progress();
    *flag = probe_null(source, status) || mpi_probe(comm->context, source, tag, status);
    return MPI_SUCCESS;
}

int MPI_Probe(int source, int tag, MPI_Comm handle, MPI_Status *status) {
    struct communicator *comm = mpi_comm(handle);
    CHECK_RECEIVE(comm, 0, MPI_BYTE, source, tag, "MPI_Probe");
    if (probe_null(source, status)) {
        return MPI_SUCCESS;
    }
    while (!mpi_probe(comm->context, source, tag, status)) {
        if (!mpi_progress()) {
            mpi_idle();
        }
    }
    return MPI_SUCCESS;
}
