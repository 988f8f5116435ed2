// SPDX-License-Identifier: Apache-2.0
// The state of the library in one process, and what its files offer each other.
//
// Progress: whoever waits calls mpi_progress, which handles one completion of the card and never waits itself. There
// are no threads and no interrupts. Resources a message may lack (a connection, a credit, room in the send ring, a send
// buffer) put its request on its peer's pending list, in order; completions and incoming credits take it from there.
//
// Credits: a connection has `depth` receive slots at each end. A sender may use depth - 2 of them; the other two are
// for CREDIT messages, of which at most two can be under way, because one is sent per (depth - 2) / 2 slots freed. So
// the card never finds the receive queue empty (no RNR).

#ifndef CALVIN_MPI_ENGINE_H
#define CALVIN_MPI_ENGINE_H

#include "mpi.h"
#include "ring.h"
#include "wire.h"

#include <stdint.h>

#define likely(condition) __builtin_expect(!!(condition), 1)
#define unlikely(condition) __builtin_expect(!!(condition), 0)

enum {
    START_POLL_US = 20, RESERVED_SLOTS = 2, SEND_BUFFERS = 64, COMM_LIMIT = 64, REQUESTS_PER_BLOCK = 64,
    REQUEST_BLOCKS = 1024
};

// What a request sends when its turn comes.
enum action { ACT_NONE, ACT_EAGER, ACT_RTS, ACT_CTS, ACT_DATA, ACT_FIN, ACT_CONNECT };

struct region {                      // a piece of memory registered with the card
    struct region *next;
    uintptr_t start_va, end_va;
    struct ibv_mr *mr;
    uint32_t users;                  // requests that rely on it now
};

struct send_buffer {
    struct send_buffer *next;
    uint8_t *bytes;
};

struct mpi_request {
    struct mpi_request *next;        // in the posted, a pending or the free list
    struct peer *peer;
    uint8_t done;
    uint8_t is_receive;
    uint8_t action;
    int32_t error;
    uint32_t index;                  // its name on the wire
    uint32_t context;
    int32_t source;                  // receive: wanted, then actual; send: own rank
    int32_t tag;
    uint8_t *data;
    size_t bytes;                    // send: length; receive: capacity, then received
    struct communicator *comm;
    // rendezvous only
    struct region *region;
    void *bounce;                    // stands in for memory the card cannot reach
    size_t transfer_bytes;
    uint64_t remote_va;
    uint32_t remote_key;
    uint32_t remote_request;
};

struct sent {                        // what to finish when the card has sent the entry
    struct send_buffer *buffer;
    struct mpi_request *request;
};

struct peer {                        // another rank of MPI_COMM_WORLD
    struct ibv_qp *qp;               // NULL: not connected
    uint32_t credits;                // messages we may send
    uint32_t owed;                   // slots freed and not yet told
    uint32_t send_sequence;
    uint32_t receive_sequence;
    struct mpi_request *pending_head, *pending_tail;
    uint8_t *slots;                  // depth * SLOT_BYTES
    struct ibv_mr *slots_mr;
    struct sent *sent;               // by send ring index
    uint32_t last_signalled;         // producer index after the last entry that will give a completion
    uint8_t hello_sent, hello_seen;
    uint32_t ipv4;
};

struct unexpected {                  // a message no receive was posted for
    struct unexpected *next;
    struct peer *peer;
    struct message_header header;
    uint8_t payload[];               // of EAGER
};

struct communicator {
    MPI_Comm handle;
    uint32_t context;
    int rank, size;
    int *world;                      // rank in MPI_COMM_WORLD of each member
    MPI_Errhandler handler;
};

struct engine {
    struct ibv_cq *cq;               // NULL: no card (a job of one)
    struct peer *peers;              // by rank in MPI_COMM_WORLD
    struct mpi_request *posted_head, **posted_tail;
    struct unexpected *unexpected_head, **unexpected_tail;
    struct mpi_request *free_requests;
    struct send_buffer *free_buffers;
    uint32_t signal_mask;            // a send entry asks for a completion if its index has all these bits
    uint32_t credit_threshold;       // owed credits that are worth a message
    int rank, size;
    uint8_t initialized, starting, finalizing, finalized, starved;
    struct communicator *comms[COMM_LIMIT];
    struct ibv_context *context;
    struct ibv_pd *pd;
    struct region *regions;
    int region_count;
    uint32_t depth;                  // receive slots per connection
    uint32_t first_qpn;
    uint32_t next_context;
    int full_connect;                // jobs up to this size connect all pairs at the start
    uint32_t timeout_code;
    uint64_t timebase_hz;
    struct mpi_request *blocks[REQUEST_BLOCKS];
    int block_count;
    struct send_buffer *buffers;
    struct ibv_mr *buffers_mr;
};

extern struct engine mpi_engine;

// error.c
int mpi_fail(struct communicator *comm, int code, const char *function);
_Noreturn void mpi_fatal(const char *format, ...) __attribute__((format(printf, 1, 2)));

// request.c
void mpi_more_requests(void);
int mpi_wait(struct mpi_request *request, MPI_Status *status);

static inline struct mpi_request *mpi_new_request(void) {
    if (unlikely(mpi_engine.free_requests == NULL)) {
        mpi_more_requests();
    }
    struct mpi_request *request = mpi_engine.free_requests;
    mpi_engine.free_requests = request->next;
    request->next = NULL;
    request->done = 0;
    request->error = MPI_SUCCESS;
    request->action = ACT_NONE;
    return request;
}

static inline void mpi_free_request(struct mpi_request *request) {
    request->next = mpi_engine.free_requests;
    mpi_engine.free_requests = request;
}

struct mpi_request *mpi_request_named(uint32_t index);

// progress.c
void mpi_handle(const struct card_completion *entry);
void mpi_idle_slowly(void);

// Handles one completion; 0 if there was none.
static inline int mpi_progress(void) {
    const struct ibv_cq *cq = mpi_engine.cq;
    const struct card_completion *entry = likely(cq != NULL) ? ring_completion(cq) : NULL;
    if (entry == NULL) {
        return 0;
    }
    mpi_handle(entry);
    return 1;
}

// Nothing to do in a waiting loop.
static inline void mpi_idle(void) {
    if (unlikely(mpi_engine.cq == NULL || mpi_engine.starting)) {
        mpi_idle_slowly();
    }
    nic_relax();
}

// transmit.c
void mpi_post(struct mpi_request *request, enum action action);
void mpi_flush_pending(struct peer *peer);
void mpi_flush_all(void);
void mpi_return_credits(struct peer *peer);
void mpi_send_hello(struct peer *peer);

// send.c, receive.c
struct mpi_request *mpi_start_send(struct communicator *comm, uint32_t context, const void *data, size_t bytes,
    int dest, int tag, int synchronous);
struct mpi_request *mpi_start_receive(struct communicator *comm, uint32_t context, void *data, size_t bytes,
    int source, int tag);
void mpi_arrived(struct peer *peer, const struct message_header *header, const uint8_t *payload);
void mpi_deliver_self(struct mpi_request *send);
int mpi_probe(uint32_t context, int source, int tag, MPI_Status *status);

// rendezvous.c
void mpi_start_rendezvous(struct mpi_request *send);
void mpi_grant_rendezvous(struct mpi_request *receive, struct peer *peer, const struct message_header *rts);
void mpi_granted(struct peer *peer, const struct message_header *cts, const uint8_t *payload);
void mpi_rendezvous_received(uint32_t request_index);
void mpi_rendezvous_sent(struct mpi_request *send);

// region.c
struct region *mpi_register(void *data, size_t bytes); // NULL if the card cannot reach it
void mpi_forget_regions(void);

// connect.c
void mpi_connect_job(const char *nodes);
void mpi_connect(struct peer *peer);                   // makes our end and asks the other side to make its own
void mpi_connect_requested(const struct message_header *header);
void mpi_reconnect(struct peer *peer);
int mpi_next_hop(int target);
void mpi_disconnect_all(void);

// comm.c
struct communicator *mpi_new_comm(uint32_t context, int rank, int size, int *world);
void mpi_free_comms(void);

static inline struct communicator *mpi_comm(MPI_Comm comm) {
    return likely((unsigned) comm < COMM_LIMIT) ? mpi_engine.comms[comm] : NULL;
}

static inline size_t mpi_type_size(MPI_Datatype type) {
    return (size_t) type >> 8 & 0xFF;
}

static inline int mpi_peer_rank(const struct peer *peer) {
    return (int) (peer - mpi_engine.peers);
}

// Copies a small or medium block; short ones without the call and alignment work of memcpy.
static inline void mpi_copy(void *to, const void *from, size_t bytes) {
    if (likely(bytes <= 256 && (((uintptr_t) to | (uintptr_t) from) & 7) == 0)) {
        typedef uint64_t __attribute__((may_alias)) word;
        word *target = to;
        const word *origin = from;
        while (bytes >= 8) {
            *target++ = *origin++;
            bytes -= 8;
        }
        uint8_t *target_byte = (uint8_t *) target;
        const uint8_t *origin_byte = (const uint8_t *) origin;
        while (bytes > 0) {
            *target_byte++ = *origin_byte++;
            bytes--;
        }
    } else {
        __builtin_memcpy(to, from, bytes);
    }
}

#endif
