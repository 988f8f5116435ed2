// SPDX-License-Identifier: Apache-2.0
// The NUMA nodes of the computer, from its flattened device tree (Devicetree Specification 0.4, chapter 5).

#ifndef CALVIN_MEMORY_NODES_H
#define CALVIN_MEMORY_NODES_H

#include <stdint.h>

enum { NODE_LIMIT = 8 };

struct node {
    uint64_t base_pa;
    uint64_t bytes;              // 0: there is no such node
};

struct computer {
    uint32_t timebase_hz;
    struct node nodes[NODE_LIMIT]; // by NUMA node, the first memory of each
};

// Fills in what the tree says; `computer` was zero before.
void computer_read(uint64_t tree_pa, struct computer *computer);

#endif
