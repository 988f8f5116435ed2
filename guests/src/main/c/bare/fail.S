# SPDX-License-Identifier: Apache-2.0
# M mode from the first instruction: end with failure code 3 (tohost = 3 << 1 | 1), which the host passes on.

        .include "htif.inc"

        .section .data
text:   .ascii  "bare metal: fail with 3\n"
        .equ    text_length, . - text

        .section .text.init, "ax", @progbits
        .globl _start
_start:
        csrr    t0, mhartid
        bnez    t0, park
        HTIF_PRINT text, text_length
        HTIF_EXIT 3
park:
        wfi
        j       park
