/* Small functions called often: a recursion, calls through pointers, and words of a text counted in a hash table. */
#include "work.h"

#define SLOTS 1024
#define TEXT 16384

static char text[TEXT + 1];
static struct slot {
    const char *word;
    int length;
    uint64_t count;
} slots[SLOTS];

static __attribute__((noinline)) uint64_t fibonacci(uint64_t n)
{
    return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}

static __attribute__((noinline)) int word_length(const char *s)
{
    int length = 0;
    while (s[length] >= 'a') {
        length++;
    }
    return length;
}

static __attribute__((noinline)) uint32_t hash(const char *s, int length)
{
    uint32_t h = 2166136261u;
    for (int i = 0; i < length; i++) {
        h = (h ^ (uint8_t)s[i]) * 16777619u;
    }
    return h;
}

static __attribute__((noinline)) int same(const char *a, const char *b, int length)
{
    while (length > 0 && *a == *b) {
        a++;
        b++;
        length--;
    }
    return length == 0;
}

static __attribute__((noinline)) void count(const char *word, int length)
{
    uint32_t i = hash(word, length) % SLOTS;
    while (slots[i].word != 0 && (slots[i].length != length || !same(slots[i].word, word, length))) {
        i = (i + 1) % SLOTS;
    }
    slots[i].word = word;
    slots[i].length = length;
    slots[i].count++;
}

static uint64_t plus(uint64_t a, uint64_t b)
{
    return a + b;
}

static uint64_t times(uint64_t a, uint64_t b)
{
    return a * (b | 1);
}

static uint64_t exclusive(uint64_t a, uint64_t b)
{
    return a ^ (b << 7);
}

static uint64_t (*volatile const operations[])(uint64_t, uint64_t) = {plus, times, exclusive, plus};

uint64_t work(uint64_t rounds)
{
    uint64_t seed = 88172645463325252u;
    uint64_t sum = 0;
    /* Words of one to three of eight letters: at most 584 of them, so that the table is never full. */
    for (int i = 0, left = 0; i < TEXT; i++) {
        uint64_t r = next_random(&seed);
        if (left == 0) {
            text[i] = ' ';
            left = 1 + (int)((r >> 20) % 3);
        } else {
            text[i] = (char)('a' + (r >> 40) % 8);
            left--;
        }
    }
    for (uint64_t round = 0; round < rounds; round++) {
        sum += fibonacci(17);
        for (int i = 0; i < TEXT; i++) {
            int length = word_length(text + i);
            if (length > 0) {
                count(text + i, length);
                i += length;
            }
        }
        for (int i = 0; i < SLOTS; i++) {
            sum = operations[i & 3](sum, slots[i].count);
        }
    }
    return sum;
}
