#!/bin/sh
# Prints flat.c: 3,000 different small functions, called one after the other, as in the start of a kernel. None is hot.
set -eu
awk 'BEGIN {
    srand(1);
    print "/* Made by flat.sh. */";
    print "#include \"work.h\"";
    print "static uint64_t cells[4096];";
    count = 3000;
    for (f = 0; f < count; f++) {
        printf "static __attribute__((noinline)) uint64_t f%d(uint64_t a, uint64_t b)\n{\n", f;
        lines = 4 + int(rand() * 10);
        for (i = 0; i < lines; i++) {
            k = int(rand() * 7);
            n = int(rand() * 60) + 1;
            if (k == 0) { printf "    a += b << %d;\n", n; }
            else if (k == 1) { printf "    b ^= a >> %d;\n", n; }
            else if (k == 2) { printf "    a = a * %d + b;\n", n * 2 + 1; }
            else if (k == 3) { printf "    b += cells[(a + %d) & 4095];\n", n; }
            else if (k == 4) { printf "    cells[(b ^ %d) & 4095] = a;\n", n * 17; }
            else if (k == 5) { printf "    if ((a & %d) == 0) {\n        b -= %d;\n    }\n", n, n; }
            else { printf "    for (int i = 0; i < %d; i++) {\n        a += b >> i;\n    }\n", 1 + n % 6; }
        }
        print "    return a ^ b;\n}";
    }
    print "uint64_t work(uint64_t rounds)\n{\n    uint64_t sum = 1;";
    print "    for (uint64_t round = 0; round < rounds; round++) {";
    for (f = 0; f < count; f++) { printf "        sum = f%d(sum, round);\n", f; }
    print "    }\n    return sum;\n}";
}'
