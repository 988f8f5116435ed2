// SPDX-License-Identifier: Apache-2.0
// The first program to run on a new kernel: arguments, standard output, the heap, the exit code.
//
//   hello [EXIT-CODE [ANYTHING...]]

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv) {
    printf("Hello from RISC-V, %d argument%s\n", argc, argc == 1 ? "" : "s");
    for (int i = 0; i < argc; i++) {
        printf("  argv[%d] = %s\n", i, argv[i]);
    }
    char *block = malloc(100000);
    if (block == NULL) {
        fputs("malloc failed\n", stderr);
        return 1;
    }
    memset(block, 0x5A, 100000);
    int intact = block[0] == 0x5A && block[99999] == 0x5A;
    free(block);
    puts(intact ? "heap ok" : "heap BROKEN");
    if (!intact) {
        return 1;
    }
    return argc > 1 ? atoi(argv[1]) : 0;
}
