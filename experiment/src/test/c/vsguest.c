/* What the debugger's tests debug in VS mode: a guest behind two stages of translation, set up by M mode. */
typedef unsigned long u64;

volatile u64 tohost __attribute__((section(".tohost"), aligned(64)));
volatile u64 fromhost __attribute__((section(".tohost"), aligned(64)));

volatile u64 secret = 0x51;

/* Leaves of 1 GiB: guest physical as physical; virtual as guest physical, and RAM once more 1 GiB higher. */
u64 guest_table[2048] __attribute__((aligned(16384)));
u64 virtual_table[512] __attribute__((aligned(4096)));

__attribute__((noinline)) u64 guest_work(u64 round) {
    secret += round;
    return secret;
}

void guest_main(void) {
    u64 sum = 0;
    for (u64 round = 4; round <= 6; round++) {
        sum += guest_work(4);
    }
    __asm__ volatile("mv a0, %0\n ecall" : : "r"(sum) : "a0");
}

void after_guest(void) {
    tohost = 1;
    for (;;) {
    }
}

#define RAM_LEAF(flags) (0x80000UL << 10 | (flags))

void start(void) {
    guest_table[2] = RAM_LEAF(0xdf);
    virtual_table[2] = RAM_LEAF(0xcf);
    virtual_table[3] = RAM_LEAF(0xcf);
    __asm__ volatile("csrw pmpaddr0, %0\n csrw pmpcfg0, %1" : : "r"(-1L), "r"(0x1fL));
    __asm__ volatile("csrw mtvec, %0" : : "r"(after_guest));
    __asm__ volatile("csrw 0x680, %0" : : "r"(8UL << 60 | (u64)guest_table >> 12)); /* hgatp */
    __asm__ volatile("csrw 0x280, %0" : : "r"(8UL << 60 | (u64)virtual_table >> 12)); /* vsatp */
    __asm__ volatile("csrs mstatus, %0" : : "r"(1UL << 39 | 1UL << 11)); /* MPV, MPP = S */
    __asm__ volatile("csrw mepc, %0\n mret" : : "r"(guest_main));
}

__asm__(".globl _start\n"
        "_start:\n"
        "    la sp, stack_top\n"
        "    call start\n"
        ".bss\n"
        ".balign 16\n"
        "    .zero 4096\n"
        "stack_top:\n"
        ".text\n");
