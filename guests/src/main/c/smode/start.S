# SPDX-License-Identifier: Apache-2.0
# Entry of the boot hart and of harts started later. Both arrive in S mode with paging off, a0 = hart number.

        .section .text.entry, "ax", @progbits
        .globl  _start
        .globl  second_start

# a0 = hart number, a1 = device tree (both kept for main). The loader may not have cleared .bss (a flat image has none).
_start:
        csrw    sie, zero
        csrw    satp, zero
        la      t0, _bss_start
        la      t1, _end
1:      bgeu    t0, t1, 2f
        sd      zero, 0(t0)
        addi    t0, t0, 8
        j       1b
2:      la      tp, harts
        la      sp, boot_stack_top
        la      t0, trap_entry
        csrw    stvec, t0
        csrw    sscratch, tp
        call    kernel_main
3:      wfi
        j       3b

# a0 = hart number, a1 = the value given to sbi_hart_start: this hart's struct hart.
second_start:
        csrw    sie, zero
        mv      tp, a1
        la      sp, second_stack_top
        la      t0, trap_entry
        csrw    stvec, t0
        csrw    sscratch, tp
        call    second_main
4:      wfi
        j       4b

        .section .bss
        .balign 16
        .zero   16384
boot_stack_top:
        .zero   16384
second_stack_top:
