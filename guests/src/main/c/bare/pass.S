# SPDX-License-Identifier: Apache-2.0
# M mode from the first instruction: check a sum, say so, end with success (tohost = 1).

        .include "htif.inc"

        .section .data
text:   .ascii  "bare metal: pass\n"
        .equ    text_length, . - text

        .section .text.init, "ax", @progbits
        .globl _start
_start:
        csrr    t0, mhartid
        bnez    t0, park
        li      s0, 0
        li      s1, 100
1:      add     s0, s0, s1
        addi    s1, s1, -1
        bnez    s1, 1b
        li      t0, 5050
        bne     s0, t0, wrong
        HTIF_PRINT text, text_length
        HTIF_EXIT 0
wrong:
        HTIF_EXIT 1
park:
        wfi
        j       park
