// SPDX-License-Identifier: Apache-2.0
// The timer of the SBI TIME extension and the `time` register.

#include "csr.h"
#include "sbi.h"
#include "test.h"

enum { TICKS = 5, TICKS_PER_SECOND = 1000 };

static enum verdict time_advances(void) {
    uint64_t before = time_now();
    for (int i = 0; i < 1000; i++) {
        uint64_t now = time_now();
        EXPECT(now >= before, "time went from %x back to %x", before, now);
        before = now;
    }
    uint64_t start = time_now();
    while (time_now() == start) {
    }
    return PASSED;
}

static enum verdict periodic(void) {
    struct hart *hart = this_hart();
    EXPECT(sbi_has(SBI_TIME), "the firmware lacks the TIME extension");
    uint64_t period = timebase_hz / TICKS_PER_SECOND;
    hart->timer_interrupts = 0;
    hart->timer_period = period;
    uint64_t start = time_now();
    EXPECT_EQUAL(sbi_set_timer(start + period).error, 0);
    csr_set(sie, 1 << INTERRUPT_TIMER);
    csr_set(sstatus, SSTATUS_SIE);
    while (hart->timer_interrupts < TICKS && time_now() - start < 20 * timebase_hz) {
    }
    csr_clear(sstatus, SSTATUS_SIE);
    csr_clear(sie, 1 << INTERRUPT_TIMER);
    uint64_t taken = time_now() - start;
    hart->timer_period = 0;
    EXPECT(hart->timer_interrupts >= TICKS, "%u interrupts in %u ticks of time", hart->timer_interrupts, taken);
    EXPECT(taken >= TICKS * period, "%u interrupts already after %u ticks of time", hart->timer_interrupts, taken);
    return PASSED;
}

static enum verdict pending_follows_deadline(void) {
    const uint64_t bit = 1 << INTERRUPT_TIMER;
    sbi_set_timer(~0ul);
    EXPECT_EQUAL(csr_read(sip) & bit, 0);
    sbi_set_timer(0);
    uint64_t start = time_now();
    while ((csr_read(sip) & bit) == 0 && time_now() - start < 20 * timebase_hz) {
    }
    EXPECT_EQUAL(csr_read(sip) & bit, bit);
    sbi_set_timer(~0ul);
    EXPECT_EQUAL(csr_read(sip) & bit, 0);
    return PASSED;
}

// priv, wfi: resumes for an enabled interrupt even when sstatus.SIE masks it, without taking the trap.
static enum verdict wait_masked(void) {
    struct hart *hart = this_hart();
    hart->timer_interrupts = 0;
    csr_set(sie, 1 << INTERRUPT_TIMER);
    uint64_t deadline = time_now() + timebase_hz / 1000;
    sbi_set_timer(deadline);
    while ((csr_read(sip) & 1 << INTERRUPT_TIMER) == 0) {
        wait_for_interrupt();
    }
    uint64_t woken = time_now();
    csr_clear(sie, 1 << INTERRUPT_TIMER);
    sbi_set_timer(~0ul);
    EXPECT(woken >= deadline, "woken %u ticks early", deadline - woken);
    EXPECT_EQUAL(hart->timer_interrupts, 0);
    return PASSED;
}

const struct test timer_tests[] = {
    {"time advances", time_advances},
    {"5 periodic timer interrupts", periodic},
    {"pending bit follows the deadline", pending_follows_deadline},
    {"wfi with interrupts masked", wait_masked},
    {0, 0}
};
