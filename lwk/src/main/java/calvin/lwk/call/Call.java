package calvin.lwk.call;

import static calvin.lwk.abi.Errno.ENOSYS;

import calvin.lwk.drv.Console;
import calvin.lwk.state.HartStruct;
import calvin.lwk.state.KernelState;
import calvin.lwk.state.TaskStruct;
import calvin.machine.hosted.HartPort;
import calvin.machine.isa.Csr;
import calvin.sim.state.Memory;

/**
 * Every system call of the kernel. The table is the documentation, the dispatcher and the test list. A number without a
 * row is reported once on the console and fails with -ENOSYS, as does one whose row says so.
 */
public enum Call {
    // @formatter:off
    GETCWD           ( 17, FileCalls::getcwd,           "always \"/\""),
    DUP              ( 23, FileCalls::dup,              ""),
    DUP3             ( 24, FileCalls::dup3,             "flags are ignored: there is no exec"),
    FCNTL            ( 25, FileCalls::fcntl,            "F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL"),
    IOCTL            ( 29, DeviceCalls::ioctl,
        "console: TCGETS, TCSETS, TIOCGWINSZ; RDMA card: verbs commands"),
    MKDIRAT          ( 34, PathCalls::mkdirat,          "files in memory"),
    UNLINKAT         ( 35, PathCalls::unlinkat,         "files in memory"),
    FTRUNCATE        ( 46, FileCalls::ftruncate,        "files in memory"),
    FACCESSAT        ( 48, PathCalls::faccessat,        "existence only: there are no permissions"),
    OPENAT           ( 56, PathCalls::openat,           "devices and files in memory; relative paths start at /"),
    CLOSE            ( 57, FileCalls::close,            ""),
    LSEEK            ( 62, FileCalls::lseek,            "files in memory and job input; -ESPIPE on devices"),
    READ             ( 63, FileCalls::read,
        "console: polls, Ctrl-D ends for good; without console input: end of file"),
    WRITE            ( 64, FileCalls::write,            "console: SBI DBCN from the task's pages; errors: 0x09CA0000"),
    READV            ( 65, FileCalls::readv,            ""),
    WRITEV           ( 66, FileCalls::writev,           ""),
    PREAD64          ( 67, FileCalls::pread,            "files in memory and job input"),
    PWRITE64         ( 68, FileCalls::pwrite,           "files in memory"),
    PPOLL            ( 73, DeviceCalls::ppoll,          "every open file is ready; without any, it sleeps"),
    READLINKAT       ( 78, PathCalls::readlinkat,       "/proc/self/exe only"),
    NEWFSTATAT       ( 79, PathCalls::newfstatat,       "devices and files in memory"),
    FSTAT            ( 80, FileCalls::fstat,            ""),
    EXIT             ( 93, TaskCalls::exit,             "ends the task"),
    EXIT_GROUP       ( 94, TaskCalls::exitGroup,        "ends all tasks of the address space"),
    SET_TID_ADDRESS  ( 96, TaskCalls::setTidAddress,    ""),
    FUTEX            ( 98, FutexCalls::futex,
        "WAIT, WAKE, WAIT_BITSET, WAKE_BITSET, REQUEUE, CMP_REQUEUE; keyed by physical address"),
    SET_ROBUST_LIST  ( 99, FutexCalls::setRobustList,   "obeyed when a thread exits"),
    GET_ROBUST_LIST  (100, FutexCalls::getRobustList,   "of the caller"),
    NANOSLEEP        (101, TimeCalls::nanosleep,        "the remaining time is not written on EINTR"),
    CLOCK_GETTIME    (113, TimeCalls::clockGettime,     "virtual time; REALTIME adds the boot parameters' epoch"),
    CLOCK_GETRES     (114, TimeCalls::clockGetres,      "one tick of the time CSR"),
    CLOCK_NANOSLEEP  (115, TimeCalls::clockNanosleep,   "relative and absolute"),
    SCHED_SETAFFINITY(122, AffinityCalls::set,          "must name the hart of the task, which stays there"),
    SCHED_GETAFFINITY(123, AffinityCalls::get,          "all harts of the kernel: threads are dealt out to them"),
    SCHED_YIELD      (124, TaskCalls::schedYield,       ""),
    KILL             (129, SignalCalls::kill,           "pid: an aspace id; to a task not blocking it; no groups"),
    TKILL            (130, SignalCalls::tkill,          ""),
    TGKILL           (131, SignalCalls::tgkill,         ""),
    SIGALTSTACK      (132, SignalCalls::sigaltstack,    ""),
    RT_SIGSUSPEND    (133, SignalCalls::sigsuspend,     ""),
    RT_SIGACTION     (134, SignalCalls::sigaction,      ""),
    RT_SIGPROCMASK   (135, SignalCalls::sigprocmask,    ""),
    RT_SIGPENDING    (136, SignalCalls::sigpending,     ""),
    RT_SIGTIMEDWAIT  (137, SignalCalls::sigtimedwait,   ""),
    RT_SIGRETURN     (139, SignalCalls::sigreturn,      "reached through the trampoline page"),
    TIMES            (153, TimeCalls::times,            "user time is time on the hart, system time 0"),
    SETPGID          (154, IdentityCalls::setpgid,      "to the group that it is in"),
    GETPGID          (155, IdentityCalls::group,        "each program is its own group"),
    GETSID           (156, IdentityCalls::group,        "each program is its own session"),
    GETGROUPS        (158, IdentityCalls::getgroups,    "none"),
    UNAME            (160, IdentityCalls::uname,        "sysname Linux, machine riscv64"),
    SETHOSTNAME      (161, IdentityCalls::sethostname,  "uid 0 only"),
    GETRLIMIT        (163, IdentityCalls::getrlimit,    "what there is; nothing can be set"),
    GETRUSAGE        (165, TimeCalls::getrusage,        "user time is time on the hart"),
    UMASK            (166, IdentityCalls::umask,        "022, and stays so"),
    PRCTL            (167, IdentityCalls::prctl,        "PR_SET_NAME, PR_GET_NAME"),
    GETCPU           (168, TaskCalls::getcpu,           "hart index within the kernel, and its NUMA node"),
    GETTIMEOFDAY     (169, TimeCalls::gettimeofday,     ""),
    GETPID           (172, IdentityCalls::getpid,       "the address space id"),
    GETPPID          (173, IdentityCalls::getppid,      "1, the kernel's own address space"),
    GETUID           (174, IdentityCalls::getuid,       ""),
    GETEUID          (175, IdentityCalls::getuid,       ""),
    GETGID           (176, IdentityCalls::getgid,       ""),
    GETEGID          (177, IdentityCalls::getgid,       ""),
    GETTID           (178, IdentityCalls::gettid,       ""),
    SYSINFO          (179, IdentityCalls::sysinfo,      ""),
    BRK              (214, MemoryCalls::brk,            "within the heap region"),
    MUNMAP           (215, MemoryCalls::munmap,         "anonymous memory is used again"),
    MREMAP           (216, MemoryCalls::mremap,         "shrinks, or moves"),
    CLONE            (220, CloneCalls::clone,           "threads; a process (fork, vfork) is -ENOSYS"),
    MMAP             (222, MemoryCalls::mmap,           "anonymous, copies of files, /dev/zero, the RDMA card's page"),
    MPROTECT         (226, MemoryCalls::mprotect,
        "PROT_EXEC makes the whole heap executable; less than read and write is not enforced"),
    MLOCK            (228, MemoryCalls::nothing,        "all memory is resident"),
    MUNLOCK          (229, MemoryCalls::nothing,        "all memory is resident"),
    MLOCKALL         (230, MemoryCalls::nothing,        "all memory is resident"),
    MUNLOCKALL       (231, MemoryCalls::nothing,        "all memory is resident"),
    MADVISE          (233, MemoryCalls::madvise,        "DONTNEED clears anonymous memory, everything else is advice"),
    RISCV_HWPROBE    (258, Call::silentlyMissing,       "-ENOSYS"),
    RISCV_FLUSH_ICACHE(259, MemoryCalls::flushIcache,   ""),
    WAIT4            (260, TaskCalls::wait4,            "-ECHILD: no task has children"),
    PRLIMIT64        (261, IdentityCalls::prlimit,      "reads; a new limit is refused with -EPERM"),
    GETRANDOM        (278, FileCalls::getrandom,        "a stream that the boot parameters' seed determines"),
    STATX            (291, PathCalls::statx,            "basic fields"),
    RSEQ             (293, Call::silentlyMissing,       "-ENOSYS: tasks do not move"),
    CLONE3           (435, CloneCalls::clone3,          "threads"),
    PMEM_QUERY       (503, LwkCalls::pmemQuery,         "struct pmem_region *query, *result"),
    ASPACE_GET_MYID  (506, LwkCalls::aspaceGetMyid,     "id_t *id"),
    ASPACE_VIRT_TO_PHYS(514, LwkCalls::virtToPhys,      "id, va, paddr_t *pa"),
    ASPACE_DUMP      (517, LwkCalls::dumpToConsole,     "id: its regions on the console"),
    ELF_HWCAP        (520, LwkCalls::elfHwcap,          ""),
    TASK_GETCPU      (522, LwkCalls::getcpu,            "returns the hart index"),
    TASK_MEAS        (528, LwkCalls::taskMeas,          "id, u64 *time in ns, u64 *energy (0: not modelled)"),
    GET_RANK         (532, LwkCalls::getRank,           ""),
    SET_RANK         (533, LwkCalls::setRank,           "");
    // @formatter:on

    private static final Call[] BY_NUMBER = new Call[KernelState.CALL_NUMBERS];
    private static final int SEPC = Csr.SEPC.number;
    /** Bytes of an ECALL. */
    private static final int ECALL_BYTES = 4;

    static {
        for (Call call : values()) {
            BY_NUMBER[call.number] = call;
        }
    }

    public final int number;
    /** What is particular about it here. */
    public final String note;
    private final Handler handler;

    Call(int number, Handler handler, String note) {
        this.number = number;
        this.handler = handler;
        this.note = note;
    }

    /** Executes the call whose number is in x17. */
    public static void dispatch(HartPort port, long hartAt, long taskAt) {
        Memory memory = port.physical();
        HartStruct.CALLS.set(memory, hartAt, HartStruct.CALLS.get(memory, hartAt) + 1);
        long sepc = port.csr(SEPC);
        port.csr(SEPC, sepc + ECALL_BYTES);
        long number = port.x(17);
        Call call = number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[(int) number] : null;
        long result = call == null ? missing(port, hartAt, taskAt) : call.handler.call(port, hartAt, taskAt);
        if (result == Handler.RETRY) {
            port.csr(SEPC, sepc);
        } else if (result != Handler.NO_RESULT) {
            port.x(10, result);
        }
    }

    /** What programs try because they have a way without it. */
    private static long silentlyMissing(HartPort port, long hartAt, long taskAt) {
        return -ENOSYS;
    }

    /** Fails the call whose number is in x17 with -ENOSYS, and reports it the first time. */
    static long missing(HartPort port, long hartAt, long taskAt) {
        Memory memory = port.physical();
        long number = port.x(17);
        long kernel = HartStruct.ROOT.get(memory, hartAt);
        if (number >= 0 && number < KernelState.CALL_NUMBERS) {
            int word = (int) number >>> 6;
            long reported = KernelState.UNKNOWN_CALLS.get(memory, kernel, word);
            if ((reported >>> number & 1) == 0) {
                KernelState.UNKNOWN_CALLS.set(memory, kernel, word, reported | 1L << number);
                byte[] name = new byte[TaskStruct.NAME_BYTES];
                TaskStruct.NAME.get(memory, taskAt, name);
                Console.log(port, kernel, Console.WARNING, name, "system call " + number + " is not implemented");
            }
        }
        return -ENOSYS;
    }
}
