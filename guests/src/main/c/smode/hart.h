// SPDX-License-Identifier: Apache-2.0
// What the kernel knows of one hart, its trap frame first: the layout trap_entry.S uses.

#ifndef CALVIN_SMODE_HART_H
#define CALVIN_SMODE_HART_H

#include <stddef.h>
#include <stdint.h>

enum { HART_LIMIT = 2 };

// Causes, priv table "scause values after trap".
enum cause {
    CAUSE_MISALIGNED_FETCH = 0, CAUSE_FETCH_ACCESS = 1, CAUSE_ILLEGAL = 2, CAUSE_BREAKPOINT = 3,
    CAUSE_MISALIGNED_LOAD = 4, CAUSE_LOAD_ACCESS = 5, CAUSE_MISALIGNED_STORE = 6, CAUSE_STORE_ACCESS = 7,
    CAUSE_USER_ECALL = 8, CAUSE_FETCH_PAGE = 12, CAUSE_LOAD_PAGE = 13, CAUSE_STORE_PAGE = 15
};

// System calls of the U-mode stubs in trap_entry.S.
enum { USER_EXIT = 0, USER_ADD_FIVE = 1 };

// Result of a U-mode program that trapped instead of exiting.
#define USER_TRAPPED (~0ul)
#define NO_TRAP (~0ul)

struct hart {
    uint64_t x[32];
    uint64_t sepc;
    uint64_t sstatus;
    uint64_t recover;            // where a probe resumes; 0: a trap is unexpected
    uint64_t trap_stack;
    uint64_t saved[14];
    uint64_t user_result;
    uint64_t id;                 // hart number
    uint64_t last_cause;         // of the last exception, or NO_TRAP
    uint64_t last_value;         // its stval
    uint64_t last_pc;            // its sepc
    uint64_t system_calls;
    volatile uint64_t timer_interrupts;
    volatile uint64_t timer_interrupts_in_user;
    volatile uint64_t software_interrupts;
    uint64_t timer_period;       // ticks between interrupts; 0: the handler stops the timer
    volatile uint64_t *wake_word; // if set, the timer handler stores the count of timer interrupts here
};

_Static_assert(offsetof(struct hart, sepc) == 256, "trap_entry.S HART_SEPC");
_Static_assert(offsetof(struct hart, recover) == 272, "trap_entry.S HART_RECOVER");
_Static_assert(offsetof(struct hart, saved) == 288, "trap_entry.S HART_SAVED");
_Static_assert(offsetof(struct hart, user_result) == 400, "trap_entry.S HART_USER_RESULT");

extern struct hart harts[HART_LIMIT];

static inline struct hart *this_hart(void) {
    struct hart *hart;
    __asm__ volatile("mv %0, tp" : "=r"(hart));
    return hart;
}

// trap_entry.S
uint64_t probe_load(uint64_t va);
void probe_store(uint64_t va, uint64_t value);
uint64_t probe_amo(uint64_t va, uint64_t addend);
uint64_t probe_fetch(uint64_t va);
void probe_illegal(void);
uint64_t probe_machine_csr(void);
void probe_breakpoint(void);
uint64_t probe_float(void);
uint64_t enter_user(uint64_t pc, uint64_t sp, uint64_t argument);
void leave_user(void);
extern const char code_return_seven[], user_add[], user_load[], user_privileged[], user_spin[], user_code_end[];

// start.S
void second_start(void);

// trap.c
void trap_handle(struct hart *hart);

#endif
