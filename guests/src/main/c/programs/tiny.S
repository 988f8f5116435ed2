# SPDX-License-Identifier: Apache-2.0
# The smallest Linux program: one write, one exit with code 42. No C library, no stack, no relocations.

        .equ    text_length, 5

        .section .text
        .globl  _start
_start:
        li      a0, 1
        la      a1, text
        li      a2, text_length
        li      a7, 64                          # write
        ecall
        li      a0, 42
        li      a7, 94                          # exit_group
        ecall
        ebreak

        .section .rodata
text:   .ascii  "tiny\n"
