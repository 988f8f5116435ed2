/* Work for InterpreterBench, linked at 0x80000000 with nothing else. It ends through the test finisher. */
typedef unsigned int u32;
typedef unsigned long u64;

static u32 table[256];
static unsigned char sieve[8192];
static int numbers[1024];
static struct node { struct node *next; u64 value; } nodes[512];
static u64 state = 88172645463325252UL;

u64 work(u64 rounds);

/* At 0x80000000: in M mode, enter S mode under Sv39 with gigapages that map the lower 4 GiB to themselves. */
__asm__(
    ".section .start,\"ax\"\n"
    ".globl _start\n"
    "_start:\n"
    "    li t0, -1\n"
    "    csrw pmpaddr0, t0\n"
    "    li t0, 0x1f\n"
    "    csrw pmpcfg0, t0\n"
    "    li t0, 0xcf\n"
    "    li t1, 0x10000000\n"
    "    li t2, 4\n"
    "    la t3, root\n"
    "    srli t4, t3, 12\n"
    "1:  sd t0, 0(t3)\n"
    "    add t0, t0, t1\n"
    "    addi t3, t3, 8\n"
    "    addi t2, t2, -1\n"
    "    bnez t2, 1b\n"
    "    li t0, 8 << 60\n"
    "    or t0, t0, t4\n"
    "    csrw satp, t0\n"
    "    sfence.vma\n"
    "    li t0, 0x2800\n"
    "    csrs mstatus, t0\n"
    "    la t0, 2f\n"
    "    csrw mepc, t0\n"
    "    mret\n"
    "2:  li sp, 0x80200000\n"
    "    li a0, ROUNDS\n"
    "    call work\n"
    "    la t0, result\n"
    "    sd a0, 0(t0)\n"
    "    li t0, 0x100000\n"
    "    li t1, 0x5555\n"
    "    sw t1, 0(t0)\n"
    "    j .\n"
    "    .bss\n"
    "    .balign 4096\n"
    "root: .space 4096\n"
    ".globl result\n"
    "result: .space 8\n"
    "    .text\n");

static u64 next(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static __attribute__((noinline)) u32 crc(const unsigned char *p, int n)
{
    u32 c = ~0u;
    for (int i = 0; i < n; i++) {
        c = table[(c ^ p[i]) & 255] ^ (c >> 8);
    }
    return ~c;
}

static __attribute__((noinline)) void quicksort(int *a, int lo, int hi)
{
    while (lo < hi) {
        int p = a[(lo + hi) / 2], i = lo, j = hi;
        while (i <= j) {
            while (a[i] < p) i++;
            while (a[j] > p) j--;
            if (i <= j) { int t = a[i]; a[i++] = a[j]; a[j--] = t; }
        }
        if (j - lo < hi - i) { quicksort(a, lo, j); lo = i; } else { quicksort(a, i, hi); hi = j; }
    }
}

static __attribute__((noinline)) u64 fibonacci(u64 n)
{
    return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}

static __attribute__((noinline)) int primes(void)
{
    int count = 0;
    for (int i = 0; i < 8192; i++) sieve[i] = 1;
    for (int i = 2; i < 8192; i++) {
        if (!sieve[i]) continue;
        count++;
        for (int j = i + i; j < 8192; j += i) sieve[j] = 0;
    }
    return count;
}

static __attribute__((noinline)) u64 chase(void)
{
    u64 sum = 0;
    for (int k = 0; k < 8; k++)
        for (struct node *n = nodes; n; n = n->next) sum = sum * 31 + n->value;
    return sum;
}

#ifdef FLOAT
static double vectors[3][1024];

static __attribute__((noinline)) double axpy(double *x, double *y, double *z, double a)
{
    double sum = 0;
    for (int i = 0; i < 1024; i++) {
        z[i] = a * x[i] + y[i];
        sum += z[i] * x[i] - y[i] / (x[i] + 1.0);
    }
    return sum;
}

u64 work(u64 rounds)
{
    double sum = 0;
    for (int i = 0; i < 1024; i++) {
        vectors[0][i] = (next() >> 11) * 0x1p-53;
        vectors[1][i] = (next() >> 11) * 0x1p-50;
    }
    for (u64 r = 0; r < rounds * 50; r++) sum += axpy(vectors[r % 3], vectors[(r + 1) % 3], vectors[(r + 2) % 3], 0.25);
    return (u64)sum;
}
#else
u64 work(u64 rounds)
{
    u64 sum = 0;
    for (u32 i = 0; i < 256; i++) {
        u32 c = i;
        for (int k = 0; k < 8; k++) c = c & 1 ? 0xEDB88320u ^ (c >> 1) : c >> 1;
        table[i] = c;
    }
    for (int i = 0; i < 512; i++) { nodes[i].value = next(); nodes[i].next = i < 511 ? &nodes[i + 1] : 0; }
    for (u64 r = 0; r < rounds; r++) {
        for (int i = 0; i < 1024; i++) numbers[i] = (int)next();
        quicksort(numbers, 0, 1023);
        sum += crc((unsigned char *)numbers, sizeof numbers);
        sum += primes() + fibonacci(14) + chase();
    }
    return sum;
}
#endif
