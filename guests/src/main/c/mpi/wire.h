// SPDX-License-Identifier: Apache-2.0
// What ranks say to each other: every SEND begins with this header, in the memory layout all ranks share.
//
//   EAGER    header, payload                       the message itself
//   RTS      header                                "I have `length` bytes for you, they are my request `request`"
//   CTS      header, 8 bytes: how many to write    to the sender's `request`: "write to va `length` with rkey
//                                                  `context`, then tell my request `tag`"
//   (data)   RDMA WRITE WITH IMM, imm = receiver's request: no header; ends a rendezvous
//   FIN      header                                ends a rendezvous of zero bytes
//   CREDIT   header                                only its `credits`
//   HELLO    header                                first on every connection: its `credits` open it
//   CONNECT  header                                rank `source` has made its end of a connection to rank `tag`;
//                                                  passed on

#ifndef CALVIN_MPI_WIRE_H
#define CALVIN_MPI_WIRE_H

#include <stdint.h>

enum message_kind {
    MESSAGE_EAGER = 1, MESSAGE_RTS, MESSAGE_CTS, MESSAGE_FIN, MESSAGE_CREDIT, MESSAGE_HELLO, MESSAGE_CONNECT
};

struct message_header {
    uint8_t kind;
    uint8_t reserved;
    uint16_t credits;                // receive slots freed since the last message this way
    int32_t source;                  // sender's rank in the communicator
    int32_t tag;
    uint32_t context;                // the communicator's; the next odd number for its collectives
    uint64_t length;                 // of the payload
    uint32_t sequence;               // of messages with a header on this connection, from 0
    uint32_t request;
};

_Static_assert(sizeof(struct message_header) == 32, "message header");

enum {
    HEADER_BYTES = 32,
    INLINE_PAYLOAD_BYTES = 160,      // the card's 192 less the header
    EAGER_BYTES = 8192,              // above: rendezvous
    SLOT_BYTES = HEADER_BYTES + EAGER_BYTES + 32
};

#endif
