# SPDX-License-Identifier: Apache-2.0
# Entry in S mode with paging off: a0 = hart number, a1 = device tree, both kept for main.

        .section .text.entry, "ax", @progbits
        .globl  _start

_start:
        csrw    sie, zero
        csrw    satp, zero
        la      t0, _bss_start
        la      t1, _end
1:      bgeu    t0, t1, 2f
        sd      zero, 0(t0)
        addi    t0, t0, 8
        j       1b
2:      la      sp, stack_top
        la      t0, unexpected
        csrw    stvec, t0
        li      t0, 0x2000              # sstatus.FS = Initial
        csrs    sstatus, t0
        call    memory_main
        .balign 4
unexpected:
        csrr    a0, scause
        csrr    a1, stval
        csrr    a2, sepc
        call    memory_trap
3:      wfi
        j       3b

        .section .bss
        .balign 16
        .zero   16384
stack_top:
