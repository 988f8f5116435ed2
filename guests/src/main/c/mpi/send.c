// SPDX-License-Identifier: Apache-2.0
// Starting sends, and messages to oneself.

#include "transmit.h"

struct mpi_request *mpi_start_send(struct communicator *comm, uint32_t context, const void *data, size_t bytes,
    int dest, int tag, int synchronous) {
    struct mpi_request *request = mpi_new_request();
    request->is_receive = 0;
    request->comm = comm;
    request->context = context;
    request->source = comm->rank;
    request->tag = tag;
    request->data = (uint8_t *) (uintptr_t) data;
    request->bytes = bytes;
    if (dest == MPI_PROC_NULL) {
        request->done = 1;
        return request;
    }
    request->peer = &mpi_engine.peers[comm->world[dest]];
    if (comm->world[dest] == mpi_engine.rank) {
        mpi_deliver_self(request);
    } else if (bytes <= EAGER_BYTES && !synchronous) {
        mpi_post(request, ACT_EAGER);
    } else {
        mpi_start_rendezvous(request);
    }
    return request;
}
