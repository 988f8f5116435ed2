# SPDX-License-Identifier: Apache-2.0
# Calls getpid for ever, x20 is the number of calls so far. With an argument: 1000 times, and the exit code is the mean cost in cycles / 2.

        .globl  _start
_start:
        ld      s1, 0(sp)                       # argc
        li      s4, 0
        li      s2, 1000
        rdcycle s3
again:  li      a7, 172                         # getpid
        ecall
        addi    s4, s4, 1
        li      t0, 2
        blt     s1, t0, again
        blt     s4, s2, again
        rdcycle a0
        sub     a0, a0, s3
        li      t0, 2000
        divu    a0, a0, t0
        li      a7, 94                          # exit_group
        ecall
