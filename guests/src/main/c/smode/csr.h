// SPDX-License-Identifier: Apache-2.0
// Access to control and status registers, fences and the bits of them the kernel uses.

#ifndef CALVIN_SMODE_CSR_H
#define CALVIN_SMODE_CSR_H

#include <stdint.h>

#define csr_read(name) ({ uint64_t value_; __asm__ volatile("csrr %0, " #name : "=r"(value_) : : "memory"); value_; })
#define csr_write(name, value) __asm__ volatile("csrw " #name ", %0" : : "r"((uint64_t) (value)) : "memory")
#define csr_set(name, bits) __asm__ volatile("csrs " #name ", %0" : : "r"((uint64_t) (bits)) : "memory")
#define csr_clear(name, bits) __asm__ volatile("csrc " #name ", %0" : : "r"((uint64_t) (bits)) : "memory")

enum {
    SSTATUS_SIE = 1 << 1, SSTATUS_SPIE = 1 << 5, SSTATUS_SPP = 1 << 8, SSTATUS_FS = 3 << 13,
    SSTATUS_FS_INITIAL = 1 << 13, SSTATUS_SUM = 1 << 18, SSTATUS_MXR = 1 << 19
};

enum { INTERRUPT_SOFTWARE = 1, INTERRUPT_TIMER = 5 };

#define SCAUSE_INTERRUPT (1ul << 63)

static inline uint64_t time_now(void) {
    return csr_read(time);
}

static inline void fence_all_translations(void) {
    __asm__ volatile("sfence.vma" : : : "memory");
}

static inline void fence_translation(uint64_t va) {
    __asm__ volatile("sfence.vma %0, zero" : : "r"(va) : "memory");
}

static inline void fence_instructions(void) {
    __asm__ volatile("fence.i" : : : "memory");
}

static inline void fence_memory(void) {
    __asm__ volatile("fence rw, rw" : : : "memory");
}

// `pause` (Zihintpause): a hint every hart accepts.
static inline void spin_pause(void) {
    __asm__ volatile(".word 0x0100000F" : : : "memory");
}

static inline void wait_for_interrupt(void) {
    __asm__ volatile("wfi" : : : "memory");
}

#endif
