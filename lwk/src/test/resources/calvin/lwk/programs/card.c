// SPDX-License-Identifier: Apache-2.0
// The kernel's side of the RDMA card (docs/adr/0004): what it refuses, what belongs to whom, what goes with an open file.
// Exit code 23 when all is as it should be. Leaves objects behind on purpose.

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

enum { ALLOC_PD = 1, DEALLOC_PD, REG_MR, DEREG_MR, CREATE_CQ, DESTROY_CQ, CREATE_QP, DESTROY_QP, MODIFY_QP, QUERY_QP, QUERY_DEVICE = 100, RESOLVE };

struct command {
    uint64_t opcode, argument[8], result, reserved[2];
};

static int broken;
static uint64_t result;
static char memory[1 << 20] __attribute__((aligned(4096)));

static long command(int fd, uint64_t opcode, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f, uint64_t g, uint64_t h) {
    struct command it = {opcode, {a, b, c, d, e, f, g, h}, 0, {0, 0}};
    errno = 0;
    long r = ioctl(fd, 0xC0604301ul, &it);
    result = it.result;
    return r == 0 ? 0 : errno;
}

#define COMMAND(fd, op, a, b, c, d, e, f, g, h) command(fd, op, (uint64_t) (a), (uint64_t) (b), (uint64_t) (c), (uint64_t) (d), (uint64_t) (e), (uint64_t) (f), (uint64_t) (g), (uint64_t) (h))
#define CHECK(condition) do { if (!(condition)) { printf("BROKEN line %d: %s (errno %d)\n", __LINE__, #condition, errno); broken++; } } while (0)

int main(void) {
    int fd = open("/dev/infiniband/uverbs0", O_RDWR);
    CHECK(fd >= 0);
    CHECK(COMMAND(fd, QUERY_DEVICE, 0, 0, 0, 0, 0, 0, 0, 0) == 0 && result == 0x494E5643);
    CHECK(COMMAND(fd, QUERY_DEVICE, 64, 0, 0, 0, 0, 0, 0, 0) == EINVAL);
    CHECK(COMMAND(fd, RESOLVE, 0x0A000007, 0, 0, 0, 0, 0, 0, 0) == 0 && result == 0x02000A000007);
    CHECK(COMMAND(fd, 55, 0, 0, 0, 0, 0, 0, 0, 0) == EINVAL);
    CHECK(ioctl(fd, 0xC0604301ul, (void *) 8) == -1 && errno == EFAULT);
    CHECK(ioctl(fd, 1, memory) == -1 && errno == EINVAL);

    // The user access page.
    volatile uint64_t *uar = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    CHECK(uar != MAP_FAILED && uar[0] == 0);
    CHECK(mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) == MAP_FAILED && errno == EINVAL);
    CHECK(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 4096) == MAP_FAILED && errno == EINVAL);
    CHECK(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0) == MAP_FAILED && errno == EINVAL);

    // Objects.
    CHECK(COMMAND(fd, ALLOC_PD, 0, 0, 0, 0, 0, 0, 0, 0) == 0);
    uint64_t pd = result;
    CHECK(COMMAND(fd, REG_MR, pd, memory, sizeof memory, 0, 7, 0, 0, 0) == 0 && result != 0);
    uint64_t key = result;
    CHECK(COMMAND(fd, REG_MR, pd, 8, 4096, 0, 7, 0, 0, 0) == EFAULT);
    CHECK(COMMAND(fd, REG_MR, pd, memory, 1ul << 40, 0, 7, 0, 0, 0) == EFAULT);
    CHECK(COMMAND(fd, REG_MR, pd, memory, 0, 0, 7, 0, 0, 0) == EFAULT);
    CHECK(COMMAND(fd, REG_MR, pd, main, 16, 0, 1, 0, 0, 0) == EFAULT);
    CHECK(COMMAND(fd, REG_MR, pd, uar, 4096, 0, 7, 0, 0, 0) == EFAULT);
    CHECK(COMMAND(fd, REG_MR, pd + 1000, memory, 4096, 0, 7, 0, 0, 0) == ENOENT);
    CHECK(COMMAND(fd, CREATE_CQ, memory, 4, memory + 4096, 0, 0, 0, 0, 0) == 0);
    uint64_t cq = result;
    CHECK(COMMAND(fd, CREATE_CQ, memory, 60, memory + 4096, 0, 0, 0, 0, 0) == EINVAL);
    CHECK(COMMAND(fd, CREATE_CQ, 8, 4, memory + 4096, 0, 0, 0, 0, 0) == EFAULT);
    CHECK(COMMAND(fd, CREATE_CQ, memory, 4, 8, 0, 0, 0, 0, 0) == EFAULT);
    CHECK(COMMAND(fd, CREATE_QP, pd, cq | cq << 32, memory + 8192, 4, memory + 65536, 4, memory + 4104, 100) == 0 && result == 100);
    CHECK(COMMAND(fd, CREATE_QP, pd, cq | cq << 32, memory + 8192, 4, memory + 65536, 4, memory + 4104, 100) == EBUSY);
    CHECK(COMMAND(fd, CREATE_QP, pd, (cq + 1) | cq << 32, memory + 8192, 4, memory + 65536, 4, memory + 4104, 0) == ENOENT);
    CHECK(COMMAND(fd, CREATE_QP, pd, cq | cq << 32, memory + 8192, 4, 8, 4, memory + 4104, 0) == EFAULT);
    CHECK(COMMAND(fd, MODIFY_QP, 100 | 1ul << 32, 7, 0, 0, 0, 0, 0, 0) == 0);
    CHECK(COMMAND(fd, QUERY_QP, 100, 0, 0, 0, 0, 0, 0, 0) == 0 && (result & 0xFF) == 1);

    // Another open file has its own objects and its own page.
    int other = open("/dev/infiniband/uverbs0", O_RDWR);
    CHECK(other >= 0 && other != fd);
    CHECK(COMMAND(other, QUERY_QP, 100, 0, 0, 0, 0, 0, 0, 0) == ENOENT);
    CHECK(COMMAND(other, MODIFY_QP, 100 | 6ul << 32, 0, 0, 0, 0, 0, 0, 0) == ENOENT);
    CHECK(COMMAND(other, DESTROY_QP, 100, 0, 0, 0, 0, 0, 0, 0) == ENOENT);
    CHECK(COMMAND(other, DEREG_MR, key, 0, 0, 0, 0, 0, 0, 0) == ENOENT);
    volatile uint64_t *otherUar = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, other, 0);
    CHECK(otherUar != MAP_FAILED && otherUar != uar);
    CHECK(munmap((void *) otherUar, 4096) == 0);
    CHECK(close(other) == 0);

    // Destroying: what is in use stays.
    CHECK(COMMAND(fd, DESTROY_CQ, cq, 0, 0, 0, 0, 0, 0, 0) == EBUSY);
    CHECK(COMMAND(fd, DESTROY_QP, 100, 0, 0, 0, 0, 0, 0, 0) == 0);
    CHECK(COMMAND(fd, DESTROY_QP, 100, 0, 0, 0, 0, 0, 0, 0) == ENOENT);
    CHECK(COMMAND(fd, DESTROY_CQ, cq, 0, 0, 0, 0, 0, 0, 0) == 0);
    CHECK(COMMAND(fd, DEREG_MR, key, 0, 0, 0, 0, 0, 0, 0) == 0);
    CHECK(COMMAND(fd, DEALLOC_PD, pd, 0, 0, 0, 0, 0, 0, 0) == 0);

    // Closing destroys the rest: the queue pair's number is free again.
    for (int i = 0; i < 3; i++) {
        CHECK(COMMAND(fd, ALLOC_PD, 0, 0, 0, 0, 0, 0, 0, 0) == 0);
        pd = result;
        CHECK(COMMAND(fd, CREATE_CQ, memory, 4, memory + 4096, 0, 0, 0, 0, 0) == 0);
        cq = result;
        CHECK(COMMAND(fd, CREATE_QP, pd, cq | cq << 32, memory + 8192, 4, memory + 65536, 4, memory + 4104, 100) == 0);
        if (i < 2) {
            CHECK(close(fd) == 0);
            fd = open("/dev/infiniband/uverbs0", O_RDWR);
        }
    }
    printf("%d broken\n", broken);
    return broken ? 1 : 23;
}
