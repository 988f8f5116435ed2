// SPDX-License-Identifier: Apache-2.0
// Long messages: ask (RTS), be told where (CTS), write there with RDMA, and the write's immediate tells the receiver.

#include "engine.h"

#include <stdlib.h>
#include <string.h>

// Gives the card a way to the request's memory, through a copy if it cannot reach the memory itself (constants, for
// example).
static void make_reachable(struct mpi_request *request, size_t bytes) {
    request->bounce = NULL;
    request->region = NULL;
    if (bytes == 0) {
        return;
    }
    request->region = mpi_register(request->data, bytes);
    if (request->region == NULL) {
        request->bounce = malloc(bytes);
        request->region = request->bounce == NULL ? NULL : mpi_register(request->bounce, bytes);
        if (request->region == NULL) {
            mpi_fatal("the card can reach neither %p nor a copy of its %zu bytes", (void *) request->data, bytes);
        }
    }
    request->region->users++;
}

static void release(struct mpi_request *request) {
    if (request->region != NULL) {
        request->region->users--;
    }
    free(request->bounce);
    request->region = NULL;
    request->bounce = NULL;
}

void mpi_start_rendezvous(struct mpi_request *send) {
    make_reachable(send, send->bytes);
    if (send->bounce != NULL) {
        memcpy(send->bounce, send->data, send->bytes);
    }
    mpi_post(send, ACT_RTS);
}

void mpi_grant_rendezvous(struct mpi_request *receive, struct peer *peer, const struct message_header *rts) {
    receive->peer = peer;
    receive->source = rts->source;
    receive->tag = rts->tag;
    receive->remote_request = rts->request;
    receive->transfer_bytes = rts->length;
    if (rts->length > receive->bytes) {
        receive->transfer_bytes = receive->bytes;
        receive->error = MPI_ERR_TRUNCATE;
    }
    receive->bytes = receive->transfer_bytes;
    make_reachable(receive, receive->transfer_bytes);
    receive->remote_va = (uintptr_t) (receive->bounce != NULL ? receive->bounce : receive->data);
    receive->remote_key = receive->region == NULL ? 0 : receive->region->mr->rkey;
    mpi_post(receive, ACT_CTS);
}

void mpi_granted(struct peer *peer, const struct message_header *cts, const uint8_t *payload) {
    struct mpi_request *send = mpi_request_named(cts->request);
    if (send == NULL || send->is_receive || send->peer != peer) {
        mpi_fatal("rank %d grants request %u, which it was not asked for", mpi_peer_rank(peer), cts->request);
    }
    uint64_t bytes;
    memcpy(&bytes, payload, sizeof bytes);
    send->transfer_bytes = bytes;
    send->remote_request = (uint32_t) cts->tag;
    send->remote_key = cts->context;
    send->remote_va = cts->length;
    mpi_post(send, bytes == 0 ? ACT_FIN : ACT_DATA);
}

void mpi_rendezvous_received(uint32_t request_index) {
    struct mpi_request *receive = mpi_request_named(request_index);
    if (receive == NULL || !receive->is_receive || receive->done) {
        mpi_fatal("data for request %u, which waits for none", request_index);
    }
    if (receive->bounce != NULL) {
        memcpy(receive->data, receive->bounce, receive->bytes);
    }
    release(receive);
    receive->done = 1;
}

void mpi_rendezvous_sent(struct mpi_request *send) {
    release(send);
    send->done = 1;
}
