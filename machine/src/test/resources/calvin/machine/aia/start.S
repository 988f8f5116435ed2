.section .first
.globl _start
_start: la sp, stack
 tail start
.bss
.align 4
.space 16384
stack:
