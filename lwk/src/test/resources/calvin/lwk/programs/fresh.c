// SPDX-License-Identifier: Apache-2.0
// An ordinary program: sorting, strings, floating point, recursion, files, signals of its own, standard input.

#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int by_value(const void *a, const void *b) {
    double x = *(const double *) a, y = *(const double *) b;
    return (x > y) - (x < y);
}

static long ackermann(long m, long n) {
    return m == 0 ? n + 1 : n == 0 ? ackermann(m - 1, 1) : ackermann(m - 1, ackermann(m, n - 1));
}

struct tree {
    struct tree *left, *right;
    int key;
};

static struct tree *insert(struct tree *t, int key) {
    if (t == NULL) {
        t = calloc(1, sizeof *t);
        t->key = key;
    } else if (key < t->key) {
        t->left = insert(t->left, key);
    } else {
        t->right = insert(t->right, key);
    }
    return t;
}

static int depth(const struct tree *t) {
    int left = t ? depth(t->left) : 0, right = t ? depth(t->right) : 0;
    return t ? 1 + (left > right ? left : right) : 0;
}

int main(int argc, char **argv) {
    double values[500];
    uint64_t state = 88172645463325252u;
    for (int i = 0; i < 500; i++) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        values[i] = sin((double) (state % 100000)) * 1e6;
    }
    qsort(values, 500, sizeof values[0], by_value);
    for (int i = 0; i < 500; i += 100) {
        printf("%12.5f %a\n", values[i], values[i]);
    }
    printf("ackermann %ld\n", ackermann(2, 50));
    struct tree *t = NULL;
    for (int i = 0; i < 5000; i++) {
        t = insert(t, (int) (state = state * 6364136223846793005u + 1442695040888963407u) >> 8);
    }
    printf("depth %d\n", depth(t));

    char line[200];
    int words = 0, lines = 0;
    while (fgets(line, sizeof line, stdin) != NULL) {
        lines++;
        for (char *w = strtok(line, " \n"); w != NULL; w = strtok(NULL, " \n")) {
            words++;
        }
    }
    printf("%d words in %d lines\n", words, lines);

    jmp_buf where;
    volatile int jumps = 0;
    if (setjmp(where) < 3) {
        jumps++;
        longjmp(where, jumps);
    }
    printf("%d jumps, %s, %s\n", jumps, getenv("CALVIN_TEST") ? getenv("CALVIN_TEST") : "unset", argc > 1 ? argv[1] : "no argument");
    FILE *file = tmpfile();
    for (int i = 0; i < 3000 && file != NULL; i++) {
        fprintf(file, "line %d\n", i);
    }
    if (file != NULL) {
        rewind(file);
        int last = -1;
        while (fscanf(file, "line %d\n", &last) == 1) {
        }
        printf("last line %d at %ld\n", last, ftell(file));
        fclose(file);
    }
    fprintf(stderr, "to standard error\n");
    return 19;
}
