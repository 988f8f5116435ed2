package calvin.lwk.call;

import static calvin.lwk.abi.Errno.EBADF;
import static calvin.lwk.abi.Errno.EFAULT;
import static calvin.lwk.abi.Errno.EINVAL;
import static calvin.lwk.abi.Errno.ERANGE;
import static calvin.lwk.abi.Errno.ESPIPE;

import calvin.lwk.fs.Files;
import calvin.lwk.fs.Kfs;
import calvin.lwk.mm.UserMemory;
import calvin.lwk.state.FileKind;
import calvin.lwk.state.FileStruct;
import calvin.lwk.state.HartStruct;
import calvin.lwk.state.InodeStruct;
import calvin.lwk.state.TaskStruct;
import calvin.machine.hosted.HartPort;
import calvin.sim.state.Memory;

/** Calls on open files. */
final class FileCalls {
    private static final int F_DUPFD = 0;
    private static final int F_GETFD = 1;
    private static final int F_SETFD = 2;
    private static final int F_GETFL = 3;
    private static final int F_SETFL = 4;
    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int SETTABLE = Transfer.O_APPEND | 0x800;
    private static final int MAX_VECTORS = 1024;
    private static final int SEEK_SET = 0;
    private static final int SEEK_CUR = 1;
    private static final int SEEK_END = 2;
    private static final long MAX_TRANSFER = 0x7FFF_F000L;

    private FileCalls() {}

    /** The open file that x10 names, or 0. */
    static long file(HartPort port, long taskAt) {
        Memory memory = port.physical();
        return Files.get(memory, TaskStruct.ASPACE.get(memory, taskAt), (int) port.x(10));
    }

    private static long kernel(HartPort port, long hartAt) {
        return HartStruct.ROOT.get(port.physical(), hartAt);
    }

    static long read(HartPort port, long hartAt, long taskAt) {
        long file = file(port, taskAt);
        return file == 0
                ? -EBADF
                : Transfer.read(port, kernel(port, hartAt), taskAt, file, port.x(11),
                        Math.min(port.x(12), MAX_TRANSFER));
    }

    static long write(HartPort port, long hartAt, long taskAt) {
        long file = file(port, taskAt);
        return file == 0
                ? -EBADF
                : Transfer.write(port, kernel(port, hartAt), file, port.x(11), Math.min(port.x(12), MAX_TRANSFER));
    }

    static long readv(HartPort port, long hartAt, long taskAt) {
        return vector(port, hartAt, taskAt, false);
    }

    static long writev(HartPort port, long hartAt, long taskAt) {
        return vector(port, hartAt, taskAt, true);
    }

    /** Transfers piece by piece; a piece that is cut short is the last one. */
    private static long vector(HartPort port, long hartAt, long taskAt, boolean writes) {
        long file = file(port, taskAt);
        long count = port.x(12);
        if (file == 0) {
            return -EBADF;
        }
        if (count < 0 || count > MAX_VECTORS) {
            return -EINVAL;
        }
        long done = 0;
        for (long i = 0; i < count; i++) {
            long at = port.x(11) + 16 * i;
            if (!UserMemory.accessible(port, at, 16, UserMemory.READ)) {
                return done == 0 ? -EFAULT : done;
            }
            long va = UserMemory.get(port, at, 8);
            long bytes = UserMemory.get(port, at + 8, 8);
            long piece = bytes == 0
                    ? 0
                    : writes
                            ? Transfer.write(port, kernel(port, hartAt), file, va, bytes)
                            : done > 0 && FileStruct.KIND.get(port.physical(), file) == FileKind.CONSOLE.code
                                    ? 0
                                    : Transfer.read(port, kernel(port, hartAt), taskAt, file, va, bytes);
            if (piece < 0) {
                return done == 0 ? piece : done;
            }
            done += piece;
            if (piece < bytes) {
                break;
            }
        }
        return done;
    }

    static long pread(HartPort port, long hartAt, long taskAt) {
        long file = file(port, taskAt);
        if (file == 0) {
            return -EBADF;
        }
        if (!hasPosition(port.physical(), file)) {
            return -ESPIPE;
        }
        return port.x(13) < 0 || port.x(12) < 0
                ? -EINVAL
                : Transfer.readAt(port, file, port.x(13), port.x(11), port.x(12));
    }

    static long pwrite(HartPort port, long hartAt, long taskAt) {
        Memory memory = port.physical();
        long file = file(port, taskAt);
        if (file == 0 || (FileStruct.FLAGS.get(memory, file) & Transfer.O_ACCMODE) == 0) {
            return -EBADF;
        }
        if (FileStruct.KIND.get(memory, file) != FileKind.INODE.code) {
            return -ESPIPE;
        }
        return Transfer.writeInode(port, kernel(port, hartAt), FileStruct.DATA.get(memory, file), port.x(13),
                port.x(11), port.x(12));
    }

    static long lseek(HartPort port, long hartAt, long taskAt) {
        Memory memory = port.physical();
        long file = file(port, taskAt);
        if (file == 0) {
            return -EBADF;
        }
        if (!hasPosition(memory, file)) {
            return -ESPIPE;
        }
        long from = switch ((int) port.x(12)) {
            case SEEK_SET -> 0;
            case SEEK_CUR -> FileStruct.OFFSET.get(memory, file);
            case SEEK_END -> size(memory, file);
            default -> Long.MIN_VALUE;
        };
        long offset = from + port.x(11);
        if (from < 0 || offset < 0) {
            return -EINVAL;
        }
        FileStruct.OFFSET.set(memory, file, offset);
        return offset;
    }

    static long ftruncate(HartPort port, long hartAt, long taskAt) {
        Memory memory = port.physical();
        long file = file(port, taskAt);
        if (file == 0) {
            return -EBADF;
        }
        if (FileStruct.KIND.get(memory, file) != FileKind.INODE.code || port.x(11) < 0
                || (FileStruct.FLAGS.get(memory, file) & Transfer.O_ACCMODE) == 0) {
            return -EINVAL;
        }
        return Kfs.truncate(memory, kernel(port, hartAt), FileStruct.DATA.get(memory, file), port.x(11));
    }

    private static boolean hasPosition(Memory memory, long fileAt) {
        long kind = FileStruct.KIND.get(memory, fileAt);
        return kind == FileKind.INODE.code || kind == FileKind.INPUT.code;
    }

    private static long size(Memory memory, long fileAt) {
        return FileStruct.KIND.get(memory, fileAt) == FileKind.INODE.code
                ? InodeStruct.SIZE.get(memory, FileStruct.DATA.get(memory, fileAt))
                : FileStruct.SIZE.get(memory, fileAt);
    }

    static long close(HartPort port, long hartAt, long taskAt) {
        return Files.close(port, kernel(port, hartAt), TaskStruct.ASPACE.get(port.physical(), taskAt),
                (int) port.x(10));
    }

    static long dup(HartPort port, long hartAt, long taskAt) {
        long file = file(port, taskAt);
        return file == 0
                ? -EBADF
                : Files.install(port.physical(), TaskStruct.ASPACE.get(port.physical(), taskAt), file, 0);
    }

    static long dup3(HartPort port, long hartAt, long taskAt) {
        Memory memory = port.physical();
        long aspace = TaskStruct.ASPACE.get(memory, taskAt);
        long file = file(port, taskAt);
        long fd = (int) port.x(11);
        if (file == 0 || fd < 0 || fd >= FileStruct.SLOTS) {
            return -EBADF;
        }
        if (fd == (int) port.x(10)) {
            return -EINVAL;
        }
        if (Files.get(memory, aspace, fd) != 0) {
            Files.close(port, kernel(port, hartAt), aspace, fd);
        }
        Files.set(memory, aspace, fd, file);
        return fd;
    }

    static long fcntl(HartPort port, long hartAt, long taskAt) {
        Memory memory = port.physical();
        long file = file(port, taskAt);
        if (file == 0) {
            return -EBADF;
        }
        return switch ((int) port.x(11)) {
            case F_DUPFD, F_DUPFD_CLOEXEC -> port.x(12) < 0 || port.x(12) >= FileStruct.SLOTS
                    ? -EINVAL
                    : Files.install(memory, TaskStruct.ASPACE.get(memory, taskAt), file, port.x(12));
            case F_GETFD, F_SETFD -> 0;
            case F_GETFL -> FileStruct.FLAGS.get(memory, file);
            case F_SETFL -> {
                long flags = FileStruct.FLAGS.get(memory, file);
                FileStruct.FLAGS.set(memory, file, flags & ~SETTABLE | port.x(12) & SETTABLE);
                yield 0;
            }
            default -> -EINVAL;
        };
    }

    static long fstat(HartPort port, long hartAt, long taskAt) {
        long file = file(port, taskAt);
        return file == 0 ? -EBADF : Stat.of(port.physical(), file).toUser(port, port.x(11)) ? 0 : -EFAULT;
    }

    static long getcwd(HartPort port, long hartAt, long taskAt) {
        if (port.x(11) < 2) {
            return -ERANGE;
        }
        return UserMemory.put(port, port.x(10), 2, '/') ? 2 : -EFAULT;
    }

    static long getrandom(HartPort port, long hartAt, long taskAt) {
        long bytes = port.x(11);
        return bytes < 0
                ? -EINVAL
                : Transfer.fill(port, kernel(port, hartAt), port.x(10), Math.min(bytes, MAX_TRANSFER), true);
    }

    /** A descriptor for a new open file of an inode, which gains a reference; -ENOMEM or -EMFILE. */
    static long openInode(Memory memory, long kernelAt, long taskAt, long inodeAt, long flags) {
        long fd = Files.open(memory, kernelAt, TaskStruct.ASPACE.get(memory, taskAt), FileKind.INODE, flags, inodeAt,
                0);
        if (fd >= 0) {
            InodeStruct.REFERENCES.set(memory, inodeAt, InodeStruct.REFERENCES.get(memory, inodeAt) + 1);
        }
        return fd;
    }
}
