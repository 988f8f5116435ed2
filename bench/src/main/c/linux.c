/* Runs the work as a Linux program, and prints its result. */
#include "work.h"

#include <inttypes.h>
#include <stdio.h>

int main(void)
{
    printf("%016" PRIx64 "\n", work(ROUNDS));
    return 0;
}
