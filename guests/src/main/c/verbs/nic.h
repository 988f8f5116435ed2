// SPDX-License-Identifier: Apache-2.0
// The seam between the verbs library and the machine: everything that leaves the program. On RISC-V it is nic.c and the
// instructions below; the library's tests on a development machine link a model of the card instead.

#ifndef CALVIN_NIC_H
#define CALVIN_NIC_H

#include "card_abi.h"

#include <stdint.h>

// The descriptor of the device, or -1 with errno.
int nic_open(const char *path);
void nic_close(int fd);

// Runs a command. Returns 0, or a positive errno value.
int nic_command(int fd, struct calvin_verbs_command *command);

// The owner's page of doorbells, or NULL with errno.
volatile uint64_t *nic_map_doorbells(int fd);

// Zeroed memory the card can reach, page-aligned and physically contiguous; NULL with errno.
void *nic_allocate(size_t bytes);
void nic_release(void *memory, size_t bytes);

// Sleeps so that the computer may idle.
void nic_sleep_us(uint32_t microseconds);

#ifdef CALVIN_FAKE_CARD

void nic_doorbell(volatile uint64_t *doorbells, uint64_t value);
void nic_relax(void);

#define nic_fence_reads() __atomic_thread_fence(__ATOMIC_ACQUIRE)
#define nic_fence_reads_writes() __atomic_thread_fence(__ATOMIC_SEQ_CST)

#else

// Ring entries before the doorbell: memory writes before device output.
static inline void nic_doorbell(volatile uint64_t *doorbells, uint64_t value) {
    __asm__ volatile("fence w, o" : : : "memory");
    doorbells[CARD_UAR_SQ_DOORBELL] = value;
}

// One turn of a polling loop: `pause` (Zihintpause), a hint every RV64 hart accepts.
static inline void nic_relax(void) {
    __asm__ volatile(".word 0x0100000F" : : : "memory");
}

#define nic_fence_reads() __asm__ volatile("fence r, r" : : : "memory")
#define nic_fence_reads_writes() __asm__ volatile("fence rw, w" : : : "memory")

#endif

#endif
