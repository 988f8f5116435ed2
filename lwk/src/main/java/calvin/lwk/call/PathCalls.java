package calvin.lwk.call;

import static calvin.lwk.abi.Errno.EBADF;
import static calvin.lwk.abi.Errno.EEXIST;
import static calvin.lwk.abi.Errno.EFAULT;
import static calvin.lwk.abi.Errno.EINVAL;
import static calvin.lwk.abi.Errno.EISDIR;
import static calvin.lwk.abi.Errno.ENAMETOOLONG;
import static calvin.lwk.abi.Errno.ENOENT;
import static calvin.lwk.abi.Errno.ENOTDIR;
import static calvin.lwk.abi.Errno.EPERM;

import calvin.lwk.drv.Console;
import calvin.lwk.drv.RdmaCard;
import calvin.lwk.fs.Files;
import calvin.lwk.fs.Kfs;
import calvin.lwk.mm.UserMemory;
import calvin.lwk.state.AspaceStruct;
import calvin.lwk.state.FileKind;
import calvin.lwk.state.FileStruct;
import calvin.lwk.state.HartStruct;
import calvin.lwk.state.InodeStruct;
import calvin.lwk.state.KernelState;
import calvin.lwk.state.TaskStruct;
import calvin.machine.hosted.HartPort;
import calvin.sim.state.Memory;
import java.nio.charset.StandardCharsets;

/**
 * Calls that take a path. There is no working directory but "/", and a directory descriptor counts as "/" when the path
 * is relative.
 */
final class PathCalls {
    private static final int PATH_BYTES = 4096;
    private static final int O_CREAT = 0x40;
    private static final int O_EXCL = 0x80;
    private static final int O_TRUNC = 0x200;
    private static final int O_DIRECTORY = 0x1_0000;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final String SELF = "/proc/self/exe";

    private PathCalls() {}

    /** The absolute path at {@code va}, or null where it cannot be read or is too long. */
    private static String path(HartPort port, long va) {
        byte[] bytes = new byte[PATH_BYTES];
        int length = UserMemory.getString(port, va, bytes);
        return length < 0 || length >= PATH_BYTES ? null : new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    private static long unreadable(HartPort port, long va) {
        return UserMemory.accessible(port, va, 1, UserMemory.READ) ? -ENAMETOOLONG : -EFAULT;
    }

    static long openat(HartPort port, long hartAt, long taskAt) {
        Memory memory = port.physical();
        long kernel = HartStruct.ROOT.get(memory, hartAt);
        String given = path(port, port.x(11));
        if (given == null) {
            return unreadable(port, port.x(11));
        }
        if (given.isEmpty()) {
            return -ENOENT;
        }
        String path = Kfs.normalize(given);
        long flags = port.x(12);
        FileKind device = Kfs.device(path);
        return device == FileKind.NONE
                ? openInode(memory, kernel, taskAt, path, flags, port.x(13))
                : openDevice(port, kernel, taskAt, device, flags);
    }

    private static long openDevice(HartPort port, long kernelAt, long taskAt, FileKind device, long flags) {
        Memory memory = port.physical();
        long aspace = TaskStruct.ASPACE.get(memory, taskAt);
        if ((flags & O_DIRECTORY) != 0) {
            return -ENOTDIR;
        }
        if (device != FileKind.RDMA) {
            return Files.open(memory, kernelAt, aspace, device, flags, 0, 0);
        }
        if (KernelState.RDMA_CARD.get(memory, kernelAt) == 0) {
            return -ENOENT;
        }
        long uar = RdmaCard.open(port, kernelAt);
        if (uar < 0) {
            return uar;
        }
        long fd = Files.open(memory, kernelAt, aspace, device, flags, 0, uar);
        if (fd < 0) {
            KernelState.UARS.set(memory, kernelAt, (int) uar >>> 6,
                    KernelState.UARS.get(memory, kernelAt, (int) uar >>> 6) & ~(1L << uar));
        }
        return fd;
    }

    private static long openInode(Memory memory, long kernelAt, long taskAt, String path, long flags, long mode) {
        long inode = Kfs.find(memory, kernelAt, path);
        if (inode != 0 && (flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL)) {
            return -EEXIST;
        }
        if (inode == 0) {
            inode = (flags & O_CREAT) != 0
                    ? Kfs.make(memory, kernelAt, path, Kfs.S_IFREG | (int) mode & 0755)
                    : -ENOENT;
        }
        if (inode < 0) {
            return inode;
        }
        boolean directory = (InodeStruct.MODE.get(memory, inode) & Kfs.S_IFDIR) != 0;
        boolean writes = (flags & Transfer.O_ACCMODE) != 0;
        if (directory && writes) {
            return -EISDIR;
        }
        if (!directory && (flags & O_DIRECTORY) != 0) {
            return -ENOTDIR;
        }
        if ((flags & O_TRUNC) != 0 && writes) {
            Kfs.truncate(memory, kernelAt, inode, 0);
        }
        return FileCalls.openInode(memory, kernelAt, taskAt, inode, flags);
    }

    static long mkdirat(HartPort port, long hartAt, long taskAt) {
        Memory memory = port.physical();
        String path = path(port, port.x(11));
        if (path == null) {
            return unreadable(port, port.x(11));
        }
        long made = Kfs.make(memory, HartStruct.ROOT.get(memory, hartAt), Kfs.normalize(path),
                Kfs.S_IFDIR | (int) port.x(12) & 0755);
        return Math.min(0, made);
    }

    static long unlinkat(HartPort port, long hartAt, long taskAt) {
        Memory memory = port.physical();
        String path = path(port, port.x(11));
        if (path == null) {
            return unreadable(port, port.x(11));
        }
        String normal = Kfs.normalize(path);
        return Kfs.device(normal) != FileKind.NONE
                ? -EPERM
                : Kfs.unlink(memory, HartStruct.ROOT.get(memory, hartAt), normal);
    }

    static long faccessat(HartPort port, long hartAt, long taskAt) {
        String path = path(port, port.x(11));
        return path == null ? unreadable(port, port.x(11)) : exists(port, hartAt, Kfs.normalize(path)) ? 0 : -ENOENT;
    }

    private static boolean exists(HartPort port, long hartAt, String path) {
        return path.equals(SELF) || stat(port, hartAt, path) != null;
    }

    /** What is at a path, or null. */
    private static Stat stat(HartPort port, long hartAt, String path) {
        Memory memory = port.physical();
        long kernel = HartStruct.ROOT.get(memory, hartAt);
        FileKind device = Kfs.device(path);
        if (device == FileKind.RDMA && KernelState.RDMA_CARD.get(memory, kernel) == 0) {
            return null;
        }
        if (device != FileKind.NONE) {
            return Stat.ofDevice(device);
        }
        long inode = Kfs.find(memory, kernel, path);
        return inode == 0 ? null : Stat.ofInode(memory, inode);
    }

    static long readlinkat(HartPort port, long hartAt, long taskAt) {
        Memory memory = port.physical();
        String path = path(port, port.x(11));
        if (path == null) {
            return unreadable(port, port.x(11));
        }
        if (port.x(13) <= 0) {
            return -EINVAL;
        }
        String normal = Kfs.normalize(path);
        if (!normal.equals(SELF)) {
            return exists(port, hartAt, normal) ? -EINVAL : -ENOENT;
        }
        byte[] name = new byte[AspaceStruct.NAME_BYTES];
        AspaceStruct.NAME.get(memory, TaskStruct.ASPACE.get(memory, taskAt), name);
        byte[] target = Kfs.normalize(Console.text(name)).getBytes(StandardCharsets.UTF_8);
        int length = (int) Math.min(target.length, port.x(13));
        return port.copyToUser(port.x(12), target, 0, length) ? length : -EFAULT;
    }

    static long newfstatat(HartPort port, long hartAt, long taskAt) {
        Stat found = lookUp(port, hartAt, taskAt, port.x(13));
        return found.error() != 0 ? found.error() : found.toUser(port, port.x(12)) ? 0 : -EFAULT;
    }

    static long statx(HartPort port, long hartAt, long taskAt) {
        Stat found = lookUp(port, hartAt, taskAt, port.x(12));
        return found.error() != 0 ? found.error() : found.toUserExtended(port, port.x(14)) ? 0 : -EFAULT;
    }

    /** By path, or by descriptor where the path is empty and the flags allow that. */
    private static Stat lookUp(HartPort port, long hartAt, long taskAt, long flags) {
        Memory memory = port.physical();
        String path = path(port, port.x(11));
        if (path == null) {
            return Stat.failed(unreadable(port, port.x(11)));
        }
        if (!path.isEmpty()) {
            Stat stat = stat(port, hartAt, Kfs.normalize(path));
            return stat == null ? Stat.failed(-ENOENT) : stat;
        }
        if ((flags & AT_EMPTY_PATH) == 0) {
            return Stat.failed(-ENOENT);
        }
        long file = Files.get(memory, TaskStruct.ASPACE.get(memory, taskAt), (int) port.x(10));
        return file == 0 ? Stat.failed(-EBADF) : Stat.of(memory, file);
    }
}
