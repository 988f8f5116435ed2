// SPDX-License-Identifier: Apache-2.0
// Beginning and end: the environment (docs/adr/0005), the card, the first connections.
//
// Knobs of our own, for experiments: CALVIN_MPI_FULL_CONNECT (largest job that connects all pairs at the start, 32),
// CALVIN_MPI_TIMEOUT (InfiniBand code of the transport's timeout, 12: 16.8 ms).

#include "engine.h"

#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

struct engine mpi_engine;

enum { SIGNAL_EVERY = 8, MOST_RANKS = 65536 };

static long number_from(const char *name, long otherwise, long least, long most) {
    const char *text = getenv(name);
    if (text == NULL) {
        return otherwise;
    }
    char *end;
    long value = strtol(text, &end, 10);
    if (end == text || *end != 0 || value < least || value > most) {
        mpi_fatal("%s=%s is not a number from %ld to %ld", name, text, least, most);
    }
    return value;
}

// Freed memory stays mapped, so that the registration cache stays true.
static void keep_heap_mapped(void) {
#ifdef __GLIBC__
    mallopt(M_MMAP_MAX, 0);
    mallopt(M_TRIM_THRESHOLD, -1);
#endif
}

static void make_send_buffers(void) {
    struct engine *engine = &mpi_engine;
    uint8_t *bytes = nic_allocate((size_t) SEND_BUFFERS * SLOT_BYTES);
    engine->buffers = calloc(SEND_BUFFERS, sizeof *engine->buffers);
    if (bytes == NULL || engine->buffers == NULL) {
        mpi_fatal("no memory for send buffers");
    }
    engine->buffers_mr = ibv_reg_mr(engine->pd, bytes, (size_t) SEND_BUFFERS * SLOT_BYTES, IBV_ACCESS_LOCAL_WRITE);
    if (engine->buffers_mr == NULL) {
        mpi_fatal("cannot register send buffers: %s", strerror(errno));
    }
    for (int i = SEND_BUFFERS - 1; i >= 0; i--) {
        engine->buffers[i] = (struct send_buffer) {engine->free_buffers, bytes + (size_t) i * SLOT_BYTES};
        engine->free_buffers = &engine->buffers[i];
    }
}

static void open_card(void) {
    struct engine *engine = &mpi_engine;
    engine->depth = engine->size <= 16 ? 32 : engine->size <= 64 ? 16 : 8;
    engine->credit_threshold = (engine->depth - RESERVED_SLOTS) / 2;
    engine->signal_mask = SIGNAL_EVERY - 1;
    engine->context = ibv_open_device(NULL);
    if (engine->context == NULL) {
        mpi_fatal("cannot open the RDMA card %s: %s", CARD_DEVICE_PATH, strerror(errno));
    }
    engine->pd = ibv_alloc_pd(engine->context);
    // Room for every receive slot and every send that can ask for a completion at once.
    int entries = (int) (3 * engine->depth) * engine->size;
    entries = entries > 32768 ? 32768 : entries;
    engine->cq = engine->pd == NULL ? NULL : ibv_create_cq(engine->context, entries, NULL, NULL, 0);
    if (engine->cq == NULL) {
        mpi_fatal("cannot create the completion queue: %s", strerror(errno));
    }
    make_send_buffers();
}

static void make_first_comms(void) {
    struct engine *engine = &mpi_engine;
    int *world = calloc((size_t) engine->size, sizeof *world);
    int *self = calloc(1, sizeof *self);
    if (world == NULL || self == NULL) {
        mpi_fatal("no memory for communicators");
    }
    for (int i = 0; i < engine->size; i++) {
        world[i] = i;
    }
    self[0] = engine->rank;
    mpi_new_comm(0, engine->rank, engine->size, world);
    mpi_new_comm(2, 0, 1, self);
    engine->next_context = 4;
}

int MPI_Init_thread(int *argc, char ***argv, int required, int *provided) {
    (void) argc;
    (void) argv;
    (void) required;
    struct engine *engine = &mpi_engine;
    if (engine->initialized) {
        return mpi_fail(NULL, MPI_ERR_OTHER, "MPI_Init");
    }
    engine->size = (int) number_from("PMI_SIZE", 1, 1, MOST_RANKS);
    engine->rank = (int) number_from("PMI_RANK", 0, 0, engine->size - 1);
    engine->timebase_hz = (uint64_t) number_from("CALVIN_TIMEBASE_HZ", 0, 1, 1000000000000);
    engine->full_connect = (int) number_from("CALVIN_MPI_FULL_CONNECT", 32, 2, MOST_RANKS);
    engine->timeout_code = (uint32_t) number_from("CALVIN_MPI_TIMEOUT", 12, 1, 31);
    engine->posted_tail = &engine->posted_head;
    engine->unexpected_tail = &engine->unexpected_head;
    engine->peers = calloc((size_t) engine->size, sizeof *engine->peers);
    if (engine->peers == NULL) {
        mpi_fatal("no memory for %d ranks", engine->size);
    }
    keep_heap_mapped();
    make_first_comms();
    if (engine->size > 1) {
        const char *nodes = getenv("CALVIN_JOB_NODES");
        engine->first_qpn = (uint32_t) number_from("CALVIN_JOB_QPN", 0, 1, 0xFFFFFF);
        if (nodes == NULL || engine->first_qpn == 0) {
            mpi_fatal("PMI_SIZE is %d but CALVIN_JOB_NODES or CALVIN_JOB_QPN is not set", engine->size);
        }
        open_card();
        mpi_connect_job(nodes);
    }
    engine->initialized = 1;
    if (provided != NULL) {
        *provided = MPI_THREAD_SINGLE;
    }
    int error = MPI_Barrier(MPI_COMM_WORLD);
    engine->starting = 0;
    return error;
}

int MPI_Init(int *argc, char ***argv) {
    return MPI_Init_thread(argc, argv, MPI_THREAD_SINGLE, NULL);
}

int MPI_Query_thread(int *provided) {
    *provided = MPI_THREAD_SINGLE;
    return MPI_SUCCESS;
}

int MPI_Initialized(int *flag) {
    *flag = mpi_engine.initialized;
    return MPI_SUCCESS;
}

int MPI_Finalized(int *flag) {
    *flag = mpi_engine.finalized;
    return MPI_SUCCESS;
}

// Until the card has acknowledgements for everything that asked for one. In the last barrier every message does, and a
// rank leaves that barrier only after it got all of its messages; so nobody waits for somebody who is gone.
static void drain(void) {
    for (int rank = 0; rank < mpi_engine.size; rank++) {
        const struct peer *peer = &mpi_engine.peers[rank];
        while (peer->qp != NULL && (int32_t) (peer->last_signalled - peer->qp->sq_consumer) > 0) {
            if (!mpi_progress()) {
                mpi_idle();
            }
        }
    }
}

int MPI_Finalize(void) {
    struct engine *engine = &mpi_engine;
    if (!engine->initialized || engine->finalized) {
        return mpi_fail(NULL, MPI_ERR_OTHER, "MPI_Finalize");
    }
    engine->signal_mask = 0;
    int error = MPI_Barrier(MPI_COMM_WORLD);
    engine->finalizing = 1;
    if (engine->cq != NULL) {
        drain();
        mpi_disconnect_all();
        mpi_forget_regions();
        ibv_destroy_cq(engine->cq);
        ibv_dereg_mr(engine->buffers_mr);
        ibv_dealloc_pd(engine->pd);
        ibv_close_device(engine->context);
    }
    mpi_free_comms();
    free(engine->peers);
    free(engine->buffers);
    for (int i = 0; i < engine->block_count; i++) {
        free(engine->blocks[i]);
    }
    engine->cq = NULL;
    engine->finalized = 1;
    return error;
}
