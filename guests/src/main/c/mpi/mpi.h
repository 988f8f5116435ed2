// SPDX-License-Identifier: Apache-2.0
// Message Passing Interface for programs on Calvin's computers: the names, values of results and semantics of MPI-3.1.
//
// Present: blocking and nonblocking point-to-point, probe, communicators by duplication and splitting, the collectives
// below, predefined datatypes and operations, error handlers "fatal" and "return".
// Left out: derived datatypes, user-defined operations, persistent and buffered sends, cancel, intercommunicators,
// topologies, one-sided communication, files, threads above MPI_THREAD_SINGLE.
//
// One message is at most 2^31 - 1 bytes. Memory given to messages above 8 KiB must stay mapped as it was; memory from
// malloc and the program's own variables always does.

#ifndef CALVIN_MPI_H
#define CALVIN_MPI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define MPI_VERSION 3
#define MPI_SUBVERSION 1

typedef int MPI_Comm;
typedef int MPI_Datatype;
typedef int MPI_Op;
typedef int MPI_Errhandler;
typedef long MPI_Aint;
typedef struct mpi_request *MPI_Request;

typedef struct MPI_Status {
    int MPI_SOURCE;
    int MPI_TAG;
    int MPI_ERROR;
    int reserved;
    size_t received_bytes;           // for MPI_Get_count
} MPI_Status;

#define MPI_COMM_NULL ((MPI_Comm) 0)
#define MPI_COMM_WORLD ((MPI_Comm) 1)
#define MPI_COMM_SELF ((MPI_Comm) 2)

// Datatype handles: size in bytes in bits 8..15, arithmetic kind in bits 0..7, above what tells equal ones apart.
#define MPI_DATATYPE_NULL ((MPI_Datatype) 0)
#define MPI_SIGNED_CHAR ((MPI_Datatype) 0x0101)
#define MPI_UNSIGNED_CHAR ((MPI_Datatype) 0x0102)
#define MPI_SHORT ((MPI_Datatype) 0x0203)
#define MPI_UNSIGNED_SHORT ((MPI_Datatype) 0x0204)
#define MPI_INT ((MPI_Datatype) 0x0405)
#define MPI_UNSIGNED ((MPI_Datatype) 0x0406)
#define MPI_LONG ((MPI_Datatype) 0x0807)
#define MPI_UNSIGNED_LONG ((MPI_Datatype) 0x0808)
#define MPI_FLOAT ((MPI_Datatype) 0x0409)
#define MPI_DOUBLE ((MPI_Datatype) 0x080A)
#define MPI_BYTE ((MPI_Datatype) 0x010B)
#define MPI_CHAR ((MPI_Datatype) 0x10101)
#define MPI_PACKED ((MPI_Datatype) 0x1010B)
#define MPI_LONG_LONG MPI_LONG
#define MPI_LONG_LONG_INT MPI_LONG
#define MPI_UNSIGNED_LONG_LONG MPI_UNSIGNED_LONG
#define MPI_INT8_T MPI_SIGNED_CHAR
#define MPI_UINT8_T MPI_UNSIGNED_CHAR
#define MPI_INT16_T MPI_SHORT
#define MPI_UINT16_T MPI_UNSIGNED_SHORT
#define MPI_INT32_T MPI_INT
#define MPI_UINT32_T MPI_UNSIGNED
#define MPI_INT64_T MPI_LONG
#define MPI_UINT64_T MPI_UNSIGNED_LONG
#define MPI_AINT MPI_LONG
#define MPI_COUNT MPI_LONG
#define MPI_OFFSET MPI_LONG
#define MPI_C_BOOL MPI_UNSIGNED_CHAR

#define MPI_OP_NULL ((MPI_Op) 0)
#define MPI_MAX ((MPI_Op) 1)
#define MPI_MIN ((MPI_Op) 2)
#define MPI_SUM ((MPI_Op) 3)
#define MPI_PROD ((MPI_Op) 4)
#define MPI_LAND ((MPI_Op) 5)
#define MPI_BAND ((MPI_Op) 6)
#define MPI_LOR ((MPI_Op) 7)
#define MPI_BOR ((MPI_Op) 8)
#define MPI_LXOR ((MPI_Op) 9)
#define MPI_BXOR ((MPI_Op) 10)

#define MPI_ERRHANDLER_NULL ((MPI_Errhandler) 0)
#define MPI_ERRORS_ARE_FATAL ((MPI_Errhandler) 1)
#define MPI_ERRORS_RETURN ((MPI_Errhandler) 2)

#define MPI_REQUEST_NULL ((MPI_Request) 0)
#define MPI_STATUS_IGNORE ((MPI_Status *) 0)
#define MPI_STATUSES_IGNORE ((MPI_Status *) 0)
#define MPI_IN_PLACE ((void *) -1)
#define MPI_BOTTOM ((void *) 0)

#define MPI_PROC_NULL (-1)
#define MPI_ANY_SOURCE (-2)
#define MPI_ANY_TAG (-1)
#define MPI_ROOT (-3)
#define MPI_UNDEFINED (-32766)
#define MPI_TAG_UB_VALUE 0x7FFFFFFF

#define MPI_MAX_PROCESSOR_NAME 128
#define MPI_MAX_ERROR_STRING 256
#define MPI_MAX_LIBRARY_VERSION_STRING 256

enum { MPI_THREAD_SINGLE, MPI_THREAD_FUNNELED, MPI_THREAD_SERIALIZED, MPI_THREAD_MULTIPLE };

enum {
    MPI_SUCCESS, MPI_ERR_BUFFER, MPI_ERR_COUNT, MPI_ERR_TYPE, MPI_ERR_TAG, MPI_ERR_COMM, MPI_ERR_RANK, MPI_ERR_REQUEST,
    MPI_ERR_ROOT, MPI_ERR_GROUP, MPI_ERR_OP, MPI_ERR_TOPOLOGY, MPI_ERR_DIMS, MPI_ERR_ARG, MPI_ERR_UNKNOWN,
    MPI_ERR_TRUNCATE, MPI_ERR_OTHER, MPI_ERR_INTERN, MPI_ERR_IN_STATUS, MPI_ERR_PENDING, MPI_ERR_LASTCODE
};

int MPI_Init(int *argc, char ***argv);
int MPI_Init_thread(int *argc, char ***argv, int required, int *provided);
int MPI_Query_thread(int *provided);
int MPI_Initialized(int *flag);
int MPI_Finalize(void);
int MPI_Finalized(int *flag);
int MPI_Abort(MPI_Comm comm, int code);
int MPI_Get_version(int *version, int *subversion);
int MPI_Get_library_version(char *text, int *length);
int MPI_Get_processor_name(char *name, int *length);
double MPI_Wtime(void);
double MPI_Wtick(void);

int MPI_Comm_rank(MPI_Comm comm, int *rank);
int MPI_Comm_size(MPI_Comm comm, int *size);
int MPI_Comm_dup(MPI_Comm comm, MPI_Comm *copy);
int MPI_Comm_split(MPI_Comm comm, int color, int key, MPI_Comm *part);
int MPI_Comm_free(MPI_Comm *comm);
int MPI_Comm_set_errhandler(MPI_Comm comm, MPI_Errhandler handler);
int MPI_Comm_get_errhandler(MPI_Comm comm, MPI_Errhandler *handler);
int MPI_Error_string(int code, char *text, int *length);
int MPI_Error_class(int code, int *class_code);
int MPI_Type_size(MPI_Datatype type, int *size);

int MPI_Send(const void *data, int count, MPI_Datatype type, int dest, int tag, MPI_Comm comm);
int MPI_Ssend(const void *data, int count, MPI_Datatype type, int dest, int tag, MPI_Comm comm);
int MPI_Rsend(const void *data, int count, MPI_Datatype type, int dest, int tag, MPI_Comm comm);
int MPI_Recv(void *data, int count, MPI_Datatype type, int source, int tag, MPI_Comm comm, MPI_Status *status);
int MPI_Isend(const void *data, int count, MPI_Datatype type, int dest, int tag, MPI_Comm comm, MPI_Request *request);
int MPI_Issend(const void *data, int count, MPI_Datatype type, int dest, int tag, MPI_Comm comm, MPI_Request *request);
int MPI_Irecv(void *data, int count, MPI_Datatype type, int source, int tag, MPI_Comm comm, MPI_Request *request);
int MPI_Sendrecv(const void *send, int send_count, MPI_Datatype send_type, int dest, int send_tag, void *receive,
    int receive_count, MPI_Datatype receive_type, int source, int receive_tag, MPI_Comm comm, MPI_Status *status);
int MPI_Wait(MPI_Request *request, MPI_Status *status);
int MPI_Waitall(int count, MPI_Request *requests, MPI_Status *statuses);
int MPI_Waitany(int count, MPI_Request *requests, int *index, MPI_Status *status);
int MPI_Test(MPI_Request *request, int *flag, MPI_Status *status);
int MPI_Testall(int count, MPI_Request *requests, int *flag, MPI_Status *statuses);
int MPI_Probe(int source, int tag, MPI_Comm comm, MPI_Status *status);
int MPI_Iprobe(int source, int tag, MPI_Comm comm, int *flag, MPI_Status *status);
int MPI_Get_count(const MPI_Status *status, MPI_Datatype type, int *count);

int MPI_Barrier(MPI_Comm comm);
int MPI_Bcast(void *data, int count, MPI_Datatype type, int root, MPI_Comm comm);
int MPI_Reduce(const void *send, void *receive, int count, MPI_Datatype type, MPI_Op op, int root, MPI_Comm comm);
int MPI_Allreduce(const void *send, void *receive, int count, MPI_Datatype type, MPI_Op op, MPI_Comm comm);
int MPI_Reduce_scatter_block(const void *send, void *receive, int count, MPI_Datatype type, MPI_Op op,
    MPI_Comm comm);
int MPI_Scan(const void *send, void *receive, int count, MPI_Datatype type, MPI_Op op, MPI_Comm comm);
int MPI_Gather(const void *send, int send_count, MPI_Datatype send_type, void *receive, int receive_count,
    MPI_Datatype receive_type, int root, MPI_Comm comm);
int MPI_Scatter(const void *send, int send_count, MPI_Datatype send_type, void *receive, int receive_count,
    MPI_Datatype receive_type, int root, MPI_Comm comm);
int MPI_Allgather(const void *send, int send_count, MPI_Datatype send_type, void *receive, int receive_count,
    MPI_Datatype receive_type, MPI_Comm comm);
int MPI_Alltoall(const void *send, int send_count, MPI_Datatype send_type, void *receive, int receive_count,
    MPI_Datatype receive_type, MPI_Comm comm);

#ifdef __cplusplus
}
#endif

#endif
