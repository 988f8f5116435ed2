package calvin.lwk.call;

import static calvin.lwk.abi.Errno.EFAULT;
import static calvin.lwk.abi.Errno.EINVAL;
import static calvin.lwk.abi.Errno.EPERM;
import static calvin.lwk.abi.Errno.ESRCH;

import calvin.lwk.abi.BootParams;
import calvin.lwk.mm.Aspace;
import calvin.lwk.mm.UserMemory;
import calvin.lwk.state.AspaceStruct;
import calvin.lwk.state.FileStruct;
import calvin.lwk.state.HartStruct;
import calvin.lwk.state.KernelState;
import calvin.lwk.state.PmemStruct;
import calvin.lwk.state.PmemType;
import calvin.lwk.state.RegionStruct;
import calvin.lwk.state.TaskStruct;
import calvin.machine.hosted.HartPort;
import calvin.sim.state.Memory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Calls about who the caller is and what the system is. */
final class IdentityCalls {
    private static final int UTSNAME_FIELD = 65;
    private static final int RLIMIT_STACK = 3;
    private static final int RLIMIT_CORE = 4;
    private static final int RLIMIT_NOFILE = 7;
    private static final int RLIMITS = 16;
    private static final int PR_SET_NAME = 15;
    private static final int PR_GET_NAME = 16;
    private static final int PR_NAME_BYTES = 16;
    private static final int SYSINFO_BYTES = 112;
    private static final int DEFAULT_UMASK = 022;

    private IdentityCalls() {}

    static long getpid(HartPort port, long hartAt, long taskAt) {
        Memory memory = port.physical();
        return AspaceStruct.ID.get(memory, TaskStruct.ASPACE.get(memory, taskAt));
    }

    /** The process group or the session of a program: its own id. */
    static long group(HartPort port, long hartAt, long taskAt) {
        long pid = (int) port.x(10);
        Memory memory = port.physical();
        long kernel = HartStruct.ROOT.get(memory, hartAt);
        return pid == 0 ? getpid(port, hartAt, taskAt) : Aspace.find(memory, kernel, pid) == 0 ? -ESRCH : pid;
    }

    static long setpgid(HartPort port, long hartAt, long taskAt) {
        long own = getpid(port, hartAt, taskAt);
        long pid = (int) port.x(10);
        long wanted = (int) port.x(11);
        if (pid != 0 && pid != own) {
            return -ESRCH;
        }
        return wanted == 0 || wanted == own ? 0 : -EPERM;
    }

    static long getppid(HartPort port, long hartAt, long taskAt) {
        return 1;
    }

    static long gettid(HartPort port, long hartAt, long taskAt) {
        return TaskStruct.ID.get(port.physical(), taskAt);
    }

    static long getuid(HartPort port, long hartAt, long taskAt) {
        return TaskStruct.UID.get(port.physical(), taskAt);
    }

    static long getgid(HartPort port, long hartAt, long taskAt) {
        return TaskStruct.GID.get(port.physical(), taskAt);
    }

    static long getgroups(HartPort port, long hartAt, long taskAt) {
        return (int) port.x(10) < 0 ? -EINVAL : 0;
    }

    static long umask(HartPort port, long hartAt, long taskAt) {
        return DEFAULT_UMASK;
    }

    static long uname(HartPort port, long hartAt, long taskAt) {
        Memory memory = port.physical();
        byte[] host = new byte[BootParams.HOSTNAME_BYTES];
        KernelState.HOSTNAME.get(memory, HartStruct.ROOT.get(memory, hartAt), host);
        byte[] name = new byte[6 * UTSNAME_FIELD];
        put(name, 0, "Linux");
        System.arraycopy(host, 0, name, UTSNAME_FIELD, host.length);
        // glibc refuses kernels older than the one it was built for (4.15 on RISC-V).
        put(name, 2, "6.1.0-kitten");
        put(name, 3, "Kitten lightweight kernel (Calvin)");
        put(name, 4, "riscv64");
        put(name, 5, "(none)");
        return port.copyToUser(port.x(10), name, 0, name.length) ? 0 : -EFAULT;
    }

    private static void put(byte[] name, int field, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, name, field * UTSNAME_FIELD, bytes.length);
    }

    static long sethostname(HartPort port, long hartAt, long taskAt) {
        Memory memory = port.physical();
        long length = port.x(11);
        if (TaskStruct.UID.get(memory, taskAt) != 0) {
            return -EPERM;
        }
        if (length < 0 || length >= BootParams.HOSTNAME_BYTES) {
            return -EINVAL;
        }
        byte[] name = new byte[(int) length];
        if (!port.copyFromUser(port.x(10), name, 0, name.length)) {
            return -EFAULT;
        }
        KernelState.HOSTNAME.set(memory, HartStruct.ROOT.get(memory, hartAt), name);
        return 0;
    }

    static long getrlimit(HartPort port, long hartAt, long taskAt) {
        return limit(port, taskAt, port.x(10), port.x(11));
    }

    static long prlimit(HartPort port, long hartAt, long taskAt) {
        long pid = port.x(10);
        if (pid != 0 && pid != getpid(port, hartAt, taskAt) || port.x(12) != 0) {
            return -EPERM;
        }
        return port.x(13) == 0 ? 0 : limit(port, taskAt, port.x(11), port.x(13));
    }

    private static long limit(HartPort port, long taskAt, long resource, long va) {
        if (resource < 0 || resource >= RLIMITS) {
            return -EINVAL;
        }
        long value = switch ((int) resource) {
            case RLIMIT_STACK -> stackBytes(port.physical(), taskAt);
            case RLIMIT_CORE -> 0;
            case RLIMIT_NOFILE -> FileStruct.SLOTS;
            default -> -1;
        };
        return UserMemory.putPair(port, va, value, value) ? 0 : -EFAULT;
    }

    /** Size of the first stack: the region behind the trampoline. */
    private static long stackBytes(Memory memory, long taskAt) {
        long aspace = TaskStruct.ASPACE.get(memory, taskAt);
        long trampoline = Aspace.regionOf(memory, aspace, AspaceStruct.TRAMPOLINE.get(memory, aspace));
        long stack = trampoline == 0 ? 0 : RegionStruct.NEXT.get(memory, trampoline);
        return stack == 0 ? -1 : RegionStruct.END.get(memory, stack) - RegionStruct.START.get(memory, stack);
    }

    static long prctl(HartPort port, long hartAt, long taskAt) {
        Memory memory = port.physical();
        byte[] name = new byte[PR_NAME_BYTES];
        switch ((int) port.x(10)) {
            case PR_SET_NAME -> {
                if (UserMemory.getString(port, port.x(11), name) < 0) {
                    return -EFAULT;
                }
                name[PR_NAME_BYTES - 1] = 0;
                TaskStruct.NAME.set(memory, taskAt, name);
                return 0;
            }
            case PR_GET_NAME -> {
                memory.read(taskAt + TaskStruct.NAME.offset(), name, 0, PR_NAME_BYTES - 1);
                return port.copyToUser(port.x(11), name, 0, PR_NAME_BYTES) ? 0 : -EFAULT;
            }
            default -> {
                return -EINVAL;
            }
        }
    }

    static long sysinfo(HartPort port, long hartAt, long taskAt) {
        Memory memory = port.physical();
        long kernel = HartStruct.ROOT.get(memory, hartAt);
        long total = 0;
        long free = 0;
        long at = KernelState.PMEM.get(memory, kernel);
        for (int i = 0; at != 0 && i < KernelState.LIST_BOUND; i++) {
            long bytes = PmemStruct.END.get(memory, at) - PmemStruct.START.get(memory, at);
            total += bytes;
            if (PmemStruct.TYPE.get(memory, at) == PmemType.UMEM.code && PmemStruct.ALLOCATED.get(memory, at) == 0) {
                free += bytes;
            }
            at = PmemStruct.NEXT.get(memory, at);
        }
        ByteBuffer info = ByteBuffer.allocate(SYSINFO_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        info.putLong(0, port.time() / KernelState.TIMEBASE_HZ.get(memory, kernel)).putLong(32, total).putLong(40, free);
        info.putShort(80, (short) KernelState.LIVE_TASKS.get(memory, kernel)).putInt(104, 1);
        return port.copyToUser(port.x(10), info.array(), 0, SYSINFO_BYTES) ? 0 : -EFAULT;
    }
}
