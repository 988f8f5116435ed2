// SPDX-License-Identifier: Apache-2.0
// Two harts: start, atomics, locks, memory order, interrupts between them, remote fences, stop. The second hart runs
// jobs the first gives it.

#include "csr.h"
#include "paging.h"
#include "sbi.h"
#include "test.h"

// Hand-overs are few: on an emulator with less than two processors each may cost a time slice.
enum { HART_NUMBERS = 64, ROUNDS = 5000, HANDOVERS = 200, IPI_ROUNDS = 10, FENCE_ROUNDS = 10 };

static struct hart *const second = &harts[1];
static void (*volatile job)(void);
static volatile int alive;
static uint64_t second_trap_stack[512] __attribute__((aligned(16)));

static int wait_until(int (*condition)(void)) {
    uint64_t start = time_now();
    while (!condition()) {
        spin_pause();
        if (time_now() - start > 20 * timebase_hz) {
            return 0;
        }
    }
    fence_memory();
    return 1;
}

static int is_alive(void) {
    return alive;
}

static int is_idle(void) {
    return job == 0;
}

static void give(void (*work)(void)) {
    fence_memory();
    job = work;
}

void second_main(uint64_t hart_number) {
    this_hart()->id = hart_number;
    this_hart()->trap_stack = (uint64_t) (second_trap_stack + 512);
    paging_enable();
    fence_memory();
    alive = 1;
    for (;;) {
        void (*work)(void) = job;
        if (work != 0) {
            fence_memory();
            work();
            fence_memory();
            job = 0;
        }
        spin_pause();
    }
}

// The lowest-numbered hart that is stopped, or -1.
static int64_t stopped_hart(void) {
    for (uint64_t number = 0; number < HART_NUMBERS; number++) {
        struct sbi_result status = sbi_hart_status(number);
        if (status.error == 0 && status.value == HSM_STOPPED) {
            return (int64_t) number;
        }
    }
    return -1;
}

static enum verdict start(void) {
    EXPECT(sbi_has(SBI_HSM), "the firmware lacks the HSM extension");
    EXPECT_EQUAL(sbi_hart_status(this_hart()->id).value, HSM_STARTED);
    int64_t number = stopped_hart();
    if (number < 0) {
        return SKIPPED;
    }
    EXPECT_EQUAL(sbi_hart_start((uint64_t) number, (uint64_t) second_start, (uint64_t) second).error, 0);
    EXPECT(wait_until(is_alive), "hart %d does not run", (int) number);
    EXPECT_EQUAL(second->id, number);
    EXPECT_EQUAL(sbi_hart_status((uint64_t) number).value, HSM_STARTED);
    // Already started: SBI_ERR_ALREADY_AVAILABLE.
    EXPECT_EQUAL(sbi_hart_start((uint64_t) number, (uint64_t) second_start, 0).error, -6);
    return PASSED;
}

static volatile uint64_t added, swapped, locked_count;
static volatile uint32_t lock;

static void add_rounds(void) {
    for (int i = 0; i < ROUNDS; i++) {
        __atomic_fetch_add(&added, 3, __ATOMIC_RELAXED);
    }
}

static enum verdict amo(void) {
    if (!alive) {
        return SKIPPED;
    }
    added = 0;
    give(add_rounds);
    add_rounds();
    EXPECT(wait_until(is_idle), "the second hart does not finish");
    EXPECT_EQUAL(added, 2 * 3 * ROUNDS);
    return PASSED;
}

static void reserve_rounds(void) {
    for (int i = 0; i < ROUNDS; i++) {
        uint64_t seen, failed;
        do {
            __asm__ volatile("lr.d %0, (%2)\n\taddi %0, %0, 5\n\tsc.d %1, %0, (%2)"
                : "=&r"(seen), "=&r"(failed) : "r"(&swapped) : "memory");
        } while (failed != 0);
    }
}

static enum verdict reserve(void) {
    if (!alive) {
        return SKIPPED;
    }
    swapped = 0;
    give(reserve_rounds);
    reserve_rounds();
    EXPECT(wait_until(is_idle), "the second hart does not finish");
    EXPECT_EQUAL(swapped, 2 * 5 * ROUNDS);
    return PASSED;
}

static void lock_rounds(void) {
    for (int i = 0; i < ROUNDS; i++) {
        while (__atomic_exchange_n(&lock, 1, __ATOMIC_ACQUIRE) != 0) {
            spin_pause();
        }
        locked_count = locked_count + 1;
        __atomic_store_n(&lock, 0, __ATOMIC_RELEASE);
    }
}

static enum verdict spinlock(void) {
    if (!alive) {
        return SKIPPED;
    }
    locked_count = 0;
    give(lock_rounds);
    lock_rounds();
    EXPECT(wait_until(is_idle), "the second hart does not finish");
    EXPECT_EQUAL(locked_count, 2 * ROUNDS);
    return PASSED;
}

static volatile uint64_t message, flag, stale;

static void receive_messages(void) {
    for (uint64_t i = 1; i <= HANDOVERS; i++) {
        while (flag != i) {
            spin_pause();
        }
        __asm__ volatile("fence r, r" : : : "memory");
        stale += message != i * 7;
        fence_memory();
        flag = 0;
    }
}

static enum verdict message_order(void) {
    if (!alive) {
        return SKIPPED;
    }
    stale = 0;
    flag = 0;
    give(receive_messages);
    for (uint64_t i = 1; i <= HANDOVERS; i++) {
        message = i * 7;
        __asm__ volatile("fence w, w" : : : "memory");
        flag = i;
        while (flag != 0) {
            spin_pause();
        }
    }
    EXPECT(wait_until(is_idle), "the second hart does not finish");
    EXPECT_EQUAL(stale, 0);
    return PASSED;
}

static void enable_ipi(int on) {
    if (on) {
        csr_set(sie, 1 << INTERRUPT_SOFTWARE);
        csr_set(sstatus, SSTATUS_SIE);
    } else {
        csr_clear(sstatus, SSTATUS_SIE);
        csr_clear(sie, 1 << INTERRUPT_SOFTWARE);
    }
}

static volatile int listening;

static void answer_ipis(void) {
    struct hart *hart = this_hart();
    hart->software_interrupts = 0;
    enable_ipi(1);
    listening = 1;
    for (uint64_t i = 1; i <= IPI_ROUNDS; i++) {
        while (hart->software_interrupts < i) {
            spin_pause();
        }
        sbi_send_ipi(harts[0].id);
    }
    enable_ipi(0);
}

static uint64_t wanted_interrupts;

static int is_answered(void) {
    return harts[0].software_interrupts >= wanted_interrupts;
}

static int is_listening(void) {
    return listening;
}

static enum verdict ipi(void) {
    if (!alive) {
        return SKIPPED;
    }
    EXPECT(sbi_has(SBI_IPI), "the firmware lacks the IPI extension");
    struct hart *hart = this_hart();
    hart->software_interrupts = 0;
    listening = 0;
    give(answer_ipis);
    EXPECT(wait_until(is_listening), "the second hart does not listen");
    enable_ipi(1);
    for (wanted_interrupts = 1; wanted_interrupts <= IPI_ROUNDS; wanted_interrupts++) {
        EXPECT_EQUAL(sbi_send_ipi(second->id).error, 0);
        EXPECT(wait_until(is_answered), "no answer to interrupt %u", wanted_interrupts);
    }
    enable_ipi(0);
    EXPECT(wait_until(is_idle), "the second hart does not finish");
    EXPECT_EQUAL(second->software_interrupts, IPI_ROUNDS);
    return PASSED;
}

static uint64_t shared_pages[2][512] __attribute__((aligned(4096)));
static volatile uint64_t seen_by_second;

enum { SHARED_SLOT = 20, SHARED = PTE_V | PTE_R | PTE_W | PTE_A | PTE_D };

static void look(void) {
    this_hart()->last_cause = NO_TRAP;
    seen_by_second = probe_load(window_va(SHARED_SLOT));
}

static enum verdict remote_fence(void) {
    if (!alive) {
        return SKIPPED;
    }
    EXPECT(sbi_has(SBI_RFENCE), "the firmware lacks the RFENCE extension");
    ((volatile uint64_t *) shared_pages[0])[0] = 100;
    ((volatile uint64_t *) shared_pages[1])[0] = 101;
    for (uint64_t round = 0; round < FENCE_ROUNDS; round++) {
        window_map_unfenced(SHARED_SLOT, (uint64_t) shared_pages[round & 1], SHARED);
        EXPECT_EQUAL(sbi_remote_sfence(second->id, window_va(SHARED_SLOT), PAGE_BYTES).error, 0);
        give(look);
        EXPECT(wait_until(is_idle), "the second hart does not finish");
        EXPECT_EQUAL(seen_by_second, 100 + (round & 1));
    }
    window_map_unfenced(SHARED_SLOT, 0, 0);
    EXPECT_EQUAL(sbi_remote_sfence(second->id, window_va(SHARED_SLOT), PAGE_BYTES).error, 0);
    give(look);
    EXPECT(wait_until(is_idle), "the second hart does not finish");
    EXPECT_EQUAL(second->last_cause, CAUSE_LOAD_PAGE);
    return PASSED;
}

static void stop_self(void) {
    sbi_hart_stop();
}

static int is_stopped(void) {
    return sbi_hart_status(second->id).value == HSM_STOPPED;
}

static enum verdict stop_and_start_again(void) {
    if (!alive) {
        return SKIPPED;
    }
    alive = 0;
    give(stop_self);
    EXPECT(wait_until(is_stopped), "hart %u does not stop", second->id);
    job = 0;
    EXPECT_EQUAL(sbi_hart_start(second->id, (uint64_t) second_start, (uint64_t) second).error, 0);
    EXPECT(wait_until(is_alive), "hart %u does not run again", second->id);
    return PASSED;
}

const struct test smp_tests[] = {
    {"second hart starts", start},
    {"two harts: atomic add", amo},
    {"two harts: load-reserved and store-conditional", reserve},
    {"two harts: spinlock", spinlock},
    {"two harts: messages in order", message_order},
    {"two harts: interrupts both ways", ipi},
    {"two harts: remote fence", remote_fence},
    {"two harts: stop and start again", stop_and_start_again},
    {0, 0}
};
