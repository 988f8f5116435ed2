/* A random cycle through 4 MiB: each load needs the one before it, and most need another page. */
#include "work.h"

#define NODES 65536

struct node {
    struct node *next;
    uint64_t value;
    uint64_t padding[6];
};

static struct node nodes[NODES];
static uint32_t order[NODES];

uint64_t work(uint64_t rounds)
{
    uint64_t seed = 88172645463325252u;
    for (uint32_t i = 0; i < NODES; i++) {
        order[i] = i;
    }
    for (uint32_t i = NODES - 1; i > 0; i--) {
        uint32_t j = (uint32_t)(next_random(&seed) % (i + 1));
        uint32_t taken = order[i];
        order[i] = order[j];
        order[j] = taken;
    }
    for (uint32_t i = 0; i < NODES; i++) {
        nodes[order[i]].next = &nodes[order[(i + 1) % NODES]];
        nodes[order[i]].value = i;
    }
    uint64_t sum = 0;
    struct node *node = nodes;
    for (uint64_t step = 0; step < rounds * NODES; step++) {
        sum = sum * 31 + node->value;
        node = node->next;
    }
    return sum;
}
