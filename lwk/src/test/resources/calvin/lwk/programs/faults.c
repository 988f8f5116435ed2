// SPDX-License-Identifier: Apache-2.0
// Dies in the way its argument names.

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static volatile int *const nowhere = (int *) 8;

static int deeper(volatile char *above) {
    volatile char frame[4096];
    frame[0] = above[0];
    return above == (char *) 1 ? 0 : deeper(frame) + frame[1];
}

int main(int argc, char **argv) {
    const char *how = argc > 1 ? argv[1] : "";
    volatile char here = 0;
    printf("about to die: %s\n", how);
    fflush(stdout);
    if (strcmp(how, "load") == 0) {
        return *nowhere;
    } else if (strcmp(how, "store") == 0) {
        *nowhere = 1;
    } else if (strcmp(how, "text") == 0) {
        *(volatile char *) main = 0;
    } else if (strcmp(how, "jump") == 0) {
        ((void (*)(void)) 0x100)();
    } else if (strcmp(how, "execute") == 0) {
        static int words[] = {0x00008067};
        ((void (*)(void)) words)();
    } else if (strcmp(how, "illegal") == 0) {
        __asm__ volatile(".word 0");
    } else if (strcmp(how, "break") == 0) {
        __asm__ volatile("ebreak");
    } else if (strcmp(how, "stack") == 0) {
        return deeper(&here);
    } else if (strcmp(how, "abort") == 0) {
        abort();
    } else if (strcmp(how, "term") == 0) {
        raise(SIGTERM);
    } else if (strcmp(how, "other") == 0) {
        kill(atoi(argv[2]), SIGKILL);
        return 5;
    } else if (strcmp(how, "wait") == 0) {
        for (;;) {
            pause();
            sleep(1000);
        }
    }
    return 1;
}
