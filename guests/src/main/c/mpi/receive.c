// SPDX-License-Identifier: Apache-2.0
// Matching: receives posted before their message, messages that came before their receive. Both lists are in order,
// which with the order of each connection gives MPI's order of messages per source and communicator.

#include "engine.h"

#include <stdlib.h>

static inline int matches(const struct mpi_request *receive, const struct message_header *header) {
    return receive->context == header->context
        && (receive->source == header->source || receive->source == MPI_ANY_SOURCE)
        && (receive->tag == header->tag || receive->tag == MPI_ANY_TAG);
}

static inline struct mpi_request *take_posted(const struct message_header *header) {
    struct mpi_request **link = &mpi_engine.posted_head;
    for (struct mpi_request *receive = *link; receive != NULL; link = &receive->next, receive = *link) {
        if (matches(receive, header)) {
            *link = receive->next;
            if (receive->next == NULL) {
                mpi_engine.posted_tail = link;
            }
            return receive;
        }
    }
    return NULL;
}

static inline void complete_eager(struct mpi_request *receive, const struct message_header *header,
    const uint8_t *payload) {
    size_t bytes = header->length;
    receive->source = header->source;
    receive->tag = header->tag;
    if (unlikely(bytes > receive->bytes)) {
        bytes = receive->bytes;
        receive->error = MPI_ERR_TRUNCATE;
    }
    mpi_copy(receive->data, payload, bytes);
    receive->bytes = bytes;
    receive->done = 1;
}

static void keep(struct peer *peer, const struct message_header *header, const uint8_t *payload) {
    size_t bytes = header->kind == MESSAGE_EAGER ? header->length : 0;
    struct unexpected *message = malloc(sizeof *message + bytes);
    if (message == NULL) {
        mpi_fatal("no memory for an unexpected message of %zu bytes", bytes);
    }
    message->next = NULL;
    message->peer = peer;
    message->header = *header;
    mpi_copy(message->payload, payload, bytes);
    *mpi_engine.unexpected_tail = message;
    mpi_engine.unexpected_tail = &message->next;
}

void mpi_arrived(struct peer *peer, const struct message_header *header, const uint8_t *payload) {
    struct mpi_request *receive = take_posted(header);
    if (unlikely(receive == NULL)) {
        keep(peer, header, payload);
    } else if (likely(header->kind == MESSAGE_EAGER)) {
        complete_eager(receive, header, payload);
    } else {
        mpi_grant_rendezvous(receive, peer, header);
    }
}

void mpi_deliver_self(struct mpi_request *send) {
    struct message_header header = {
        .kind = MESSAGE_EAGER, .source = send->source, .tag = send->tag, .context = send->context, .length = send->bytes
    };
    mpi_arrived(send->peer, &header, send->data);
    send->done = 1;
}

static struct unexpected **find_unexpected(const struct mpi_request *receive) {
    struct unexpected **link = &mpi_engine.unexpected_head;
    while (*link != NULL && !matches(receive, &(*link)->header)) {
        link = &(*link)->next;
    }
    return link;
}

static int take_unexpected(struct mpi_request *receive) {
    struct unexpected **link = find_unexpected(receive);
    struct unexpected *message = *link;
    if (message == NULL) {
        return 0;
    }
    *link = message->next;
    if (message->next == NULL) {
        mpi_engine.unexpected_tail = link;
    }
    if (message->header.kind == MESSAGE_EAGER) {
        complete_eager(receive, &message->header, message->payload);
    } else {
        mpi_grant_rendezvous(receive, message->peer, &message->header);
    }
    free(message);
    return 1;
}

struct mpi_request *mpi_start_receive(struct communicator *comm, uint32_t context, void *data, size_t bytes,
    int source, int tag) {
    struct mpi_request *request = mpi_new_request();
    request->is_receive = 1;
    request->comm = comm;
    request->context = context;
    request->source = source;
    request->tag = tag;
    request->data = data;
    request->bytes = bytes;
    if (unlikely(source == MPI_PROC_NULL)) {
        request->tag = MPI_ANY_TAG;
        request->bytes = 0;
        request->done = 1;
        return request;
    }
    if (unlikely(mpi_engine.unexpected_head != NULL) && take_unexpected(request)) {
        return request;
    }
    *mpi_engine.posted_tail = request;
    mpi_engine.posted_tail = &request->next;
    return request;
}

int mpi_probe(uint32_t context, int source, int tag, MPI_Status *status) {
    struct mpi_request wanted = {.context = context, .source = source, .tag = tag};
    const struct unexpected *message = *find_unexpected(&wanted);
    if (message == NULL) {
        return 0;
    }
    if (status != MPI_STATUS_IGNORE) {
        status->MPI_SOURCE = message->header.source;
        status->MPI_TAG = message->header.tag;
        status->received_bytes = message->header.length;
    }
    return 1;
}
