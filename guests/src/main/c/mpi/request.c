// SPDX-License-Identifier: Apache-2.0
// The pool of requests, and waiting for them.

#include "engine.h"

#include <stdlib.h>

void mpi_more_requests(void) {
    struct engine *engine = &mpi_engine;
    struct mpi_request *block = engine->block_count < REQUEST_BLOCKS ? calloc(REQUESTS_PER_BLOCK, sizeof *block) : NULL;
    if (block == NULL) {
        mpi_fatal("more than %d requests", engine->block_count * REQUESTS_PER_BLOCK);
    }
    for (int i = REQUESTS_PER_BLOCK - 1; i >= 0; i--) {
        block[i].index = (uint32_t) (engine->block_count * REQUESTS_PER_BLOCK + i);
        mpi_free_request(&block[i]);
    }
    engine->blocks[engine->block_count++] = block;
}

struct mpi_request *mpi_request_named(uint32_t index) {
    uint32_t block = index / REQUESTS_PER_BLOCK;
    return block < (uint32_t) mpi_engine.block_count ? &mpi_engine.blocks[block][index % REQUESTS_PER_BLOCK] : NULL;
}

static inline void fill_status(const struct mpi_request *request, MPI_Status *status) {
    if (status == MPI_STATUS_IGNORE) {
        return;
    }
    status->MPI_ERROR = request->error;
    if (request->is_receive) {
        status->MPI_SOURCE = request->source;
        status->MPI_TAG = request->tag;
        status->received_bytes = request->bytes;
    } else {
        status->MPI_SOURCE = MPI_ANY_SOURCE;
        status->MPI_TAG = MPI_ANY_TAG;
        status->received_bytes = 0;
    }
}

static void empty_status(MPI_Status *status) {
    if (status != MPI_STATUS_IGNORE) {
        *status = (MPI_Status) {.MPI_SOURCE = MPI_ANY_SOURCE, .MPI_TAG = MPI_ANY_TAG, .MPI_ERROR = MPI_SUCCESS};
    }
}

int mpi_wait(struct mpi_request *request, MPI_Status *status) {
    while (!request->done) {
        if (!mpi_progress()) {
            mpi_idle();
        }
    }
    fill_status(request, status);
    int error = request->error;
    mpi_free_request(request);
    return error;
}

static int finish(MPI_Request *request, MPI_Status *status, const char *function) {
    struct communicator *comm = (*request)->comm;
    int error = mpi_wait(*request, status);
    *request = MPI_REQUEST_NULL;
    return unlikely(error != MPI_SUCCESS) ? mpi_fail(comm, error, function) : MPI_SUCCESS;
}

int MPI_Wait(MPI_Request *request, MPI_Status *status) {
    if (*request == MPI_REQUEST_NULL) {
        empty_status(status);
        return MPI_SUCCESS;
    }
    return finish(request, status, "MPI_Wait");
}

int MPI_Waitall(int count, MPI_Request *requests, MPI_Status *statuses) {
    int result = MPI_SUCCESS;
    for (int i = 0; i < count; i++) {
        MPI_Status *status = statuses == MPI_STATUSES_IGNORE ? MPI_STATUS_IGNORE : &statuses[i];
        if (requests[i] == MPI_REQUEST_NULL) {
            empty_status(status);
        } else if (finish(&requests[i], status, "MPI_Waitall") != MPI_SUCCESS) {
            result = MPI_ERR_IN_STATUS;
        }
    }
    return result;
}

// The index of a finished request, -1 if none has finished yet, MPI_UNDEFINED if there is none.
static int finished(int count, MPI_Request *requests) {
    int active = 0;
    for (int i = 0; i < count; i++) {
        if (requests[i] != MPI_REQUEST_NULL) {
            active = 1;
            if (requests[i]->done) {
                return i;
            }
        }
    }
    return active ? -1 : MPI_UNDEFINED;
}

int MPI_Waitany(int count, MPI_Request *requests, int *index, MPI_Status *status) {
    while ((*index = finished(count, requests)) == -1) {
        if (!mpi_progress()) {
            mpi_idle();
        }
    }
    if (*index == MPI_UNDEFINED) {
        empty_status(status);
        return MPI_SUCCESS;
    }
    return finish(&requests[*index], status, "MPI_Waitany");
}

int MPI_Test(MPI_Request *request, int *flag, MPI_Status *status) {
    if (*request == MPI_REQUEST_NULL) {
        *flag = 1;
        empty_status(status);
        return MPI_SUCCESS;
    }
    if (!(*request)->done) {
        mpi_progress();
    }
    *flag = (*request)->done;
    return *flag ? finish(request, status, "MPI_Test") : MPI_SUCCESS;
}

int MPI_Testall(int count, MPI_Request *requests, int *flag, MPI_Status *statuses) {
    mpi_progress();
    *flag = 1;
    for (int i = 0; i < count; i++) {
        *flag &= requests[i] == MPI_REQUEST_NULL || requests[i]->done;
    }
    return *flag ? MPI_Waitall(count, requests, statuses) : MPI_SUCCESS;
}
