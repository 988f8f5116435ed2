// SPDX-License-Identifier: Apache-2.0
// Calls to the firmware: a7 extension, a6 function, results in a0 (error) and a1 (value).

#include "sbi.h"

#include "csr.h"

enum { TEST_DEVICE = 0x100000, TEST_PASS = 0x5555, TEST_FAIL = 0x3333 };

struct sbi_result sbi_call(uint64_t extension, uint64_t function, uint64_t a0, uint64_t a1, uint64_t a2, uint64_t a3) {
    register uint64_t r0 __asm__("a0") = a0;
    register uint64_t r1 __asm__("a1") = a1;
    register uint64_t r2 __asm__("a2") = a2;
    register uint64_t r3 __asm__("a3") = a3;
    register uint64_t r6 __asm__("a6") = function;
    register uint64_t r7 __asm__("a7") = extension;
    __asm__ volatile("ecall" : "+r"(r0), "+r"(r1) : "r"(r2), "r"(r3), "r"(r6), "r"(r7) : "memory");
    return (struct sbi_result) {(int64_t) r0, r1};
}

int sbi_has(uint64_t extension) {
    struct sbi_result result = sbi_call(SBI_BASE, 3, extension, 0, 0, 0);
    return result.error == 0 && result.value != 0;
}

struct sbi_result sbi_set_timer(uint64_t deadline) {
    return sbi_call(SBI_TIME, 0, deadline, 0, 0, 0);
}

struct sbi_result sbi_hart_start(uint64_t hart, uint64_t start_pa, uint64_t opaque) {
    return sbi_call(SBI_HSM, 0, hart, start_pa, opaque, 0);
}

struct sbi_result sbi_hart_stop(void) {
    return sbi_call(SBI_HSM, 1, 0, 0, 0, 0);
}

struct sbi_result sbi_hart_status(uint64_t hart) {
    return sbi_call(SBI_HSM, 2, hart, 0, 0, 0);
}

struct sbi_result sbi_send_ipi(uint64_t hart) {
    return sbi_call(SBI_IPI, 0, 1, hart, 0, 0);
}

struct sbi_result sbi_remote_sfence(uint64_t hart, uint64_t va, uint64_t size) {
    return sbi_call(SBI_RFENCE, 1, 1, hart, va, size);
}

void system_end(int success) {
    // Shutdown (type 0), reason 0 "none" or 1 "system failure".
    sbi_call(SBI_RESET, 0, 0, success ? 0 : 1, 0, 0);
    *(volatile uint32_t *) TEST_DEVICE = success ? TEST_PASS : TEST_FAIL | 1 << 16;
    for (;;) {
        wait_for_interrupt();
    }
}
