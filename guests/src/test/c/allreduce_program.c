// SPDX-License-Identifier: Apache-2.0
// The program as a function, silent.

#include <stdio.h>

static inline int quiet(const char *text, ...) {
    return text == NULL;
}

#define printf quiet
#define puts quiet
#define main allreduce_main
int allreduce_main(int argc, char **argv);
#include "../../main/c/programs/allreduce.c"
