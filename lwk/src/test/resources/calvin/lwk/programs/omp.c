// OpenMP: a reduction, a barrier, tasks, and teams made again and again.
#include <omp.h>
#include <stdio.h>

int main(void) {
    long sum = 0;
#pragma omp parallel for reduction(+ : sum) schedule(dynamic, 16) num_threads(4)
    for (int i = 0; i < 2000; i++) {
        sum += (long) i * i;
    }
    printf("sum %ld\n", sum);
    int seen[4] = {0};
    int count = 0;
#pragma omp parallel num_threads(4)
    {
#pragma omp critical
        count++;
#pragma omp barrier
#pragma omp single
        printf("team of %d, %d in it\n", omp_get_num_threads(), count);
        seen[omp_get_thread_num()] = 1;
    }
    printf("seen %d%d%d%d\n", seen[0], seen[1], seen[2], seen[3]);
    long squares[20];
#pragma omp parallel num_threads(3)
#pragma omp single
    for (int i = 0; i < 20; i++) {
#pragma omp task firstprivate(i)
        squares[i] = (long) i * i;
    }
    for (int i = 0; i < 20; i++) {
        sum ^= squares[i];
    }
    for (int round = 0; round < 3; round++) {
#pragma omp parallel num_threads(4)
#pragma omp atomic
        sum += omp_get_thread_num();
    }
    printf("%ld\n", sum);
    return 3;
}
