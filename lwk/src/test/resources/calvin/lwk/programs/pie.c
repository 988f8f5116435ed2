// SPDX-License-Identifier: Apache-2.0
// A position-independent program without a library: says where it lies and what the kernel told it. Exit code 31 when that fits.

static long call(long number, long a, long b, long c) {
    register long a0 __asm__("a0") = a;
    register long a1 __asm__("a1") = b;
    register long a2 __asm__("a2") = c;
    register long a7 __asm__("a7") = number;
    __asm__ volatile("ecall" : "+r"(a0) : "r"(a1), "r"(a2), "r"(a7) : "memory");
    return a0;
}

__attribute__((visibility("hidden"))) void _start(void);

__attribute__((used)) static void begin(const long *sp) {
    long argc = sp[0];
    const long *p = sp + 1 + argc + 1;
    long entry = 0, headers = 0, page = 0, random = 0;
    while (*p != 0) {
        p++;
    }
    for (p++; p[0] != 0; p += 2) {
        entry = p[0] == 9 ? p[1] : entry;
        headers = p[0] == 3 ? p[1] : headers;
        page = p[0] == 6 ? p[1] : page;
        random = p[0] == 25 ? p[1] : random;
    }
    static const char text[] = "position independent\n";
    call(64, 1, (long) text, sizeof text - 1);
    int good = argc == 2 && entry == (long) _start && page == 4096 && ((long) sp & 15) == 0 && random != 0
        && *(const int *) headers >= 1 && (long) text > 0x200000;
    call(94, good ? 31 : 1, 0, 0);
}

__asm__(".globl _start\n_start: mv a0, sp\n j begin\n");
