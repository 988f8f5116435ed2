/* Integer work for InterpreterBench: linked at 0x80000000 with nothing else; entered with sp set, a0 = rounds; ends with ecall. */
typedef unsigned int u32;
typedef unsigned long u64;

static u32 table[256];
static unsigned char sieve[8192];
static int numbers[1024];
static struct node { struct node *next; u64 value; } nodes[512];
static u64 state = 88172645463325252UL;

u64 work(u64 rounds);

__asm__(".section .start,\"ax\"\n.globl _start\n_start: call work\necall\n.text\n");

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
