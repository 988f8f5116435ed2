// SPDX-License-Identifier: Apache-2.0
// Communicators: a context number, which keeps their messages apart, and the world ranks of their members.
// Point-to-point uses the (even) context, collectives the next number.

#include "collective.h"

#include <stdlib.h>
#include <string.h>

struct communicator *mpi_new_comm(uint32_t context, int rank, int size, int *world) {
    int handle = 1;
    while (handle < COMM_LIMIT && mpi_engine.comms[handle] != NULL) {
        handle++;
    }
    struct communicator *comm = handle < COMM_LIMIT ? malloc(sizeof *comm) : NULL;
    if (comm == NULL) {
        mpi_fatal("more than %d communicators", COMM_LIMIT - 1);
    }
    *comm = (struct communicator) {handle, context, rank, size, world, MPI_ERRORS_ARE_FATAL};
    mpi_engine.comms[handle] = comm;
    return comm;
}

static void free_comm(struct communicator *comm) {
    mpi_engine.comms[comm->handle] = NULL;
    free(comm->world);
    free(comm);
}

void mpi_free_comms(void) {
    for (int handle = 1; handle < COMM_LIMIT; handle++) {
        if (mpi_engine.comms[handle] != NULL) {
            free_comm(mpi_engine.comms[handle]);
        }
    }
}

int MPI_Comm_rank(MPI_Comm handle, int *rank) {
    struct communicator *comm = mpi_comm(handle);
    if (comm == NULL) {
        return mpi_fail(NULL, MPI_ERR_COMM, "MPI_Comm_rank");
    }
    *rank = comm->rank;
    return MPI_SUCCESS;
}

int MPI_Comm_size(MPI_Comm handle, int *size) {
    struct communicator *comm = mpi_comm(handle);
    if (comm == NULL) {
        return mpi_fail(NULL, MPI_ERR_COMM, "MPI_Comm_size");
    }
    *size = comm->size;
    return MPI_SUCCESS;
}

// A context number no member of the communicator uses yet.
static int agree_on_context(struct communicator *comm, uint32_t *context) {
    int error = MPI_Allreduce(&mpi_engine.next_context, context, 1, MPI_UNSIGNED, MPI_MAX, comm->handle);
    mpi_engine.next_context = *context + 2;
    return error;
}

int MPI_Comm_dup(MPI_Comm handle, MPI_Comm *copy) {
    struct communicator *comm = mpi_comm(handle);
    if (comm == NULL) {
        return mpi_fail(NULL, MPI_ERR_COMM, "MPI_Comm_dup");
    }
    uint32_t context;
    int error = agree_on_context(comm, &context);
    int *world = malloc((size_t) comm->size * sizeof *world);
    if (error != MPI_SUCCESS || world == NULL) {
        return mpi_fail(comm, MPI_ERR_OTHER, "MPI_Comm_dup");
    }
    memcpy(world, comm->world, (size_t) comm->size * sizeof *world);
    struct communicator *made = mpi_new_comm(context, comm->rank, comm->size, world);
    made->handler = comm->handler;
    *copy = made->handle;
    return MPI_SUCCESS;
}

struct member {
    int color, key, rank;
};

static int by_key(const void *left, const void *right) {
    const struct member *a = left, *b = right;
    return a->key != b->key ? (a->key > b->key) - (a->key < b->key) : a->rank - b->rank;
}

int MPI_Comm_split(MPI_Comm handle, int color, int key, MPI_Comm *part) {
    struct communicator *comm = mpi_comm(handle);
    if (comm == NULL) {
        return mpi_fail(NULL, MPI_ERR_COMM, "MPI_Comm_split");
    }
    uint32_t context;
    struct member mine = {color, key, comm->rank};
    struct member *members = malloc((size_t) comm->size * sizeof *members);
    int *world = malloc((size_t) comm->size * sizeof *world);
    if (members == NULL || world == NULL || agree_on_context(comm, &context) != MPI_SUCCESS
        || MPI_Allgather(&mine, 3, MPI_INT, members, 3, MPI_INT, handle) != MPI_SUCCESS) {
        return mpi_fail(comm, MPI_ERR_OTHER, "MPI_Comm_split");
    }
    int size = 0;
    for (int i = 0; i < comm->size; i++) {
        if (members[i].color == color) {
            members[size++] = members[i];
        }
    }
    qsort(members, (size_t) size, sizeof *members, by_key);
    int rank = 0;
    for (int i = 0; i < size; i++) {
        world[i] = comm->world[members[i].rank];
        rank = members[i].rank == comm->rank ? i : rank;
    }
    free(members);
    if (color == MPI_UNDEFINED) {
        free(world);
        *part = MPI_COMM_NULL;
        return MPI_SUCCESS;
    }
    struct communicator *made = mpi_new_comm(context, rank, size, world);
    made->handler = comm->handler;
    *part = made->handle;
    return MPI_SUCCESS;
}

int MPI_Comm_free(MPI_Comm *handle) {
    struct communicator *comm = mpi_comm(*handle);
    if (comm == NULL || *handle == MPI_COMM_WORLD || *handle == MPI_COMM_SELF) {
        return mpi_fail(comm, MPI_ERR_COMM, "MPI_Comm_free");
    }
    free_comm(comm);
    *handle = MPI_COMM_NULL;
    return MPI_SUCCESS;
}

int MPI_Comm_set_errhandler(MPI_Comm handle, MPI_Errhandler handler) {
    struct communicator *comm = mpi_comm(handle);
    if (comm == NULL || (handler != MPI_ERRORS_ARE_FATAL && handler != MPI_ERRORS_RETURN)) {
        return mpi_fail(comm, comm == NULL ? MPI_ERR_COMM : MPI_ERR_ARG, "MPI_Comm_set_errhandler");
    }
    comm->handler = handler;
    return MPI_SUCCESS;
}

int MPI_Comm_get_errhandler(MPI_Comm handle, MPI_Errhandler *handler) {
    struct communicator *comm = mpi_comm(handle);
    if (comm == NULL) {
        return mpi_fail(NULL, MPI_ERR_COMM, "MPI_Comm_get_errhandler");
    }
    *handler = comm->handler;
    return MPI_SUCCESS;
}
