/* What the debugger's tests debug: two harts in M mode; one of them spoils a variable of the other. */
typedef unsigned long u64;

volatile u64 tohost __attribute__((section(".tohost"), aligned(64)));
volatile u64 fromhost __attribute__((section(".tohost"), aligned(64)));

volatile u64 victim = 1;
volatile u64 ready;
volatile u64 rounds;
u64 *stray;

__attribute__((noinline)) u64 work(u64 round) {
    u64 sum = 0;
    for (u64 i = 0; i < 50; i++) {
        sum += i * round;
    }
    rounds = round;
    return sum;
}

/* The bug that is to be found: the address is computed, so no search of the text finds it. */
__attribute__((noinline)) void spoil(u64 value) {
    *stray = value;
}

void second_hart(void) {
    while (ready < 20) {
    }
    stray = (u64 *)&victim;
    spoil(0xbad);
    ready = 100;
    for (;;) {
        __asm__ volatile("wfi");
    }
}

void first_hart(void) {
    u64 sum = 0;
    for (u64 round = 1; round <= 20; round++) {
        victim = round;
        sum += work(round);
        ready = round;
    }
    while (ready != 100) {
    }
    sum += work(99);
    tohost = victim == 20 ? 1 : 3;
    for (;;) {
        __asm__ volatile("wfi" : : "r"(sum));
    }
}

__asm__(".globl _start\n"
        "_start:\n"
        "    la sp, stacks\n"
        "    addi t0, a0, 1\n"
        "    slli t0, t0, 12\n"
        "    add sp, sp, t0\n"
        "    bnez a0, 1f\n"
        "    call first_hart\n"
        "1:  call second_hart\n"
        ".bss\n"
        ".balign 16\n"
        "stacks: .zero 3 * 4096\n"
        ".text\n");
