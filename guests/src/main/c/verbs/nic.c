// SPDX-License-Identifier: Apache-2.0
// The seam on a real system: the device file of the RDMA card.

#define _GNU_SOURCE
#include "nic.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum { PAGE_BYTES = 4096 };

int nic_open(const char *path) {
    return open(path, O_RDWR | O_CLOEXEC);
}

void nic_close(int fd) {
    close(fd);
}

int nic_command(int fd, struct calvin_verbs_command *command) {
    return ioctl(fd, CARD_IOCTL, command) < 0 ? errno : 0;
}

volatile uint64_t *nic_map_doorbells(int fd) {
    void *page = mmap(NULL, CARD_UAR_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    return page == MAP_FAILED ? NULL : page;
}

static size_t whole_pages(size_t bytes) {
    return (bytes + PAGE_BYTES - 1) & ~(size_t) (PAGE_BYTES - 1);
}

void *nic_allocate(size_t bytes) {
    void *memory = mmap(NULL, whole_pages(bytes), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

void nic_release(void *memory, size_t bytes) {
    munmap(memory, whole_pages(bytes));
}

void nic_sleep_us(uint32_t microseconds) {
    struct timespec wanted = {microseconds / 1000000, (long) (microseconds % 1000000) * 1000};
    nanosleep(&wanted, NULL);
}
