// SPDX-License-Identifier: Apache-2.0
// A supervisor-mode kernel that tests the computer it runs on and turns it off. Runs on any machine with the `virt`
// address map and SBI firmware: QEMU, hardware models, a virtual machine with one hart or more.
//
// Output: `[ok] name`, `[skip] name` or `[FAIL] name: what was seen` per test, then `SELFTEST PASSED n/n` or `SELFTEST
// FAILED`.

#include "csr.h"
#include "fdt.h"
#include "paging.h"
#include "sbi.h"
#include "test.h"

enum { DEFAULT_TIMEBASE_HZ = 10000000 };

struct hart harts[HART_LIMIT];
const char *current_test;
uint64_t timebase_hz = DEFAULT_TIMEBASE_HZ;
static uint64_t trap_stack[1024] __attribute__((aligned(16)));

static uint64_t counts[3];

static void run(const struct test *test) {
    for (; test->name != 0; test++) {
        current_test = test->name;
        enum verdict verdict = test->run();
        counts[verdict]++;
        if (verdict == PASSED) {
            print("[ok] %s\n", test->name);
        } else if (verdict == SKIPPED) {
            print("[skip] %s: hart 1 is absent\n", test->name);
        }
    }
}

void kernel_main(uint64_t hart_number, uint64_t tree_pa) {
    struct hart *hart = this_hart();
    hart->id = hart_number;
    hart->trap_stack = (uint64_t) (trap_stack + 1024);
    struct fdt_facts facts = fdt_read(tree_pa);
    if (facts.timebase_hz != 0) {
        timebase_hz = facts.timebase_hz;
    }
    print("Calvin supervisor self-test on hart %u, timebase %u Hz, ", hart_number, timebase_hz);
    if (facts.present) {
        print("device tree with %d cpus\n", facts.cpus);
    } else {
        print("no device tree\n");
    }
    paging_build();
    paging_enable();
    run(trap_tests);
    run(paging_tests);
    run(user_tests);
    run(timer_tests);
    run(smp_tests);
    if (counts[FAILED] == 0) {
        print("SELFTEST PASSED %u/%u", counts[PASSED], counts[PASSED]);
    } else {
        print("SELFTEST FAILED %u of %u", counts[FAILED], counts[PASSED] + counts[FAILED]);
    }
    if (counts[SKIPPED] != 0) {
        print(" (%u skipped)", counts[SKIPPED]);
    }
    print("\n");
    system_end(counts[FAILED] == 0);
}
