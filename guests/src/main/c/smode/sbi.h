// SPDX-License-Identifier: Apache-2.0
// Calls to the firmware (RISC-V Supervisor Binary Interface 1.0: base, TIME, sPI, RFNC, HSM, SRST).

#ifndef CALVIN_SMODE_SBI_H
#define CALVIN_SMODE_SBI_H

#include <stdint.h>

enum sbi_extension {
    SBI_BASE = 0x10, SBI_TIME = 0x54494D45, SBI_IPI = 0x735049, SBI_RFENCE = 0x52464E43, SBI_HSM = 0x48534D,
    SBI_RESET = 0x53525354
};

enum { HSM_STARTED = 0, HSM_STOPPED = 1, HSM_START_PENDING = 2, HSM_STOP_PENDING = 3 };

struct sbi_result {
    int64_t error;               // 0 or negative
    uint64_t value;
};

struct sbi_result sbi_call(uint64_t extension, uint64_t function, uint64_t a0, uint64_t a1, uint64_t a2, uint64_t a3);
int sbi_has(uint64_t extension);
struct sbi_result sbi_set_timer(uint64_t deadline);
struct sbi_result sbi_hart_start(uint64_t hart, uint64_t start_pa, uint64_t opaque);
struct sbi_result sbi_hart_stop(void);
struct sbi_result sbi_hart_status(uint64_t hart);
struct sbi_result sbi_send_ipi(uint64_t hart);
struct sbi_result sbi_remote_sfence(uint64_t hart, uint64_t va, uint64_t size);

// Ends the machine; never returns.
void system_end(int success);

#endif
