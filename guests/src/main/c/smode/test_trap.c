// SPDX-License-Identifier: Apache-2.0
// Synchronous exceptions taken by the kernel itself.

#include "csr.h"
#include "test.h"

static enum verdict illegal_instruction(void) {
    struct hart *hart = this_hart();
    hart->last_cause = NO_TRAP;
    probe_illegal();
    EXPECT_EQUAL(hart->last_cause, CAUSE_ILLEGAL);
    // priv: stval holds the instruction or zero.
    EXPECT(hart->last_value == 0 || hart->last_value == 0xFFFFFFFF, "stval %x", hart->last_value);
    EXPECT(hart->last_pc > (uint64_t) probe_illegal && hart->last_pc < (uint64_t) probe_machine_csr, "sepc %x",
        hart->last_pc);
    return PASSED;
}

static enum verdict machine_register(void) {
    this_hart()->last_cause = NO_TRAP;
    probe_machine_csr();
    EXPECT_EQUAL(this_hart()->last_cause, CAUSE_ILLEGAL);
    return PASSED;
}

static enum verdict breakpoint(void) {
    struct hart *hart = this_hart();
    hart->last_cause = NO_TRAP;
    probe_breakpoint();
    EXPECT_EQUAL(hart->last_cause, CAUSE_BREAKPOINT);
    EXPECT(hart->last_value == 0 || hart->last_value == hart->last_pc, "stval %x, sepc %x", hart->last_value,
        hart->last_pc);
    return PASSED;
}

static enum verdict float_off_and_on(void) {
    csr_clear(sstatus, SSTATUS_FS);
    this_hart()->last_cause = NO_TRAP;
    probe_float();
    EXPECT_EQUAL(this_hart()->last_cause, CAUSE_ILLEGAL);
    csr_set(sstatus, SSTATUS_FS_INITIAL);
    EXPECT_VALUE(probe_float(), 0x4008000000000000);
    uint64_t status = csr_read(sstatus) & SSTATUS_FS;
    csr_clear(sstatus, SSTATUS_FS);
    EXPECT_EQUAL(status, SSTATUS_FS);
    return PASSED;
}

// The platform may do the access or trap; it may not do it wrongly.
static enum verdict misaligned_access(void) {
    static uint64_t words[3] = {0x0807060504030201, 0x100F0E0D0C0B0A09, 0};
    uint64_t va = (uint64_t) words + 3;
    struct hart *hart = this_hart();
    hart->last_cause = NO_TRAP;
    uint64_t seen = probe_load(va);
    if (hart->last_cause == NO_TRAP) {
        EXPECT_EQUAL(seen, 0x0B0A090807060504);
    } else {
        EXPECT_EQUAL(hart->last_cause, CAUSE_MISALIGNED_LOAD);
        EXPECT_EQUAL(hart->last_value, va);
    }
    hart->last_cause = NO_TRAP;
    probe_store(va, 0x1122334455667788);
    if (hart->last_cause == NO_TRAP) {
        EXPECT_EQUAL(((volatile uint64_t *) words)[0], 0x4455667788030201);
        EXPECT_EQUAL(((volatile uint64_t *) words)[1], 0x100F0E0D0C112233);
    } else {
        EXPECT_EQUAL(hart->last_cause, CAUSE_MISALIGNED_STORE);
        EXPECT_EQUAL(hart->last_value, va);
    }
    return PASSED;
}

const struct test trap_tests[] = {
    {"illegal instruction", illegal_instruction},
    {"machine register is illegal in S mode", machine_register},
    {"breakpoint", breakpoint},
    {"floating point off, then on and dirty", float_off_and_on},
    {"misaligned load and store", misaligned_access},
    {0, 0}
};
