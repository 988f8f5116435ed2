/* Double-precision matrix products, 64 by 64: fused multiplications and additions, and a division per element. */
#include "work.h"

#define N 64

static double a[N][N];
static double b[N][N];
static double c[N][N];

static __attribute__((noinline)) void multiply(void)
{
    for (int i = 0; i < N; i++) {
        for (int j = 0; j < N; j++) {
            double sum = 0;
            for (int k = 0; k < N; k++) {
                sum += a[i][k] * b[k][j];
            }
            c[i][j] = sum;
        }
    }
}

uint64_t work(uint64_t rounds)
{
    uint64_t seed = 88172645463325252u;
    for (int i = 0; i < N; i++) {
        for (int j = 0; j < N; j++) {
            a[i][j] = (double)(next_random(&seed) >> 11) * 0x1p-53;
            b[i][j] = (double)(next_random(&seed) >> 11) * 0x1p-53;
        }
    }
    double trace = 0;
    for (uint64_t round = 0; round < rounds; round++) {
        multiply();
        for (int i = 0; i < N; i++) {
            for (int j = 0; j < N; j++) {
                a[i][j] = c[i][j] / (1 + c[j][i]);
            }
            trace += c[i][i];
        }
    }
    return (uint64_t)(trace * 0x1p+20);
}
