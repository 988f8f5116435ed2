/* Tables, shifts, multiplications, divisions and loops over bytes: CRC-32, a sieve, a hash with divisions. */
#include "work.h"

#define BYTES 8192

static uint32_t table[256];
static uint8_t bytes[BYTES];

static void make_table(void)
{
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t c = i;
        for (int bit = 0; bit < 8; bit++) {
            c = (c & 1) != 0 ? 0xEDB88320u ^ (c >> 1) : c >> 1;
        }
        table[i] = c;
    }
}

static __attribute__((noinline)) uint32_t crc32(const uint8_t *data, int length)
{
    uint32_t c = ~0u;
    for (int i = 0; i < length; i++) {
        c = table[(c ^ data[i]) & 255] ^ (c >> 8);
    }
    return ~c;
}

static __attribute__((noinline)) int count_primes(void)
{
    int count = 0;
    for (int i = 0; i < BYTES; i++) {
        bytes[i] = 1;
    }
    for (int i = 2; i < BYTES; i++) {
        if (bytes[i]) {
            count++;
            for (int j = 2 * i; j < BYTES; j += i) {
                bytes[j] = 0;
            }
        }
    }
    return count;
}

static __attribute__((noinline)) uint64_t mix(uint64_t seed)
{
    uint64_t sum = 0;
    for (int i = 0; i < 4096; i++) {
        uint64_t r = next_random(&seed);
        sum = sum * 6364136223846793005u + (r >> 33);
        if ((i & 15) == 0) {
            sum ^= r / ((sum & 0xFFFF) + 1);
        }
    }
    return sum;
}

uint64_t work(uint64_t rounds)
{
    uint64_t sum = 88172645463325252u;
    make_table();
    for (uint64_t round = 0; round < rounds; round++) {
        sum += mix(sum | 1);
        for (int i = 0; i < BYTES; i++) {
            bytes[i] = (uint8_t)(sum >> (i & 31));
        }
        sum += crc32(bytes, BYTES);
        sum += (uint64_t)count_primes();
    }
    return sum;
}
