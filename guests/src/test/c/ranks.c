// SPDX-License-Identifier: Apache-2.0
// The scheduler of the ranks.

#define _GNU_SOURCE
#include "ranks.h"

#include "engine.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

enum { STACK_BYTES = 512 * 1024, IDLE_LIMIT = 3000000 };

struct rank {
    ucontext_t context;
    struct engine engine;
    char *stack;
    int started, finished, result;
    uint32_t delay;                  // turns it still sleeps before it starts: the others' first messages find nobody
};

static struct rank ranks[MOST_RANKS_IN_TEST];
static ucontext_t scheduler;
static int current, job_size;
static uint64_t random_state;
static int (*job_program)(void);
static uint64_t job_seed;

int current_rank(void) {
    return current;
}

// splitmix64
uint32_t test_random(uint32_t bound) {
    uint64_t z = random_state += 0x9E3779B97F4A7C15;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
    z = (z ^ z >> 27) * 0x94D049BB133111EB;
    return (uint32_t) ((z ^ z >> 31) % bound);
}

void yield_rank(void) {
    swapcontext(&ranks[current].context, &scheduler);
}

void nic_relax(void) {
    yield_rank();
}

void nic_sleep_us(uint32_t microseconds) {
    for (uint32_t i = 0; i < 1 + microseconds / 50; i++) {
        yield_rank();
    }
}

static void run_rank(void) {
    struct rank *rank = &ranks[current];
    rank->result = job_program();
    rank->finished = 1;
    yield_rank();
}

static void set_number(const char *name, int value) {
    char text[16];
    snprintf(text, sizeof text, "%d", value);
    setenv(name, text, 1);
}

static void set_environment(int size, int full_connect) {
    char nodes[MOST_RANKS_IN_TEST * 16] = "";
    for (int i = 0; i < size; i++) {
        snprintf(nodes + strlen(nodes), sizeof nodes - strlen(nodes), "%s10.0.0.%d", i == 0 ? "" : ",", i + 1);
    }
    setenv("CALVIN_JOB_NODES", nodes, 1);
    setenv("CALVIN_JOB_QPN", "100", 1);
    set_number("PMI_SIZE", size);
    set_number("CALVIN_MPI_FULL_CONNECT", full_connect);
}

static void start(int index) {
    struct rank *rank = &ranks[index];
    memset(&rank->engine, 0, sizeof rank->engine);
    rank->finished = 0;
    rank->stack = malloc(STACK_BYTES);
    getcontext(&rank->context);
    rank->context.uc_stack.ss_sp = rank->stack;
    rank->context.uc_stack.ss_size = STACK_BYTES;
    rank->context.uc_link = &scheduler;
    makecontext(&rank->context, run_rank, 0);
    rank->started = 0;
    rank->delay = test_random(3) == 0 ? test_random(300) : 0;
}

static void resume(int index) {
    struct rank *rank = &ranks[index];
    current = index;
    if (rank->delay > 0) {
        rank->delay--;
        return;
    }
    if (!rank->started) {
        // MPI_Init reads it before it first waits.
        set_number("PMI_RANK", index);
        rank->started = 1;
    }
    mpi_engine = rank->engine;
    swapcontext(&scheduler, &rank->context);
    rank->engine = mpi_engine;
    if (rank->finished) {
        free(rank->stack);
    }
}

int run_ranks(int size, uint64_t seed, int full_connect, int (*program)(void)) {
    int failures = 0, running = size;
    uint64_t idle = 0;
    job_size = size;
    job_seed = random_state = seed;
    job_program = program;
    card_reset();
    set_environment(size, full_connect);
    for (int i = 0; i < size; i++) {
        start(i);
    }
    while (running > 0) {
        int moved = 0;
        for (uint32_t steps = test_random(4); steps > 0; steps--) {
            moved |= card_step();
        }
        int index = (int) test_random((uint32_t) size);
        if (!ranks[index].finished) {
            resume(index);
            if (ranks[index].finished) {
                failures += ranks[index].result != 0;
                running--;
                moved = 1;
            }
        }
        idle = moved ? 0 : idle + 1;
        if (idle > IDLE_LIMIT) {
            return -1;
        }
    }
    card_check_idle();
    return failures;
}

_Noreturn void test_failed(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "FAILED: ranks %d seed %llu rank %d: ", job_size, (unsigned long long) job_seed, current);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(1);
}
