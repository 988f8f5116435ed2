// SPDX-License-Identifier: Apache-2.0
// Connections between ranks (docs/adr/0005): numbers and addresses are known from the environment, nothing is exchanged
// before the first message.
//
// Small jobs connect every pair at the start. Larger ones connect each rank r with r +- 2^k modulo the size, which
// serves the collectives, and other pairs when they first talk: a rank makes its end, and a CONNECT message, passed on
// along those first connections, asks the other rank to make its own. Whoever knows that both ends exist says HELLO
// over the new connection; a rank sends nothing else before it has the other's HELLO, whose credits allow it.
//
// At the start nobody knows when the other's end exists: a HELLO that comes too early is lost and sent again by the
// card, and if the card gives up, by mpi_reconnect.

#include "transmit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { START_DELAY_US = 250 };

static void set_gid(union ibv_gid *gid, uint32_t ipv4) {
    memset(gid, 0, sizeof *gid);
    gid->raw[10] = gid->raw[11] = 0xFF;
    for (int i = 0; i < 4; i++) {
        gid->raw[12 + i] = (uint8_t) (ipv4 >> (24 - 8 * i));
    }
}

static void must(int error, const struct peer *peer, const char *what) {
    if (error != 0) {
        mpi_fatal("cannot %s for rank %d: %s", what, mpi_peer_rank(peer), strerror(error));
    }
}

static void post_slots(struct peer *peer) {
    for (uint32_t slot = 0; slot < mpi_engine.depth; slot++) {
        struct ibv_sge segment = {(uintptr_t) (peer->slots + (size_t) slot * SLOT_BYTES), SLOT_BYTES,
            peer->slots_mr->lkey};
        struct ibv_recv_wr work = {.wr_id = mpi_work_id(peer, slot), .sg_list = &segment, .num_sge = 1};
        struct ibv_recv_wr *bad;
        must(ibv_post_recv(peer->qp, &work, &bad), peer, "post receives");
    }
}

// A queue pair ready to send; `received` messages of the peer were received before by an earlier one.
static void make_end(struct peer *peer, uint32_t received) {
    struct engine *engine = &mpi_engine;
    const int rank = mpi_peer_rank(peer);
    struct ibv_qp_init_attr init = {
        .send_cq = engine->cq, .recv_cq = engine->cq, .qp_type = IBV_QPT_RC,
        .cap = {2 * engine->depth, engine->depth, 1, 1, CARD_MAX_INLINE}
    };
    peer->qp = calvin_create_qp(engine->pd, &init, engine->first_qpn + (uint32_t) rank);
    must(peer->qp == NULL ? errno : 0, peer, "create the queue pair");
    struct ibv_qp_attr attr = {.qp_state = IBV_QPS_INIT, .port_num = 1, .qp_access_flags = IBV_ACCESS_REMOTE_WRITE};
    must(ibv_modify_qp(peer->qp, &attr, IBV_QP_STATE | IBV_QP_PKEY_INDEX | IBV_QP_PORT | IBV_QP_ACCESS_FLAGS), peer,
        "initialise the queue pair");
    post_slots(peer);
    attr = (struct ibv_qp_attr) {
        .qp_state = IBV_QPS_RTR, .path_mtu = IBV_MTU_4096, .dest_qp_num = engine->first_qpn + (uint32_t) engine->rank,
        .rq_psn = received, .min_rnr_timer = 12, .ah_attr = {.is_global = 1, .port_num = 1}
    };
    set_gid(&attr.ah_attr.grh.dgid, peer->ipv4);
    must(ibv_modify_qp(peer->qp, &attr, IBV_QP_STATE | IBV_QP_AV | IBV_QP_PATH_MTU | IBV_QP_DEST_QPN | IBV_QP_RQ_PSN
        | IBV_QP_MAX_DEST_RD_ATOMIC | IBV_QP_MIN_RNR_TIMER), peer, "make the queue pair receive");
    attr = (struct ibv_qp_attr) {
        .qp_state = IBV_QPS_RTS, .timeout = (uint8_t) engine->timeout_code, .retry_cnt = 7, .rnr_retry = 7, .sq_psn = 0
    };
    must(ibv_modify_qp(peer->qp, &attr, IBV_QP_STATE | IBV_QP_TIMEOUT | IBV_QP_RETRY_CNT | IBV_QP_RNR_RETRY
        | IBV_QP_SQ_PSN | IBV_QP_MAX_QP_RD_ATOMIC), peer, "make the queue pair send");
}

static void make_first_end(struct peer *peer) {
    size_t bytes = (size_t) mpi_engine.depth * SLOT_BYTES;
    peer->slots = nic_allocate(bytes);
    peer->sent = calloc(2 * mpi_engine.depth, sizeof *peer->sent);
    must(peer->slots == NULL || peer->sent == NULL ? ENOMEM : 0, peer, "allocate buffers");
    peer->slots_mr = ibv_reg_mr(mpi_engine.pd, peer->slots, bytes, IBV_ACCESS_LOCAL_WRITE);
    must(peer->slots_mr == NULL ? errno : 0, peer, "register buffers");
    make_end(peer, 0);
}

void mpi_reconnect(struct peer *peer) {
    must(ibv_destroy_qp(peer->qp), peer, "destroy the queue pair");
    peer->send_sequence = 0;
    peer->last_signalled = 0;
    make_end(peer, peer->receive_sequence);
    mpi_send_hello(peer);
}

// The neighbour on the way to the target: the largest power of two that does not lead past it.
int mpi_next_hop(int target) {
    int distance = target - mpi_engine.rank;
    distance += distance < 0 ? mpi_engine.size : 0;
    int step = 1;
    while (2 * step <= distance) {
        step *= 2;
    }
    return (mpi_engine.rank + step) % mpi_engine.size;
}

static int is_neighbour(int rank) {
    int distance = rank - mpi_engine.rank;
    distance += distance < 0 ? mpi_engine.size : 0;
    int back = mpi_engine.size - distance;
    return (distance & (distance - 1)) == 0 || (back & (back - 1)) == 0;
}

static void pass_on(int source, int target) {
    struct mpi_request *request = mpi_new_request();
    request->is_receive = 0;
    request->source = source;
    request->tag = target;
    request->peer = &mpi_engine.peers[mpi_next_hop(target)];
    mpi_post(request, ACT_CONNECT);
}

void mpi_connect(struct peer *peer) {
    make_first_end(peer);
    pass_on(mpi_engine.rank, mpi_peer_rank(peer));
}

void mpi_connect_requested(const struct message_header *header) {
    if (header->tag != mpi_engine.rank) {
        pass_on(header->source, header->tag);
        return;
    }
    if (header->source < 0 || header->source >= mpi_engine.size) {
        mpi_fatal("connection request from rank %d", header->source);
    }
    struct peer *peer = &mpi_engine.peers[header->source];
    if (peer->qp == NULL) {
        make_first_end(peer);
    }
    if (!peer->hello_sent) {
        mpi_send_hello(peer);
    }
}

// "10.0.0.1,10.0.0.2,..." into the peers.
static void read_nodes(const char *nodes) {
    for (int rank = 0; rank < mpi_engine.size; rank++) {
        uint32_t ipv4 = 0;
        for (int i = 0; i < 4; i++) {
            char *end;
            unsigned long octet = strtoul(nodes, &end, 10);
            char wanted = i < 3 ? '.' : rank + 1 < mpi_engine.size ? ',' : 0;
            if (end == nodes || octet > 255 || *end != wanted) {
                mpi_fatal("CALVIN_JOB_NODES does not list %d IPv4 addresses", mpi_engine.size);
            }
            ipv4 = ipv4 << 8 | (uint32_t) octet;
            nodes = end + 1;
        }
        mpi_engine.peers[rank].ipv4 = ipv4;
    }
}

void mpi_connect_job(const char *nodes) {
    struct engine *engine = &mpi_engine;
    read_nodes(nodes);
    for (int rank = 0; rank < engine->size; rank++) {
        if (rank != engine->rank && (engine->size <= engine->full_connect || is_neighbour(rank))) {
            make_first_end(&engine->peers[rank]);
        }
    }
    engine->starting = 1;
    nic_sleep_us(START_DELAY_US);
    for (int rank = 0; rank < engine->size; rank++) {
        struct peer *peer = &engine->peers[rank];
        if (peer->qp != NULL && !peer->hello_sent) {
            mpi_send_hello(peer);
        }
    }
    for (int rank = 0; rank < engine->size; rank++) {
        struct peer *peer = &engine->peers[rank];
        while (peer->qp != NULL && !peer->hello_seen) {
            if (!mpi_progress()) {
                mpi_idle();
            }
        }
    }
}

void mpi_disconnect_all(void) {
    for (int rank = 0; rank < mpi_engine.size; rank++) {
        struct peer *peer = &mpi_engine.peers[rank];
        if (peer->qp != NULL) {
            ibv_destroy_qp(peer->qp);
            ibv_dereg_mr(peer->slots_mr);
            nic_release(peer->slots, (size_t) mpi_engine.depth * SLOT_BYTES);
            free(peer->sent);
        }
    }
}
