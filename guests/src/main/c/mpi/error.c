// SPDX-License-Identifier: Apache-2.0
// Errors of the caller go to the communicator's handler; what the library itself cannot go on from ends the program.

#include "engine.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const words[] = {
    "no error", "invalid buffer pointer", "invalid count argument", "invalid datatype argument", "invalid tag argument",
    "invalid communicator", "invalid rank", "invalid request", "invalid root", "invalid group", "invalid operation",
    "invalid topology", "invalid dimension argument", "invalid argument", "unknown error",
    "message truncated on receive", "known error not in this list", "internal error", "error code is in status",
    "pending request"
};

static const char *word(int code) {
    return code >= 0 && code < MPI_ERR_LASTCODE ? words[code] : "unknown error";
}

_Noreturn static void stop(int code) {
    fflush(NULL);
    _exit(code);
}

int mpi_fail(struct communicator *comm, int code, const char *function) {
    MPI_Errhandler handler = comm == NULL ? MPI_ERRORS_ARE_FATAL : comm->handler;
    if (handler == MPI_ERRORS_ARE_FATAL) {
        fprintf(stderr, "rank %d: %s: %s\n", mpi_engine.rank, function, word(code));
        stop(code == 0 ? 1 : code);
    }
    return code;
}

_Noreturn void mpi_fatal(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "rank %d: MPI: ", mpi_engine.rank);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    stop(MPI_ERR_INTERN);
}

// Ends this rank; the launcher sees its exit code and ends the others.
int MPI_Abort(MPI_Comm comm, int code) {
    (void) comm;
    fprintf(stderr, "rank %d: MPI_Abort with code %d\n", mpi_engine.rank, code);
    stop(code == 0 ? 1 : code);
}

int MPI_Error_string(int code, char *text, int *length) {
    strcpy(text, word(code));
    *length = (int) strlen(text);
    return MPI_SUCCESS;
}

int MPI_Error_class(int code, int *class_code) {
    *class_code = code;
    return MPI_SUCCESS;
}
