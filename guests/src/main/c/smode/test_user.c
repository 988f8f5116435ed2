// SPDX-License-Identifier: Apache-2.0
// U mode: system calls and back, what a user program may not do.

#include "csr.h"
#include "paging.h"
#include "sbi.h"
#include "test.h"

static uint64_t code_page[512] __attribute__((aligned(4096)));
static uint64_t data_page[512] __attribute__((aligned(4096)));

enum { CODE_SLOT = 8, DATA_SLOT = 9 };

static void load_user_code(void) {
    volatile char *to = (volatile char *) code_page;
    for (uint64_t i = 0; i < (uint64_t) (user_code_end - user_add); i++) {
        to[i] = user_add[i];
    }
    fence_instructions();
    window_map(CODE_SLOT, (uint64_t) code_page, PTE_V | PTE_R | PTE_X | PTE_U | PTE_A);
    window_map(DATA_SLOT, (uint64_t) data_page, PTE_V | PTE_R | PTE_W | PTE_U | PTE_A | PTE_D);
}

static uint64_t run_user(const char *program, uint64_t argument) {
    this_hart()->last_cause = NO_TRAP;
    return enter_user(window_va(CODE_SLOT) + (uint64_t) (program - user_add), window_va(DATA_SLOT) + PAGE_BYTES,
        argument);
}

static enum verdict system_calls(void) {
    load_user_code();
    this_hart()->system_calls = 0;
    EXPECT_EQUAL(run_user(user_add, 100), 500);
    EXPECT_EQUAL(this_hart()->system_calls, 101);
    return PASSED;
}

static enum verdict user_memory(void) {
    load_user_code();
    ((volatile uint64_t *) data_page)[4] = 4711;
    EXPECT_EQUAL(run_user(user_load, window_va(DATA_SLOT) + 32), 4711);
    uint64_t kernel_va = (uint64_t) &timebase_hz;
    EXPECT_EQUAL(run_user(user_load, kernel_va), USER_TRAPPED);
    EXPECT_EQUAL(this_hart()->last_cause, CAUSE_LOAD_PAGE);
    EXPECT_EQUAL(this_hart()->last_value, kernel_va);
    return PASSED;
}

static enum verdict user_fetch(void) {
    load_user_code();
    EXPECT_EQUAL(enter_user((uint64_t) code_return_seven & -4096ul, 0, 0), USER_TRAPPED);
    EXPECT_EQUAL(this_hart()->last_cause, CAUSE_FETCH_PAGE);
    return PASSED;
}

static enum verdict user_privilege(void) {
    load_user_code();
    EXPECT_EQUAL(run_user(user_privileged, 0), USER_TRAPPED);
    EXPECT_EQUAL(this_hart()->last_cause, CAUSE_ILLEGAL);
    return PASSED;
}

// A user loop that only a timer interrupt can end.
static enum verdict user_preempted(void) {
    struct hart *hart = this_hart();
    load_user_code();
    ((volatile uint64_t *) data_page)[0] = 0;
    hart->timer_interrupts = 0;
    hart->timer_interrupts_in_user = 0;
    hart->timer_period = 0;
    hart->wake_word = data_page;
    csr_set(sie, 1 << INTERRUPT_TIMER);
    sbi_set_timer(time_now() + timebase_hz / 2000);
    // The handler stores to the kernel's own mapping of the page.
    uint64_t seen = run_user(user_spin, window_va(DATA_SLOT));
    csr_clear(sie, 1 << INTERRUPT_TIMER);
    hart->wake_word = 0;
    EXPECT_EQUAL(seen, 1);
    EXPECT_EQUAL(hart->timer_interrupts_in_user, 1);
    return PASSED;
}

const struct test user_tests[] = {
    {"user mode: 101 system calls", system_calls},
    {"user mode: own memory yes, kernel memory no", user_memory},
    {"user mode: kernel code is not executable", user_fetch},
    {"user mode: supervisor register is illegal", user_privilege},
    {"user mode: interrupted by the timer", user_preempted},
    {0, 0}
};
