/* Five bodies that attract each other, in double precision: divisions, square roots, fused multiplications. */
#include "work.h"

#define BODIES 5

static struct body {
    double x, y, z;
    double vx, vy, vz;
    double mass;
} bodies[BODIES];

static __attribute__((noinline)) void advance(double dt)
{
    for (int i = 0; i < BODIES; i++) {
        struct body *p = &bodies[i];
        for (int j = i + 1; j < BODIES; j++) {
            struct body *q = &bodies[j];
            double dx = p->x - q->x;
            double dy = p->y - q->y;
            double dz = p->z - q->z;
            double square = dx * dx + dy * dy + dz * dz + 0.01;
            double distance;
            __asm__("fsqrt.d %0, %1" : "=f"(distance) : "f"(square));
            double pull = dt / (square * distance);
            p->vx -= dx * q->mass * pull;
            p->vy -= dy * q->mass * pull;
            p->vz -= dz * q->mass * pull;
            q->vx += dx * p->mass * pull;
            q->vy += dy * p->mass * pull;
            q->vz += dz * p->mass * pull;
        }
    }
    for (int i = 0; i < BODIES; i++) {
        bodies[i].x += dt * bodies[i].vx;
        bodies[i].y += dt * bodies[i].vy;
        bodies[i].z += dt * bodies[i].vz;
    }
}

uint64_t work(uint64_t rounds)
{
    union { double number; uint64_t bits; } sum = {0};
    for (int i = 0; i < BODIES; i++) {
        bodies[i] = (struct body){i, 2 * i - 3, (i * i) % 5, 0.1 * i, -0.2 * (i & 1), 0.05, 1.0 / (1 + i)};
    }
    for (uint64_t round = 0; round < 1000 * rounds; round++) {
        advance(0.001);
    }
    for (int i = 0; i < BODIES; i++) {
        sum.number += bodies[i].x + bodies[i].y * bodies[i].z;
    }
    return sum.bits;
}
