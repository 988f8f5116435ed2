// SPDX-License-Identifier: Apache-2.0
// What the kernel does about a trap: count interrupts, serve U-mode calls, note an expected exception and resume after
// it. An exception nobody expects ends the run as a failure.

#include "console.h"
#include "csr.h"
#include "hart.h"
#include "sbi.h"

static void leave_user_with(struct hart *hart, uint64_t result) {
    hart->user_result = result;
    hart->sepc = (uint64_t) leave_user;
    hart->sstatus = (hart->sstatus | SSTATUS_SPP) & ~(uint64_t) SSTATUS_SPIE;
}

static void handle_interrupt(struct hart *hart, uint64_t number) {
    if (number == INTERRUPT_TIMER) {
        hart->timer_interrupts++;
        hart->timer_interrupts_in_user += (hart->sstatus & SSTATUS_SPP) == 0;
        if (hart->wake_word != 0) {
            *hart->wake_word = hart->timer_interrupts;
        }
        sbi_set_timer(hart->timer_period == 0 ? ~0ul : time_now() + hart->timer_period);
        return;
    }
    if (number == INTERRUPT_SOFTWARE) {
        csr_clear(sip, 1 << INTERRUPT_SOFTWARE);
        hart->software_interrupts++;
        return;
    }
    print("[FAIL] hart %u: interrupt %u was never enabled\n", hart->id, number);
    system_end(0);
}

static void handle_user_call(struct hart *hart) {
    hart->system_calls++;
    hart->sepc += 4;
    if (hart->x[17] == USER_ADD_FIVE) {
        hart->x[10] += 5;
    } else {
        leave_user_with(hart, hart->x[10]);
    }
}

void trap_handle(struct hart *hart) {
    uint64_t cause = csr_read(scause);
    if ((cause & SCAUSE_INTERRUPT) != 0) {
        handle_interrupt(hart, cause & ~SCAUSE_INTERRUPT);
        return;
    }
    int from_user = (hart->sstatus & SSTATUS_SPP) == 0;
    if (from_user && cause == CAUSE_USER_ECALL) {
        handle_user_call(hart);
        return;
    }
    hart->last_cause = cause;
    hart->last_value = csr_read(stval);
    hart->last_pc = hart->sepc;
    if (from_user) {
        leave_user_with(hart, USER_TRAPPED);
    } else if (hart->recover != 0) {
        hart->sepc = hart->recover;
    } else {
        print("[FAIL] hart %u: unexpected trap: scause %x stval %x sepc %x\n", hart->id, cause, hart->last_value,
            hart->sepc);
        system_end(0);
    }
}
