// SPDX-License-Identifier: Apache-2.0
// The few facts this kernel takes from the flattened device tree.

#ifndef CALVIN_SMODE_FDT_H
#define CALVIN_SMODE_FDT_H

#include <stdint.h>

struct fdt_facts {
    int present;                 // a tree with a sane header was given
    uint32_t timebase_hz;        // /cpus/timebase-frequency, 0 if missing
    int cpus;                    // nodes named cpu@...
};

struct fdt_facts fdt_read(uint64_t tree_pa);

#endif
