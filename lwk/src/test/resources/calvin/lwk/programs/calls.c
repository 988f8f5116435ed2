// SPDX-License-Identifier: Apache-2.0
// One section per system call of the kernel, by number, without the C library's help in between. Prints "name ok" or what is broken.
// With the argument "linux" it runs on a Linux kernel and leaves out what only the lightweight kernel has: so what is expected here of
// calls that both have is what Linux does.

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/time.h>
#include <sys/times.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

static int on_linux;
static const char *section;
static int broken_in_section, broken;

static void begin(const char *name) {
    section = name;
    broken_in_section = 0;
}

static void end(void) {
    if (!broken_in_section) {
        printf("%s ok\n", section);
    }
}

static void check(int good, const char *what, int line) {
    if (!good) {
        printf("%s BROKEN: %s (line %d, errno %d)\n", section, what, line, errno);
        broken_in_section = 1;
        broken++;
    }
}

#define CHECK(condition) check(!!(condition), #condition, __LINE__)
#define FAILS(call, error) do { errno = 0; long r_ = (long) (call); check(r_ == -1 && errno == (error), #call " fails with " #error, __LINE__); } while (0)
#define BAD ((void *) 8)

static void files(void) {
    char text[64] = "";
    char path[] = "/tmp/calvin-calls-test";
    struct stat st;
    unlink(path);

    begin("openat");
    FAILS(syscall(SYS_openat, AT_FDCWD, "/no/such/file", O_RDONLY, 0), ENOENT);
    FAILS(syscall(SYS_openat, AT_FDCWD, BAD, O_RDONLY, 0), EFAULT);
    FAILS(syscall(SYS_openat, AT_FDCWD, "", O_RDONLY, 0), ENOENT);
    FAILS(syscall(SYS_openat, AT_FDCWD, "/tmp", O_WRONLY, 0), EISDIR);
    int fd = syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CREAT | O_EXCL, 0644);
    CHECK(fd == 3);
    FAILS(syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CREAT | O_EXCL, 0644), EEXIST);
    FAILS(syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_DIRECTORY, 0), ENOTDIR);
    int null = syscall(SYS_openat, AT_FDCWD, "/dev/null", O_RDWR, 0);
    int zero = syscall(SYS_openat, AT_FDCWD, "/dev/zero", O_RDWR, 0);
    CHECK(null == 4 && zero == 5);
    end();

    begin("write");
    CHECK(syscall(SYS_write, fd, "hello, world", 12) == 12);
    CHECK(syscall(SYS_write, null, "x", 1) == 1);
    CHECK(syscall(SYS_write, 1, "", 0) == 0);
    FAILS(syscall(SYS_write, fd, BAD, 1), EFAULT);
    FAILS(syscall(SYS_write, 1, BAD, 1), EFAULT);
    FAILS(syscall(SYS_write, 77, "x", 1), EBADF);
    FAILS(syscall(SYS_write, -1, "x", 1), EBADF);
    end();

    begin("lseek");
    CHECK(syscall(SYS_lseek, fd, 0, SEEK_CUR) == 12);
    CHECK(syscall(SYS_lseek, fd, -5, SEEK_END) == 7);
    FAILS(syscall(SYS_lseek, fd, -1, SEEK_SET), EINVAL);
    FAILS(syscall(SYS_lseek, fd, 0, 9), EINVAL);
    FAILS(syscall(SYS_lseek, 77, 0, SEEK_SET), EBADF);
    end();

    begin("read");
    CHECK(syscall(SYS_read, fd, text, 64) == 5 && memcmp(text, "world", 5) == 0);
    CHECK(syscall(SYS_read, fd, text, 64) == 0);
    CHECK(syscall(SYS_read, null, text, 64) == 0);
    memset(text, 1, sizeof text);
    CHECK(syscall(SYS_read, zero, text, 64) == 64 && text[0] == 0 && text[63] == 0);
    FAILS(syscall(SYS_read, zero, BAD, 1), EFAULT);
    FAILS(syscall(SYS_read, 77, text, 1), EBADF);
    end();

    begin("writev");
    struct iovec out[3] = {{"abc", 3}, {"", 0}, {"defg", 4}};
    CHECK(syscall(SYS_lseek, fd, 0, SEEK_SET) == 0);
    CHECK(syscall(SYS_writev, fd, out, 3) == 7);
    FAILS(syscall(SYS_writev, fd, BAD, 1), EFAULT);
    FAILS(syscall(SYS_writev, fd, out, -1), EINVAL);
    end();

    begin("readv");
    char first[2], second[16];
    struct iovec in[2] = {{first, 2}, {second, 16}};
    CHECK(syscall(SYS_lseek, fd, 0, SEEK_SET) == 0);
    CHECK(syscall(SYS_readv, fd, in, 2) == 12 && memcmp(first, "ab", 2) == 0 && memcmp(second, "cdefgworld", 10) == 0);
    FAILS(syscall(SYS_readv, 77, in, 2), EBADF);
    end();

    begin("pread64");
    CHECK(syscall(SYS_pread64, fd, text, 3, 4L) == 3 && memcmp(text, "efg", 3) == 0);
    CHECK(syscall(SYS_lseek, fd, 0, SEEK_CUR) == 12);
    FAILS(syscall(SYS_pread64, fd, text, 3, -1L), EINVAL);
    end();

    begin("pwrite64");
    CHECK(syscall(SYS_pwrite64, fd, "XY", 2, 20L) == 2);
    CHECK(syscall(SYS_pread64, fd, text, 64, 12L) == 10 && text[0] == 0 && text[7] == 0 && text[8] == 'X');
    end();

    begin("ftruncate");
    CHECK(syscall(SYS_ftruncate, fd, 3) == 0);
    CHECK(syscall(SYS_ftruncate, fd, 6) == 0);
    CHECK(syscall(SYS_pread64, fd, text, 64, 0L) == 6 && memcmp(text, "abc\0\0\0", 6) == 0);
    FAILS(syscall(SYS_ftruncate, fd, -1), EINVAL);
    end();

    begin("fstat");
    CHECK(syscall(SYS_fstat, fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size == 6);
    CHECK(syscall(SYS_fstat, null, &st) == 0 && S_ISCHR(st.st_mode));
    FAILS(syscall(SYS_fstat, 77, &st), EBADF);
    FAILS(syscall(SYS_fstat, fd, BAD), EFAULT);
    end();

    begin("newfstatat");
    CHECK(syscall(SYS_newfstatat, AT_FDCWD, path, &st, 0) == 0 && st.st_size == 6);
    CHECK(syscall(SYS_newfstatat, AT_FDCWD, "/tmp", &st, 0) == 0 && S_ISDIR(st.st_mode));
    CHECK(syscall(SYS_newfstatat, fd, "", &st, AT_EMPTY_PATH) == 0 && S_ISREG(st.st_mode));
    FAILS(syscall(SYS_newfstatat, AT_FDCWD, "/no/such", &st, 0), ENOENT);
    end();

    begin("statx");
    struct statx stx;
    CHECK(syscall(SYS_statx, AT_FDCWD, path, 0, STATX_BASIC_STATS, &stx) == 0 && stx.stx_size == 6 && S_ISREG(stx.stx_mode));
    FAILS(syscall(SYS_statx, AT_FDCWD, "/no/such", 0, STATX_BASIC_STATS, &stx), ENOENT);
    end();

    begin("faccessat");
    CHECK(syscall(SYS_faccessat, AT_FDCWD, path, F_OK) == 0);
    FAILS(syscall(SYS_faccessat, AT_FDCWD, "/no/such", F_OK), ENOENT);
    end();

    begin("dup");
    int copy = syscall(SYS_dup, fd);
    CHECK(copy == 6);
    CHECK(syscall(SYS_lseek, copy, 2, SEEK_SET) == 2 && syscall(SYS_lseek, fd, 0, SEEK_CUR) == 2);
    FAILS(syscall(SYS_dup, 77), EBADF);
    end();

    begin("dup3");
    CHECK(syscall(SYS_dup3, fd, 9, 0) == 9 && syscall(SYS_dup3, null, 9, 0) == 9);
    CHECK(syscall(SYS_read, 9, text, 1) == 0);
    FAILS(syscall(SYS_dup3, fd, fd, 0), EINVAL);
    FAILS(syscall(SYS_dup3, 77, 9, 0), EBADF);
    end();

    begin("fcntl");
    CHECK((syscall(SYS_fcntl, fd, F_GETFL) & O_ACCMODE) == O_RDWR);
    CHECK(syscall(SYS_fcntl, fd, F_SETFL, O_APPEND) == 0 && (syscall(SYS_fcntl, fd, F_GETFL) & O_APPEND) != 0);
    CHECK(syscall(SYS_write, fd, "end", 3) == 3 && syscall(SYS_lseek, fd, 0, SEEK_CUR) == 9);
    CHECK(syscall(SYS_fcntl, fd, F_DUPFD, 20) == 20);
    FAILS(syscall(SYS_fcntl, 77, F_GETFL), EBADF);
    end();

    begin("close");
    CHECK(syscall(SYS_close, 20) == 0 && syscall(SYS_close, 9) == 0 && syscall(SYS_close, copy) == 0);
    FAILS(syscall(SYS_close, copy), EBADF);
    end();

    begin("ppoll");
    struct pollfd polled[2] = {{null, POLLIN | POLLOUT, 0}, {77, POLLIN, 0}};
    CHECK(syscall(SYS_ppoll, polled, 2, NULL, NULL, 0) == 2);
    CHECK(polled[0].revents == (POLLIN | POLLOUT) && polled[1].revents == POLLNVAL);
    struct timespec millisecond = {0, 1000000};
    CHECK(syscall(SYS_ppoll, polled, 0, &millisecond, NULL, 0) == 0);
    end();

    begin("ioctl");
    FAILS(syscall(SYS_ioctl, fd, TCGETS, text), ENOTTY);
    FAILS(syscall(SYS_ioctl, 77, TCGETS, text), EBADF);
    if (!on_linux) {
        struct winsize size = {0};
        CHECK(isatty(1) && syscall(SYS_ioctl, 1, TIOCGWINSZ, &size) == 0 && size.ws_col == 80);
        FAILS(syscall(SYS_ioctl, 1, TCGETS, BAD), EFAULT);
    }
    end();

    begin("readlinkat");
    CHECK(syscall(SYS_readlinkat, AT_FDCWD, "/proc/self/exe", text, 64) > 1 && text[0] == '/');
    FAILS(syscall(SYS_readlinkat, AT_FDCWD, path, text, 64), EINVAL);
    FAILS(syscall(SYS_readlinkat, AT_FDCWD, "/no/such", text, 64), ENOENT);
    end();

    begin("unlinkat");
    CHECK(syscall(SYS_unlinkat, AT_FDCWD, path, 0) == 0);
    FAILS(syscall(SYS_unlinkat, AT_FDCWD, path, 0), ENOENT);
    CHECK(syscall(SYS_pread64, fd, text, 3, 0L) == 3 && memcmp(text, "abc", 3) == 0);
    close(fd);
    close(null);
    close(zero);
    end();

    begin("mkdirat");
    if (!on_linux) {
        CHECK(syscall(SYS_mkdirat, AT_FDCWD, "/tmp/directory", 0755) == 0);
        CHECK((fd = open("/tmp/directory/file", O_CREAT | O_WRONLY, 0644)) == 3 && close(fd) == 0);
    }
    FAILS(syscall(SYS_mkdirat, AT_FDCWD, "/tmp", 0755), EEXIST);
    FAILS(syscall(SYS_mkdirat, AT_FDCWD, "/no/such/place", 0755), ENOENT);
    end();

    begin("getcwd");
    CHECK(syscall(SYS_getcwd, text, 64) > 1 && text[0] == '/');
    FAILS(syscall(SYS_getcwd, text, 1), ERANGE);
    end();

    begin("getrandom");
    unsigned char random[64] = {0};
    int different = 0;
    CHECK(syscall(SYS_getrandom, random, 64, 0) == 64);
    for (int i = 1; i < 64; i++) {
        different += random[i] != random[0];
    }
    CHECK(different > 40);
    FAILS(syscall(SYS_getrandom, BAD, 8, 0), EFAULT);
    end();
}

static void memory(void) {
    begin("brk");
    char *start = (char *) syscall(SYS_brk, 0);
    CHECK((char *) syscall(SYS_brk, start + 10000) == start + 10000);
    start[0] = 1;
    start[9999] = 1;
    CHECK((char *) syscall(SYS_brk, start) == start);
    CHECK((char *) syscall(SYS_brk, start + 10000) == start + 10000 && start[0] == 0 && start[9999] == 0);
    CHECK((char *) syscall(SYS_brk, start) == start);
    CHECK((char *) syscall(SYS_brk, 1L << 45) == start);
    end();

    begin("mmap");
    char *a = mmap(NULL, 10000, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    char *b = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(a != MAP_FAILED && b != MAP_FAILED && ((long) a & 4095) == 0 && a[0] == 0 && a[12287] == 0);
    memset(a, 7, 12288);
    CHECK(mmap(a + 4096, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == a + 4096);
    CHECK(a[4095] == 7 && a[4096] == 0 && a[8191] == 0 && a[8192] == 7);
    int zero = open("/dev/zero", O_RDWR);
    char *z = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, zero, 0);
    CHECK(z != MAP_FAILED && z[0] == 0 && z[4095] == 0);
    z[0] = 1;
    close(zero);
    unlink("/tmp/calvin-map");
    int fd = open("/tmp/calvin-map", O_RDWR | O_CREAT, 0644);
    CHECK(write(fd, "mapped", 6) == 6);
    char *m = mmap(NULL, 6, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    CHECK(m != MAP_FAILED && memcmp(m, "mapped", 7) == 0);
    close(fd);
    unlink("/tmp/calvin-map");
    unsigned *code = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    code[0] = 0x02A00513;       // li a0, 42
    code[1] = 0x00008067;       // ret
    __builtin___clear_cache((char *) code, (char *) (code + 2));
    CHECK(((int (*)(void)) code)() == 42);
    FAILS(mmap(NULL, 0, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), EINVAL);
    FAILS(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 77, 0), EBADF);
    FAILS(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 1), EINVAL);
    if (!on_linux) {                            // QEMU takes minutes to find that it has no such hole
        FAILS(mmap(NULL, 1L << 46, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), ENOMEM);
    }
    end();

    begin("munmap");
    CHECK(munmap(b, 4096) == 0 && munmap(a, 12288) == 0);
    FAILS(munmap(a + 1, 4096), EINVAL);
    FAILS(munmap(a, 0), EINVAL);
    if (!on_linux) {
        for (int i = 0; i < 10; i++) {          // more than the heap if memory did not come back
            char *c = mmap(NULL, 8 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
            CHECK(c != MAP_FAILED && c[0] == 0 && c[(8 << 20) - 1] == 0);
            c[0] = c[(8 << 20) - 1] = 1;
            CHECK(munmap(c, 8 << 20) == 0);
        }
    }
    end();

    begin("mremap");
    char *r = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memset(r, 5, 8192);
    char *bigger = mremap(r, 8192, 65536, MREMAP_MAYMOVE);
    CHECK(bigger != MAP_FAILED && bigger[0] == 5 && bigger[8191] == 5 && bigger[8192] == 0 && bigger[65535] == 0);
    CHECK(mremap(bigger, 65536, 4096, 0) == bigger && bigger[4095] == 5);
    FAILS(mremap(bigger + 1, 4096, 8192, MREMAP_MAYMOVE), EINVAL);
    CHECK(munmap(bigger, 4096) == 0);
    end();

    begin("mprotect");
    char *p = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(mprotect(p, 4096, PROT_READ) == 0 && mprotect(p, 4096, PROT_READ | PROT_WRITE) == 0);
    FAILS(mprotect(p + 1, 4096, PROT_READ), EINVAL);
    FAILS(mprotect((void *) (1L << 37), 4096, PROT_READ), ENOMEM);
    end();

    begin("madvise");
    p[0] = 9;
    CHECK(madvise(p, 8192, MADV_DONTNEED) == 0 && p[0] == 0);
    CHECK(madvise(p, 8192, MADV_WILLNEED) == 0);
    FAILS(madvise(p + 1, 4096, MADV_DONTNEED), EINVAL);
    end();

    begin("mlock");
    CHECK(syscall(SYS_mlock, p, 4096) == 0);
    end();
    begin("munlock");
    CHECK(syscall(SYS_munlock, p, 4096) == 0);
    munmap(p, 8192);
    end();
    begin("mlockall");
    CHECK(on_linux || syscall(SYS_mlockall, MCL_CURRENT) == 0);
    end();
    begin("munlockall");
    CHECK(syscall(SYS_munlockall) == 0);
    end();

    begin("riscv_flush_icache");
    CHECK(syscall(259, 0L, 0L, 0L) == 0);
    end();
}

static long now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000L + t.tv_nsec;
}

static void clocks(void) {
    struct timespec t, u;
    begin("clock_gettime");
    CHECK(syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &t) == 0 && t.tv_nsec >= 0 && t.tv_nsec < 1000000000);
    CHECK(syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &u) == 0 && (u.tv_sec > t.tv_sec || u.tv_nsec >= t.tv_nsec));
    CHECK(syscall(SYS_clock_gettime, CLOCK_REALTIME, &t) == 0);
    CHECK(syscall(SYS_clock_gettime, CLOCK_PROCESS_CPUTIME_ID, &t) == 0);
    FAILS(syscall(SYS_clock_gettime, 99, &t), EINVAL);
    FAILS(syscall(SYS_clock_gettime, CLOCK_MONOTONIC, BAD), EFAULT);
    end();

    begin("clock_getres");
    CHECK(syscall(SYS_clock_getres, CLOCK_MONOTONIC, &t) == 0 && t.tv_sec == 0 && t.tv_nsec >= 1 && t.tv_nsec <= 1000);
    FAILS(syscall(SYS_clock_getres, 99, &t), EINVAL);
    end();

    begin("gettimeofday");
    struct timeval tv;
    CHECK(syscall(SYS_gettimeofday, &tv, NULL) == 0 && tv.tv_usec >= 0 && tv.tv_usec < 1000000);
    FAILS(syscall(SYS_gettimeofday, BAD, NULL), EFAULT);
    end();

    begin("nanosleep");
    long before = now();
    t = (struct timespec) {0, 2000000};
    CHECK(syscall(SYS_nanosleep, &t, NULL) == 0);
    CHECK(now() - before >= 2000000 && (on_linux || now() - before < 2100000));
    t.tv_nsec = 1000000000;
    FAILS(syscall(SYS_nanosleep, &t, NULL), EINVAL);
    if (!on_linux) {
        FAILS(syscall(SYS_nanosleep, BAD, NULL), EFAULT);       // QEMU says EINVAL
    }
    end();

    begin("clock_nanosleep");
    syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &t);
    before = now();
    t.tv_nsec += 3000000;
    if (t.tv_nsec >= 1000000000) {
        t.tv_nsec -= 1000000000;
        t.tv_sec++;
    }
    CHECK(syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) == 0);
    CHECK(now() - before >= 2900000 && (on_linux || now() - before < 3200000));
    CHECK(syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) == 0);
    end();

    begin("times");
    struct tms tms;
    CHECK(syscall(SYS_times, &tms) >= 0 && tms.tms_utime >= 0);
    end();

    begin("getrusage");
    struct rusage usage;
    CHECK(syscall(SYS_getrusage, RUSAGE_SELF, &usage) == 0 && usage.ru_utime.tv_sec >= 0);
    FAILS(syscall(SYS_getrusage, RUSAGE_SELF, BAD), EFAULT);
    end();
}

static void identity(void) {
    begin("getpid");
    CHECK(syscall(SYS_getpid) > 1);
    end();
    begin("gettid");
    CHECK(syscall(SYS_gettid) == syscall(SYS_getpid));
    end();
    begin("getppid");
    CHECK(syscall(SYS_getppid) >= 1);
    end();
    begin("getuid");
    CHECK(syscall(SYS_getuid) >= 0);
    end();
    begin("geteuid");
    CHECK(syscall(SYS_geteuid) == syscall(SYS_getuid));
    end();
    begin("getgid");
    CHECK(syscall(SYS_getgid) >= 0);
    end();
    begin("getegid");
    CHECK(syscall(SYS_getegid) == syscall(SYS_getgid));
    end();
    begin("getgroups");
    CHECK(syscall(SYS_getgroups, 0, NULL) >= 0);
    end();
    begin("umask");
    CHECK(syscall(SYS_umask, 022) >= 0 && syscall(SYS_umask, 022) == 022);
    end();

    begin("uname");
    struct utsname name;
    CHECK(syscall(SYS_uname, &name) == 0 && strcmp(name.sysname, "Linux") == 0 && strcmp(name.machine, "riscv64") == 0);
    FAILS(syscall(SYS_uname, BAD), EFAULT);
    end();

    begin("sethostname");
    if (!on_linux) {
        CHECK(syscall(SYS_sethostname, "elsewhere", 9) == 0 && syscall(SYS_uname, &name) == 0 && strcmp(name.nodename, "elsewhere") == 0);
        FAILS(syscall(SYS_sethostname, "x", 1000), EINVAL);
    }
    end();

    begin("getrlimit");
    struct rlimit limit;
    CHECK(syscall(SYS_getrlimit, RLIMIT_STACK, &limit) == 0 && limit.rlim_cur >= 1 << 20);
    FAILS(syscall(SYS_getrlimit, 99, &limit), EINVAL);
    FAILS(syscall(SYS_getrlimit, RLIMIT_STACK, BAD), EFAULT);
    end();

    begin("prlimit64");
    CHECK(syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, NULL, &limit) == 0 && limit.rlim_cur >= 64);
    FAILS(syscall(SYS_prlimit64, 0, 99, NULL, &limit), EINVAL);
    end();

    begin("sysinfo");
    struct sysinfo info;
    CHECK(syscall(SYS_sysinfo, &info) == 0 && info.totalram > 0 && info.freeram <= info.totalram && info.mem_unit >= 1);
    end();

    begin("prctl");
    char text[16] = "";
    CHECK(syscall(SYS_prctl, PR_SET_NAME, "renamed") == 0 && syscall(SYS_prctl, PR_GET_NAME, text) == 0 && strcmp(text, "renamed") == 0);
    FAILS(syscall(SYS_prctl, 9999, 0), EINVAL);
    end();

    begin("getcpu");
    unsigned cpu = 99, node = 99;
    CHECK(syscall(SYS_getcpu, &cpu, &node, NULL) == 0 && (on_linux || (cpu == 0 && node == 0)));
    FAILS(syscall(SYS_getcpu, BAD, NULL, NULL), EFAULT);
    end();

    begin("getpgid");
    long group = syscall(SYS_getpgid, 0);
    CHECK(group >= (on_linux ? 0 : 1) && syscall(SYS_getpgid, syscall(SYS_getpid)) == group);
    FAILS(syscall(SYS_getpgid, 32000000), ESRCH);
    end();
    begin("getsid");
    /* 0 means a session led from outside the PID namespace (getsid(2)): a container's first process sees that. */
    CHECK(syscall(SYS_getsid, 0) >= (on_linux ? 0 : 1));
    FAILS(syscall(SYS_getsid, 32000000), ESRCH);
    end();
    begin("setpgid");
    FAILS(syscall(SYS_setpgid, 32000000, 0), ESRCH);
    if (!on_linux) {
        CHECK(syscall(SYS_setpgid, 0, 0) == 0);
        FAILS(syscall(SYS_setpgid, 0, 1), EPERM);
    }
    end();
    begin("sched_setaffinity");
    unsigned long every[128];
    memset(every, 0xFF, sizeof every);
    CHECK(syscall(SYS_sched_setaffinity, 0, sizeof every, every) == 0);
    memset(every, 0, sizeof every);
    FAILS(syscall(SYS_sched_setaffinity, 0, sizeof every, every), EINVAL);
    FAILS(syscall(SYS_sched_setaffinity, 32000000, sizeof every, every), ESRCH);
    end();
    if (!on_linux) {
        begin("clone3");
        unsigned long clone_args[8] = {0};
        FAILS(syscall(435, clone_args, 8), EINVAL);
        FAILS(syscall(435, 8, 64), EFAULT);
        FAILS(syscall(435, clone_args, 64), ENOSYS);
        end();
    }
    begin("sched_getaffinity");
    unsigned long set[16] = {0};
    CHECK(syscall(SYS_sched_getaffinity, 0, sizeof set, set) >= 8 && set[0] != 0);
    FAILS(syscall(SYS_sched_getaffinity, 0, 1, set), EINVAL);
    FAILS(syscall(SYS_sched_getaffinity, 32000000, sizeof set, set), ESRCH);
    end();

    begin("sched_yield");
    CHECK(syscall(SYS_sched_yield) == 0);
    end();

    begin("wait4");
    FAILS(syscall(SYS_wait4, -1, NULL, 0, NULL), ECHILD);
    end();

    if (!on_linux) {
        begin("clone");
        FAILS(syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0), ENOSYS);
        end();
        begin("rseq");
        FAILS(syscall(293, 0, 0, 0, 0), ENOSYS);
        end();
        begin("riscv_hwprobe");
        FAILS(syscall(258, 0, 0, 0, 0, 0), ENOSYS);
        end();
        begin("unknown");
        FAILS(syscall(999), ENOSYS);
        FAILS(syscall(999), ENOSYS);
        FAILS(syscall(5000), ENOSYS);
        FAILS(syscall(-1L), ENOSYS);
        end();
    }
}

static volatile int handled;
static volatile long handled_on_stack;
static char other_stack[65536];

static void handler(int signal, siginfo_t *info, void *context) {
    ucontext_t *uc = context;
    handled += signal;
    handled_on_stack = (char *) &uc - other_stack;
    if (signal == SIGSEGV) {
        handled += info->si_addr == BAD ? 1000 : 0;
        uc->uc_mcontext.__gregs[0] += 4;        // step over the load
    }
}

static void signals(void) {
    struct sigaction action = {0}, before;
    long pid = syscall(SYS_getpid), tid = syscall(SYS_gettid);
    action.sa_sigaction = handler;
    action.sa_flags = SA_SIGINFO;

    begin("rt_sigaction");
    CHECK(sigaction(SIGUSR1, &action, NULL) == 0 && sigaction(SIGUSR1, NULL, &before) == 0 && before.sa_sigaction == handler);
    FAILS(syscall(SYS_rt_sigaction, SIGKILL, &action, NULL, 8), EINVAL);
    FAILS(syscall(SYS_rt_sigaction, 99, &action, NULL, 8), EINVAL);
    FAILS(syscall(SYS_rt_sigaction, SIGUSR1, BAD, NULL, 8), EFAULT);
    end();

    begin("kill");
    register double kept __asm__("fs0") = 1.5;
    __asm__ volatile("" : "+f"(kept));
    CHECK(syscall(SYS_kill, pid, SIGUSR1) == 0 && handled == SIGUSR1);
    __asm__ volatile("" : "+f"(kept));
    CHECK(kept == 1.5);
    CHECK(syscall(SYS_kill, pid, 0) == 0);
    FAILS(syscall(SYS_kill, pid, 99), EINVAL);
    FAILS(syscall(SYS_kill, 32000000, 0), ESRCH);
    end();

    begin("tkill");
    handled = 0;
    CHECK(syscall(SYS_tkill, tid, SIGUSR1) == 0 && handled == SIGUSR1);
    end();

    begin("rt_sigprocmask");
    uint64_t set = 1ul << (SIGUSR1 - 1), old = 0, pending = 0;
    handled = 0;
    CHECK(syscall(SYS_rt_sigprocmask, SIG_BLOCK, &set, &old, 8) == 0 && old == 0);
    CHECK(syscall(SYS_tgkill, pid, tid, SIGUSR1) == 0 && handled == 0);
    FAILS(syscall(SYS_rt_sigprocmask, 99, &set, NULL, 8), EINVAL);
    FAILS(syscall(SYS_rt_sigprocmask, SIG_BLOCK, BAD, NULL, 8), EFAULT);
    FAILS(syscall(SYS_rt_sigprocmask, SIG_BLOCK, &set, NULL, 3), EINVAL);
    end();

    begin("rt_sigpending");
    CHECK(syscall(SYS_rt_sigpending, &pending, 8) == 0 && pending == set);
    CHECK(syscall(SYS_rt_sigprocmask, SIG_UNBLOCK, &set, NULL, 8) == 0 && handled == SIGUSR1);
    CHECK(syscall(SYS_rt_sigpending, &pending, 8) == 0 && pending == 0);
    end();

    begin("rt_sigtimedwait");
    int info[32] = {0};
    struct timespec moment = {0, 1000};
    uint64_t usr1 = 1UL << (SIGUSR1 - 1);
    uint64_t mask_before = 0;
    syscall(SYS_rt_sigprocmask, SIG_BLOCK, &usr1, &mask_before, 8);
    FAILS(syscall(SYS_rt_sigtimedwait, &usr1, info, &moment, 8), EAGAIN);
    syscall(SYS_kill, syscall(SYS_getpid), SIGUSR1);
    CHECK(syscall(SYS_rt_sigtimedwait, &usr1, info, &moment, 8) == SIGUSR1);
    CHECK(info[0] == SIGUSR1 && info[2] == SI_USER && info[4] == syscall(SYS_getpid));
    syscall(SYS_tgkill, syscall(SYS_getpid), syscall(SYS_gettid), SIGUSR1);
    CHECK(syscall(SYS_rt_sigtimedwait, &usr1, info, NULL, 8) == SIGUSR1 && info[2] == SI_TKILL);
    FAILS(syscall(SYS_rt_sigtimedwait, &usr1, info, &moment, 4), EINVAL);
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &mask_before, NULL, 8);
    end();
    begin("rt_sigsuspend");
    FAILS(syscall(SYS_rt_sigsuspend, &usr1, 4), EINVAL);
    end();
    begin("tgkill");
    handled = 0;
    CHECK(syscall(SYS_tgkill, pid, tid, SIGUSR1) == 0 && handled == SIGUSR1);
    FAILS(syscall(SYS_tgkill, pid, 32000000, SIGUSR1), ESRCH);
    end();

    begin("sigaltstack");
    stack_t stack = {other_stack, 0, sizeof other_stack}, was;
    CHECK(syscall(SYS_sigaltstack, &stack, &was) == 0 && was.ss_flags == SS_DISABLE);
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    CHECK(sigaction(SIGUSR2, &action, NULL) == 0 && raise(SIGUSR2) == 0);
    CHECK(handled_on_stack > 0 && handled_on_stack < (long) sizeof other_stack);
    stack.ss_size = 1;
    FAILS(syscall(SYS_sigaltstack, &stack, NULL), ENOMEM);
    end();

    begin("rt_sigreturn");
    handled = 0;
    action.sa_flags = SA_SIGINFO;
    CHECK(sigaction(SIGSEGV, &action, NULL) == 0);
    long value = 5;
    __asm__ volatile(".option push\n.option norvc\nld %0, 0(%1)\n.option pop" : "+r"(value) : "r"(BAD));
    CHECK(handled == SIGSEGV + 1000 && value == 5);
    signal(SIGSEGV, SIG_DFL);
    signal(SIGUSR1, SIG_IGN);
    CHECK(raise(SIGUSR1) == 0 && raise(SIGCHLD) == 0);
    end();
}

static void futexes(void) {
    uint32_t word = 5;
    struct timespec t = {0, 1000000};
    begin("futex");
    FAILS(syscall(SYS_futex, &word, FUTEX_WAIT, 4, NULL, NULL, 0), EAGAIN);
    FAILS(syscall(SYS_futex, &word, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, 5, &t, NULL, 0), ETIMEDOUT);
    syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &t);
    FAILS(syscall(SYS_futex, &word, FUTEX_WAIT_BITSET, 5, &t, NULL, ~0), ETIMEDOUT);
    CHECK(syscall(SYS_futex, &word, FUTEX_WAKE, 1, NULL, NULL, 0) == 0);
    CHECK(syscall(SYS_futex, &word, FUTEX_WAKE_BITSET, 1, NULL, NULL, 1) == 0);
    uint32_t other = 0;
    CHECK(syscall(SYS_futex, &word, FUTEX_CMP_REQUEUE, 1, 1, &other, 5) == 0);
    FAILS(syscall(SYS_futex, &word, FUTEX_CMP_REQUEUE, 1, 1, &other, 4), EAGAIN);
    FAILS(syscall(SYS_futex, (char *) &word + 1, FUTEX_WAIT, 5, NULL, NULL, 0), EINVAL);
    FAILS(syscall(SYS_futex, BAD, FUTEX_WAIT, 5, NULL, NULL, 0), EFAULT);
    FAILS(syscall(SYS_futex, &word, 99, 5, NULL, NULL, 0), ENOSYS);
    end();

    if (!on_linux) {                            // QEMU has no robust lists
        begin("set_robust_list");
        long head[3] = {(long) head, 0, 0};
        CHECK(syscall(SYS_set_robust_list, head, 24) == 0);
        FAILS(syscall(SYS_set_robust_list, head, 23), EINVAL);
        end();
        begin("get_robust_list");
        long got = 0, bytes = 0;
        CHECK(syscall(SYS_get_robust_list, 0, &got, &bytes) == 0 && got == (long) head && bytes == 24);
        end();
    }
    begin("set_tid_address");
    CHECK(syscall(SYS_set_tid_address, &word) == syscall(SYS_gettid));
    end();
}

struct pmem_region {
    uint64_t start, end;
    uint8_t type_is_set;
    uint32_t type;
    uint8_t numa_is_set;
    uint32_t numa;
    uint8_t allocated_is_set, allocated, name_is_set;
    char name[32];
};

static void lwk(void) {
    struct pmem_region query = {0, ~0ul >> 1}, found;
    uint32_t id = 0;
    uint64_t pa = 0, pa2 = 0, ns = 0, joules = 9;

    begin("pmem_query");
    CHECK(sizeof query == 72);
    query.type_is_set = 1;
    query.type = 5;
    query.allocated_is_set = 1;
    CHECK(syscall(503, &query, &found) == 0 && found.type == 5 && !found.allocated && found.end > found.start);
    query.type = 6;
    FAILS(syscall(503, &query, &found), ENOENT);
    FAILS(syscall(503, BAD, &found), EFAULT);
    end();
    begin("aspace_get_myid");
    CHECK(syscall(506, &id) == 0 && id == syscall(SYS_getpid));
    end();
    begin("aspace_virt_to_phys");
    CHECK(syscall(514, id, &query, &pa) == 0 && syscall(514, id, (char *) &query + 1, &pa2) == 0 && pa2 == pa + 1);
    FAILS(syscall(514, id, BAD, &pa), EINVAL);
    FAILS(syscall(514, 999, &query, &pa), EINVAL);
    end();
    begin("aspace_dump");
    CHECK(syscall(517, id) == 0);
    FAILS(syscall(517, 999), EINVAL);
    end();
    begin("elf_hwcap");
    CHECK(syscall(520, &id) == 0 && (id & 1 << ('D' - 'A')) != 0);
    end();
    begin("task_getcpu");
    CHECK(syscall(522) == 0);
    end();
    begin("task_meas");
    CHECK(syscall(528, -1, &ns, &joules) == 0 && ns > 0 && joules == 0);
    end();
    begin("set_rank");
    CHECK(syscall(533, 17) == 0);
    end();
    begin("get_rank");
    CHECK(syscall(532, &id) == 0 && id == 17);
    end();
}

int main(int argc, char **argv) {
    on_linux = argc > 1 && strcmp(argv[1], "linux") == 0;
    setvbuf(stdout, NULL, _IOLBF, 4096);
    files();
    memory();
    clocks();
    identity();
    signals();
    futexes();
    if (!on_linux) {
        lwk();
    }
    printf("%d broken\n", broken);
    fflush(stdout);
    syscall(SYS_exit_group, broken ? 1 : 21);
    return 99;
}
