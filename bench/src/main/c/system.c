/*
 * Runs the work on the bare `virt` board, in S mode under Sv39, and prints its result at the UART; then, on a line that
 * begins with `retired`, the instructions counted by minstret. It ends through the test finisher.
 */
#include "work.h"

#define UART (*(volatile uint8_t *)0x10000000)
#define FINISHER (*(volatile uint32_t *)0x100000)
#define FINISHER_PASS 0x5555

void start_supervisor(void);

/* At 0x80000000 in M mode: give S mode memory, counters and floating point, map the lower 4 GiB to themselves. */
__asm__(
    ".section .start,\"ax\"\n"
    ".globl _start\n"
    "_start:\n"
    "    li t0, -1\n"
    "    csrw pmpaddr0, t0\n"
    "    li t0, 0x1f\n" /* NAPOT, RWX */
    "    csrw pmpcfg0, t0\n"
    "    li t0, -1\n"
    "    csrw mcounteren, t0\n"
    "    la t3, root\n"
    "    li t0, 0xcf\n" /* DAXWRV */
    "    li t1, 0x10000000\n"
    "    li t2, 4\n"
    "1:  sd t0, 0(t3)\n"
    "    add t0, t0, t1\n"
    "    addi t3, t3, 8\n"
    "    addi t2, t2, -1\n"
    "    bnez t2, 1b\n"
    "    la t3, root\n"
    "    srli t3, t3, 12\n"
    "    li t0, 8 << 60\n"
    "    or t0, t0, t3\n"
    "    csrw satp, t0\n"
    "    sfence.vma\n"
    "    li t0, 0x1800\n" /* MPP */
    "    csrc mstatus, t0\n"
    "    li t0, 0x2800\n" /* MPP = S, FS = initial */
    "    csrs mstatus, t0\n"
    "    la t0, start_supervisor\n"
    "    csrw mepc, t0\n"
    "    la sp, stack_end\n"
    "    mret\n"
    "    .bss\n"
    "    .balign 4096\n"
    "root: .space 4096\n"
    "    .space 65536\n"
    "stack_end:\n"
    "    .text\n");

/* The compiler makes calls of these out of loops. */
void *memset(void *to, int value, unsigned long length)
{
    volatile uint8_t *bytes = to;
    for (unsigned long i = 0; i < length; i++) {
        bytes[i] = (uint8_t)value;
    }
    return to;
}

static void print(const char *text)
{
    while (*text != 0) {
        UART = (uint8_t)*text++;
    }
}

static void print_hex(uint64_t value)
{
    for (int shift = 60; shift >= 0; shift -= 4) {
        UART = (uint8_t)"0123456789abcdef"[value >> shift & 15];
    }
}

void start_supervisor(void)
{
    uint64_t retired;
    uint64_t result = work(ROUNDS);
    __asm__ volatile("rdinstret %0" : "=r"(retired));
    print_hex(result);
    print("\nretired ");
    print_hex(retired);
    print("\n");
    FINISHER = FINISHER_PASS;
    for (;;) {
    }
}
