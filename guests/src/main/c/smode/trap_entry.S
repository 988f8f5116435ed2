# SPDX-License-Identifier: Apache-2.0
# Trap entry and return, the instructions tests let fault, and the way into U mode and back.
# `sscratch` and (in the kernel) `tp` point to this hart's struct hart; offsets below are those checked in hart.h.

        .equ    HART_X, 0               # x1..x31 at 8 * number
        .equ    HART_SEPC, 256
        .equ    HART_SSTATUS, 264
        .equ    HART_RECOVER, 272
        .equ    HART_TRAP_STACK, 280
        .equ    HART_SAVED, 288         # ra, sp, s0..s11 of the caller of enter_user
        .equ    HART_USER_RESULT, 400

# Stores or loads every register but x4 (tp), which points to where they go.
.macro  EACH_REGISTER instruction
        .irp    n, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27
        \instruction x\n, HART_X + 8 * \n(tp)
        .endr
        .irp    n, 28, 29, 30, 31
        \instruction x\n, HART_X + 8 * \n(tp)
        .endr
.endm

        .section .text
        .balign 4
        .globl  trap_entry
trap_entry:
        csrrw   tp, sscratch, tp
        EACH_REGISTER sd
        csrr    t0, sscratch
        sd      t0, HART_X + 8 * 4(tp)
        csrw    sscratch, tp
        csrr    t0, sepc
        sd      t0, HART_SEPC(tp)
        csrr    t0, sstatus
        sd      t0, HART_SSTATUS(tp)
        ld      sp, HART_TRAP_STACK(tp)
        mv      a0, tp
        call    trap_handle
        ld      t0, HART_SSTATUS(tp)
        csrw    sstatus, t0
        ld      t0, HART_SEPC(tp)
        csrw    sepc, t0
        EACH_REGISTER ld
        ld      tp, HART_X + 8 * 4(tp)
        sret

# Each probe sets where the trap handler resumes and then does one thing that may trap.
.macro  PROBE name
        .globl  \name
\name:
        la      t0, 1f
        sd      t0, HART_RECOVER(tp)
.endm
.macro  PROBE_END
1:      sd      zero, HART_RECOVER(tp)
        ret
.endm

        PROBE probe_load                        # unsigned long probe_load(va)
        ld      a0, 0(a0)
        PROBE_END

        PROBE probe_store                       # void probe_store(va, value)
        sd      a1, 0(a0)
        PROBE_END

        PROBE probe_amo                         # unsigned long probe_amo(va, addend)
        amoadd.d a0, a1, (a0)
        PROBE_END

        PROBE probe_fetch                       # unsigned long probe_fetch(va): calls the function there
        mv      t2, ra
        jalr    ra, 0(a0)
1:      mv      ra, t2
        sd      zero, HART_RECOVER(tp)
        ret

        PROBE probe_illegal
        .word   0xFFFFFFFF
        PROBE_END

        PROBE probe_machine_csr                 # an M-mode register is illegal here
        csrr    a0, mstatus
        PROBE_END

        PROBE probe_breakpoint
        ebreak
        PROBE_END

        PROBE probe_float                       # double probe: 3 as a double, its bits returned
        li      t1, 3
        .option push
        .option arch, +f, +d
        fcvt.d.w fa0, t1
        fmv.x.d a0, fa0
        .option pop
        PROBE_END

# unsigned long enter_user(pc, sp, argument): runs U-mode code until it makes the system call "exit".
        .globl  enter_user
enter_user:
        sd      ra, HART_SAVED(tp)
        sd      sp, HART_SAVED + 8(tp)
        .irp    n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
        sd      s\n, HART_SAVED + 16 + 8 * \n(tp)
        .endr
        csrw    sepc, a0
        li      t0, 0x100                       # SPP = U
        csrc    sstatus, t0
        li      t0, 0x20                        # SPIE: interrupts on in U mode
        csrs    sstatus, t0
        mv      sp, a1
        mv      a0, a2
        mv      tp, zero
        sret

# Where trap_handle resumes when the user program exits: S mode, any register contents.
        .globl  leave_user
leave_user:
        csrr    tp, sscratch
        ld      ra, HART_SAVED(tp)
        ld      sp, HART_SAVED + 8(tp)
        .irp    n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
        ld      s\n, HART_SAVED + 16 + 8 * \n(tp)
        .endr
        ld      a0, HART_USER_RESULT(tp)
        ret

# Position-independent code, copied to pages the tests map. System call numbers are those of hart.h.
        .section .rodata
        .balign 8
        .globl  code_return_seven
code_return_seven:
        li      a0, 7
        ret
        .balign 8
        .globl  user_add
user_add:                                       # a0 = n: asks the kernel n times to add 5, exits with the sum
        mv      s0, a0
        li      s1, 0
1:      mv      a0, s1
        li      a7, 1
        ecall
        mv      s1, a0
        addi    s0, s0, -1
        bnez    s0, 1b
        mv      a0, s1
        li      a7, 0
        ecall
        .balign 8
        .globl  user_load
user_load:                                      # a0 = va: loads from it, exits with the value
        ld      a0, 0(a0)
        li      a7, 0
        ecall
        .balign 8
        .globl  user_privileged
user_privileged:                                # an S-mode register is illegal in U mode
        csrr    a0, sstatus
        li      a7, 0
        ecall
        .balign 8
        .globl  user_spin
user_spin:                                      # a0 = va of a word: spins until it is not 0, exits with it
        ld      a1, 0(a0)
        beqz    a1, user_spin
        mv      a0, a1
        li      a7, 0
        ecall
        .balign 8
        .globl  user_code_end
user_code_end:
