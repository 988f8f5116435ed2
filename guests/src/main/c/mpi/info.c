// SPDX-License-Identifier: Apache-2.0
// Time, names and versions.

#define _GNU_SOURCE
#include "engine.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

// The `time` register where the launcher gave its frequency, the system's clock elsewhere.
double MPI_Wtime(void) {
#ifdef __riscv
    if (likely(mpi_engine.timebase_hz != 0)) {
        uint64_t ticks;
        __asm__ volatile("rdtime %0" : "=r"(ticks));
        return (double) ticks / (double) mpi_engine.timebase_hz;
    }
#endif
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double) now.tv_sec + (double) now.tv_nsec * 1e-9;
}

double MPI_Wtick(void) {
    return mpi_engine.timebase_hz != 0 ? 1.0 / (double) mpi_engine.timebase_hz : 1e-9;
}

int MPI_Get_processor_name(char *name, int *length) {
    if (gethostname(name, MPI_MAX_PROCESSOR_NAME) != 0) {
        snprintf(name, MPI_MAX_PROCESSOR_NAME, "node%d", mpi_engine.rank);
    }
    name[MPI_MAX_PROCESSOR_NAME - 1] = 0;
    *length = (int) strlen(name);
    return MPI_SUCCESS;
}

int MPI_Get_version(int *version, int *subversion) {
    *version = MPI_VERSION;
    *subversion = MPI_SUBVERSION;
    return MPI_SUCCESS;
}

int MPI_Get_library_version(char *text, int *length) {
    *length = snprintf(text, MPI_MAX_LIBRARY_VERSION_STRING, "Calvin MPI, subset of MPI %d.%d", MPI_VERSION,
        MPI_SUBVERSION);
    return MPI_SUCCESS;
}

int MPI_Type_size(MPI_Datatype type, int *size) {
    *size = (int) mpi_type_size(type);
    return *size > 0 ? MPI_SUCCESS : mpi_fail(NULL, MPI_ERR_TYPE, "MPI_Type_size");
}

int MPI_Get_count(const MPI_Status *status, MPI_Datatype type, int *count) {
    size_t size = mpi_type_size(type);
    if (size == 0) {
        return mpi_fail(NULL, MPI_ERR_TYPE, "MPI_Get_count");
    }
    *count = status->received_bytes % size == 0 ? (int) (status->received_bytes / size) : MPI_UNDEFINED;
    return MPI_SUCCESS;
}
