// What POSIX threads need of a kernel. The argument says how the program ends: "return", "kill" by a signal while
// threads sleep, "leave": the first thread goes and the last one calls exit.
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static pthread_barrier_t barrier;
static sem_t done;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t robust;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static pthread_key_t key;
static __thread int number;
static int destroyed;
static volatile int caught;
static volatile pthread_t catcher;

static void destroy(void *value) {
    __sync_fetch_and_add(&destroyed, (int) (long) value);
}

static void catch(int signal) {
    caught = signal;
    catcher = pthread_self();
}

static void *meet(void *argument) {
    number = (int) (long) argument;
    pthread_setspecific(key, argument);
    pthread_barrier_wait(&barrier);
    sem_post(&done);
    return (void *) (long) (2 * number);
}

static void *keep(void *argument) {
    pthread_mutex_lock(&robust);
    return argument;
}

static void *spin(void *argument) {
    while (caught != SIGUSR1) {
        sched_yield();
    }
    return argument;
}

static void *rest(void *argument) {
    for (;;) {
        pause();
    }
    return argument;
}

static void *last(void *argument) {
    usleep(2000);
    puts("the last thread");
    exit(7);
    return argument;
}

static void *brief(void *argument) {
    return argument;
}

int main(int argc, char **argv) {
    pthread_t threads[6];
    setvbuf(stdout, NULL, _IOLBF, 0);
    pthread_key_create(&key, destroy);
    pthread_barrier_init(&barrier, NULL, 6);
    sem_init(&done, 0, 0);
    for (long i = 1; i <= 5; i++) {
        pthread_create(&threads[i], NULL, meet, (void *) i);
    }
    pthread_barrier_wait(&barrier);
    long sum = 0;
    void *result;
    for (int i = 1; i <= 5; i++) {
        pthread_join(threads[i], &result);
        sum += (long) result;
        sem_wait(&done);
    }
    printf("sum %ld, destroyed %d\n", sum, destroyed);

    struct timespec soon;
    clock_gettime(CLOCK_REALTIME, &soon);
    soon.tv_nsec += 3000000;
    if (soon.tv_nsec >= 1000000000) {
        soon.tv_sec++;
        soon.tv_nsec -= 1000000000;
    }
    pthread_mutex_lock(&mutex);
    printf("condition: %s\n", strerror(pthread_cond_timedwait(&condition, &mutex, &soon)));
    pthread_mutex_unlock(&mutex);

    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    pthread_mutex_init(&robust, &attributes);
    pthread_create(&threads[0], NULL, keep, NULL);
    pthread_join(threads[0], NULL);
    printf("robust: %s\n", strerror(pthread_mutex_lock(&robust)));

    pthread_create(&threads[0], NULL, rest, NULL);
    usleep(1000);
    pthread_cancel(threads[0]);
    pthread_join(threads[0], &result);
    printf("cancelled %d\n", result == PTHREAD_CANCELED);

    signal(SIGUSR1, catch);
    pthread_create(&threads[0], NULL, spin, NULL);
    pthread_kill(threads[0], SIGUSR1);
    pthread_join(threads[0], NULL);
    printf("signal %d, elsewhere %d\n", caught, catcher != pthread_self());

    sigset_t set;
    int got = 0;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    kill(getpid(), SIGUSR2);
    sigwait(&set, &got);
    soon = (struct timespec) {0, 1000000};
    int none = sigtimedwait(&set, NULL, &soon) == -1 && errno == EAGAIN;
    printf("waited for %d, then none %d\n", got, none);
    signal(SIGUSR2, catch);
    raise(SIGUSR2);
    sigset_t empty;
    sigemptyset(&empty);
    int suspended = sigsuspend(&empty) == -1 && errno == EINTR;
    printf("suspended %d, caught %d\n", suspended, caught);

    printf("first thread %d\n", syscall(SYS_gettid) == getpid());
    for (int i = 0; i < 40; i++) {
        pthread_create(&threads[0], NULL, brief, NULL);
        pthread_join(threads[0], NULL);
    }
    pthread_create(&threads[0], NULL, rest, NULL);
    pthread_create(&threads[1], NULL, rest, NULL);
    usleep(1000);
    if (argc > 1 && strcmp(argv[1], "kill") == 0) {
        kill(getpid(), SIGTERM);
        pause();
    }
    if (argc > 1 && strcmp(argv[1], "leave") == 0) {
        pthread_create(&threads[2], NULL, last, NULL);
        pthread_exit(NULL);
    }
    return 4;
}
