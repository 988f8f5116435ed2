// SPDX-License-Identifier: Apache-2.0
// The registration cache: pieces of user memory the card may reach, whole pages, most recently used first. A piece is
// given back only to make room. This is right as long as a program's addresses keep their memory; see mpi.h.

#include "engine.h"

#include <stdlib.h>

enum { PAGE_BYTES = 4096, REGION_LIMIT = 64 };

static void forget(struct region **link) {
    struct region *region = *link;
    *link = region->next;
    ibv_dereg_mr(region->mr);
    free(region);
    mpi_engine.region_count--;
}

// Forgets the least recently used region no request relies on.
static void make_room(void) {
    struct region **last = NULL;
    for (struct region **link = &mpi_engine.regions; *link != NULL; link = &(*link)->next) {
        if ((*link)->users == 0) {
            last = link;
        }
    }
    if (last != NULL) {
        forget(last);
    }
}

static struct region *register_range(uintptr_t start_va, uintptr_t end_va) {
    const int access = IBV_ACCESS_LOCAL_WRITE | IBV_ACCESS_REMOTE_WRITE;
    if (mpi_engine.region_count >= REGION_LIMIT) {
        make_room();
    }
    struct ibv_mr *mr = ibv_reg_mr(mpi_engine.pd, (void *) start_va, end_va - start_va, access);
    struct region *region = mr == NULL ? NULL : malloc(sizeof *region);
    if (region == NULL) {
        return NULL;
    }
    *region = (struct region) {mpi_engine.regions, start_va, end_va, mr, 0};
    mpi_engine.regions = region;
    mpi_engine.region_count++;
    return region;
}

struct region *mpi_register(void *data, size_t bytes) {
    uintptr_t start_va = (uintptr_t) data;
    uintptr_t end_va = start_va + bytes;
    for (struct region **link = &mpi_engine.regions; *link != NULL; link = &(*link)->next) {
        struct region *region = *link;
        if (region->start_va <= start_va && end_va <= region->end_va) {
            *link = region->next;
            region->next = mpi_engine.regions;
            mpi_engine.regions = region;
            return region;
        }
    }
    const uintptr_t in_page = PAGE_BYTES - 1;
    struct region *region = register_range(start_va & ~in_page, (end_va + in_page) & ~in_page);
    return region != NULL ? region : register_range(start_va, end_va);
}

void mpi_forget_regions(void) {
    while (mpi_engine.regions != NULL) {
        forget(&mpi_engine.regions);
    }
}
