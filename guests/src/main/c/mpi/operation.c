// SPDX-License-Identifier: Apache-2.0
// Reduction of two vectors: one loop per operation and arithmetic kind, made by macros, found in a table.

#include "collective.h"

#include <stdint.h>

typedef void reducer(const void *in, void *inout, size_t count);

#define REDUCER(name, type, expression) \
    static void name##_##type(const void *in, void *inout, size_t count) { \
        const type *from = in; \
        type *to = inout; \
        for (size_t i = 0; i < count; i++) { \
            type a = from[i], b = to[i]; \
            to[i] = (type) (expression); \
        } \
    }

#define ARITHMETIC(type) \
    REDUCER(max, type, a > b ? a : b) \
    REDUCER(min, type, a < b ? a : b) \
    REDUCER(sum, type, a + b) \
    REDUCER(prod, type, 1u * a * b)

#define LOGICAL(type) \
    REDUCER(land, type, a && b) \
    REDUCER(lor, type, a || b) \
    REDUCER(lxor, type, !a != !b)

#define BITWISE(type) \
    REDUCER(band, type, a & b) \
    REDUCER(bor, type, a | b) \
    REDUCER(bxor, type, a ^ b)

#define EVERY(type) ARITHMETIC(type) LOGICAL(type) BITWISE(type)

// Signed sums and products wrap: they are done unsigned, with equal bits. 1u keeps short products out of signed
// arithmetic.
EVERY(uint8_t)
EVERY(uint16_t)
EVERY(uint32_t)
EVERY(uint64_t)
REDUCER(max, int8_t, a > b ? a : b)
REDUCER(min, int8_t, a < b ? a : b)
REDUCER(max, int16_t, a > b ? a : b)
REDUCER(min, int16_t, a < b ? a : b)
REDUCER(max, int32_t, a > b ? a : b)
REDUCER(min, int32_t, a < b ? a : b)
REDUCER(max, int64_t, a > b ? a : b)
REDUCER(min, int64_t, a < b ? a : b)
ARITHMETIC(float)
ARITHMETIC(double)

#define SHARED(type) sum_##type, prod_##type, land_##type, band_##type, lor_##type, bor_##type, lxor_##type, bxor_##type
#define INTEGER(type, same_bits) {NULL, max_##type, min_##type, SHARED(same_bits)}
#define FLOATING(type) {NULL, max_##type, min_##type, sum_##type, prod_##type, NULL, NULL, NULL, NULL, NULL, NULL}

enum { KINDS = 12, OPERATIONS = 11 };

// By kind (low byte of the datatype handle) and operation, in the order of mpi.h.
static reducer *const table[KINDS][OPERATIONS] = {
    {NULL},
    INTEGER(int8_t, uint8_t), INTEGER(uint8_t, uint8_t), INTEGER(int16_t, uint16_t), INTEGER(uint16_t, uint16_t),
    INTEGER(int32_t, uint32_t), INTEGER(uint32_t, uint32_t), INTEGER(int64_t, uint64_t), INTEGER(uint64_t, uint64_t),
    FLOATING(float), FLOATING(double),
    // MPI_BYTE has bitwise operations only.
    {NULL, NULL, NULL, NULL, NULL, NULL, band_uint8_t, NULL, bor_uint8_t, NULL, bxor_uint8_t}
};

static reducer *find(MPI_Op op, MPI_Datatype type) {
    unsigned kind = (unsigned) type & 0xFF;
    return kind < KINDS && op > 0 && op < OPERATIONS ? table[kind][op] : NULL;
}

int mpi_operation_defined(MPI_Op op, MPI_Datatype type) {
    return find(op, type) != NULL;
}

int mpi_reduce_local(MPI_Op op, MPI_Datatype type, const void *in, void *inout, size_t count) {
    reducer *reduce = find(op, type);
    if (reduce != NULL) {
        reduce(in, inout, count);
    }
    return reduce != NULL;
}
