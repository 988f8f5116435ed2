package calvin.lwk.call;

import static calvin.lwk.abi.Errno.EBADF;
import static calvin.lwk.abi.Errno.EFAULT;
import static calvin.lwk.abi.Errno.EINVAL;
import static calvin.lwk.abi.Errno.EISDIR;

import calvin.lwk.abi.BootParams;
import calvin.lwk.drv.Console;
import calvin.lwk.fs.Kfs;
import calvin.lwk.mm.UserMemory;
import calvin.lwk.sched.Scheduler;
import calvin.lwk.state.FileKind;
import calvin.lwk.state.FileStruct;
import calvin.lwk.state.InodeStruct;
import calvin.lwk.state.KernelState;
import calvin.lwk.state.WaitKind;
import calvin.lwk.task.Entropy;
import calvin.machine.hosted.HartPort;
import calvin.sim.state.Memory;

/**
 * Bytes between a task and an open file. A transfer that meets unmapped memory ends there: with what was done, or
 * -EFAULT if that is nothing.
 */
final class Transfer {
    static final int O_ACCMODE = 3;
    static final int O_WRONLY = 1;
    static final int O_APPEND = 0x400;
    private static final long PAGE_BYTES = 4096;
    /** Console input is looked for this often a second while a task waits for it. */
    private static final int POLLS_PER_SECOND = 100;
    private static final int END_OF_TRANSMISSION = 4;

    private Transfer() {}

    /** Writes to an open file at its position, which moves. */
    static long write(HartPort port, long kernelAt, long fileAt, long va, long bytes) {
        Memory memory = port.physical();
        if (bytes < 0) {
            return -EINVAL;
        }
        if ((FileStruct.FLAGS.get(memory, fileAt) & O_ACCMODE) == 0) {
            return -EBADF;
        }
        return switch (FileKind.of(FileStruct.KIND.get(memory, fileAt))) {
            case CONSOLE -> writeConsole(port, kernelAt, FileStruct.DATA.get(memory, fileAt) == FileStruct.ERRORS, va,
                    bytes);
            case NULL, ZERO, RANDOM -> bytes;
            case INODE -> {
                long inode = FileStruct.DATA.get(memory, fileAt);
                long offset = (FileStruct.FLAGS.get(memory, fileAt) & O_APPEND) != 0
                        ? InodeStruct.SIZE.get(memory, inode)
                        : FileStruct.OFFSET.get(memory, fileAt);
                long done = writeInode(port, kernelAt, inode, offset, va, bytes);
                FileStruct.OFFSET.set(memory, fileAt, offset + Math.max(0, done));
                yield done;
            }
            case NONE, INPUT, RDMA, CORRUPT -> -EINVAL;
        };
    }

    /** Reads from an open file at its position, which moves; RETRY while the console has nothing. */
    static long read(HartPort port, long kernelAt, long taskAt, long fileAt, long va, long bytes) {
        Memory memory = port.physical();
        if (bytes < 0) {
            return -EINVAL;
        }
        if ((FileStruct.FLAGS.get(memory, fileAt) & O_ACCMODE) == O_WRONLY) {
            return -EBADF;
        }
        return switch (FileKind.of(FileStruct.KIND.get(memory, fileAt))) {
            case CONSOLE -> readConsole(port, kernelAt, taskAt, va, bytes);
            case NULL -> 0;
            case ZERO -> fill(port, kernelAt, va, bytes, false);
            case RANDOM -> fill(port, kernelAt, va, bytes, true);
            case INODE, INPUT -> {
                long done = readAt(port, fileAt, FileStruct.OFFSET.get(memory, fileAt), va, bytes);
                FileStruct.OFFSET.set(memory, fileAt, FileStruct.OFFSET.get(memory, fileAt) + Math.max(0, done));
                yield done;
            }
            case NONE, RDMA, CORRUPT -> -EINVAL;
        };
    }

    /** Reads from a given position of a file that has positions. */
    static long readAt(HartPort port, long fileAt, long offset, long va, long bytes) {
        Memory memory = port.physical();
        long data = FileStruct.DATA.get(memory, fileAt);
        long size = FileStruct.SIZE.get(memory, fileAt);
        if (FileStruct.KIND.get(memory, fileAt) == FileKind.INODE.code) {
            if ((InodeStruct.MODE.get(memory, data) & Kfs.S_IFDIR) != 0) {
                return -EISDIR;
            }
            size = InodeStruct.SIZE.get(memory, data);
            data = InodeStruct.DATA.get(memory, data);
        }
        long length = Math.max(0, Math.min(bytes, size - offset));
        long done = 0;
        while (done < length) {
            long chunk = pageChunk(va + done, length - done);
            long pa = port.translateUser(va + done, UserMemory.WRITE);
            if (pa == -1) {
                return done == 0 ? -EFAULT : done;
            }
            Kfs.copy(memory, data + offset + done, pa, chunk);
            done += chunk;
        }
        return done;
    }

    static long writeInode(HartPort port, long kernelAt, long inodeAt, long offset, long va, long bytes) {
        Memory memory = port.physical();
        if (offset < 0 || offset + bytes < 0) {
            return -EINVAL;
        }
        long done = 0;
        while (done < bytes) {
            long chunk = pageChunk(va + done, bytes - done);
            long end = offset + done + chunk;
            long pa = port.translateUser(va + done, UserMemory.READ);
            long error = pa == -1
                    ? -EFAULT
                    : end > InodeStruct.SIZE.get(memory, inodeAt) ? Kfs.truncate(memory, kernelAt, inodeAt, end) : 0;
            if (error != 0) {
                return done == 0 ? error : done;
            }
            Kfs.copy(memory, pa, InodeStruct.DATA.get(memory, inodeAt) + offset + done, chunk);
            done += chunk;
        }
        return done;
    }

    /** Hands the task's own pages to the console, as many in one call as lie together in physical memory. */
    private static long writeConsole(HartPort port, long kernelAt, boolean errors, long va, long bytes) {
        long done = 0;
        while (done < bytes) {
            long pa = port.translateUser(va + done, UserMemory.READ);
            if (pa == -1) {
                return done == 0 ? -EFAULT : done;
            }
            long chunk = pageChunk(va + done, bytes - done);
            while (done + chunk < bytes && port.translateUser(va + done + chunk, UserMemory.READ) == pa + chunk) {
                chunk += pageChunk(va + done + chunk, bytes - done - chunk);
            }
            long taken = errors
                    ? Console.writeError(port, kernelAt, pa, chunk)
                    : Console.write(port, kernelAt, pa, chunk);
            done += taken;
            if (taken < chunk) {
                return done;
            }
        }
        return done;
    }

    private static long readConsole(HartPort port, long kernelAt, long taskAt, long va, long bytes) {
        Memory memory = port.physical();
        if ((KernelState.FLAGS.get(memory, kernelAt) & BootParams.FLAG_CONSOLE_INPUT) == 0 || bytes == 0) {
            return 0;
        }
        long pa = port.translateUser(va, UserMemory.WRITE);
        if (pa == -1) {
            return -EFAULT;
        }
        long length = pageChunk(va, bytes);
        long ahead = KernelState.CONSOLE_CHAR.get(memory, kernelAt);
        long got = 0;
        if (ahead != 0) {
            KernelState.CONSOLE_CHAR.set(memory, kernelAt, 0);
            memory.u8(pa, (int) ahead & 0xFF);
            got = 1;
        } else {
            got = Console.read(port, pa, length);
        }
        if (got == 0) {
            long hz = Clock.hz(memory, kernelAt);
            Scheduler.blockUntil(memory, taskAt, WaitKind.RETRY, 0, port.time() + Math.max(1, hz / POLLS_PER_SECOND));
            return Handler.RETRY;
        }
        return untilEnd(memory, kernelAt, pa, got);
    }

    /**
     * Ctrl-D ends what is read; alone, it is the end of the file. It is kept for the next read, since programs may read
     * once more behind the end of a pipe, which the console mostly stands for.
     */
    private static long untilEnd(Memory memory, long kernelAt, long pa, long bytes) {
        if (memory.u8(pa) == END_OF_TRANSMISSION) {
            KernelState.CONSOLE_CHAR.set(memory, kernelAt, 0x100 | END_OF_TRANSMISSION);
            return 0;
        }
        if (bytes > 1 && memory.u8(pa + bytes - 1) == END_OF_TRANSMISSION) {
            KernelState.CONSOLE_CHAR.set(memory, kernelAt, 0x100 | END_OF_TRANSMISSION);
            return bytes - 1;
        }
        return bytes;
    }

    /** Fills user memory with zeros or random bytes. */
    static long fill(HartPort port, long kernelAt, long va, long bytes, boolean random) {
        Memory memory = port.physical();
        long done = 0;
        while (done < bytes) {
            long chunk = pageChunk(va + done, bytes - done);
            long pa = port.translateUser(va + done, UserMemory.WRITE);
            if (pa == -1) {
                return done == 0 ? -EFAULT : done;
            }
            if (random) {
                for (long i = 0; i < chunk; i += 8) {
                    long word = Entropy.next(memory, kernelAt);
                    for (long j = i; j < Math.min(i + 8, chunk); j++) {
                        memory.u8(pa + j, (int) (word >>> 8 * (j - i)) & 0xFF);
                    }
                }
            } else {
                memory.zero(pa, chunk);
            }
            done += chunk;
        }
        return done;
    }

    private static long pageChunk(long va, long bytes) {
        return Math.min(bytes, PAGE_BYTES - (va & PAGE_BYTES - 1));
    }
}
