// SPDX-License-Identifier: Apache-2.0
// POSIX threads on futexes: a mutex everybody fights for, a condition variable relay, thread-local storage, join
// results.
//
//   threads [THREADS]          4 unless told; exit code 0 when all is well

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROUNDS = 2000, MOST_THREADS = 64 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t turned = PTHREAD_COND_INITIALIZER;
static long count;
static int turn;
static int thread_count;
static _Thread_local long mine;

static void *work(void *argument) {
    int number = (int) (long) argument;
    for (int i = 0; i < ROUNDS; i++) {
        pthread_mutex_lock(&mutex);
        count++;
        pthread_mutex_unlock(&mutex);
        mine += number;
    }
    pthread_mutex_lock(&mutex);
    while (turn != number) {
        pthread_cond_wait(&turned, &mutex);
    }
    printf("thread %d has its turn\n", number);
    turn++;
    pthread_cond_broadcast(&turned);
    pthread_mutex_unlock(&mutex);
    return (void *) mine;
}

int main(int argc, char **argv) {
    pthread_t threads[MOST_THREADS];
    thread_count = argc > 1 ? atoi(argv[1]) : 4;
    if (thread_count < 1 || thread_count > MOST_THREADS) {
        fprintf(stderr, "threads: 1 to %d threads\n", MOST_THREADS);
        return 2;
    }
    for (int i = 0; i < thread_count; i++) {
        if (pthread_create(&threads[i], NULL, work, (void *) (long) i) != 0) {
            fputs("threads: pthread_create failed\n", stderr);
            return 1;
        }
    }
    int good = 1;
    for (int i = 0; i < thread_count; i++) {
        void *result = NULL;
        good &= pthread_join(threads[i], &result) == 0 && (long) result == (long) i * ROUNDS;
    }
    good &= count == (long) thread_count * ROUNDS;
    printf("%d threads, count %ld: %s\n", thread_count, count, good ? "ok" : "BROKEN");
    return good ? 0 : 1;
}
