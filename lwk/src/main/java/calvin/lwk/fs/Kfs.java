package calvin.lwk.fs;

import static calvin.lwk.abi.Errno.EEXIST;
import static calvin.lwk.abi.Errno.EFBIG;
import static calvin.lwk.abi.Errno.EISDIR;
import static calvin.lwk.abi.Errno.ENOENT;
import static calvin.lwk.abi.Errno.ENOMEM;
import static calvin.lwk.abi.Errno.ENOSPC;
import static calvin.lwk.abi.Errno.ENOTDIR;

import calvin.lwk.mm.Kmem;
import calvin.lwk.state.FileKind;
import calvin.lwk.state.InodeStruct;
import calvin.lwk.state.KernelState;
import calvin.sim.state.Memory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Names: a fixed table of devices, and files and directories in kernel memory, each known by its full path. Contents
 * are one block of the kernel heap that doubles when it is full.
 *
 * <p>Left out: links, permissions, times, renaming.
 */
public final class Kfs {
    public static final int S_IFDIR = 0x4000;
    public static final int S_IFCHR = 0x2000;
    public static final int S_IFREG = 0x8000;
    /** Largest file. */
    public static final long MAX_FILE_BYTES = 32L << 20;

    private static final int FIRST_BLOCK_BYTES = 256;
    private static final int DIRECTORY_MODE = S_IFDIR | 0755;
    /** Directories there are from the start. */
    private static final List<String> DIRECTORIES = List.of("/", "/dev", "/dev/infiniband", "/tmp");

    /** A device node. */
    private record Device(String path, FileKind kind) {}

    private static final List<Device> DEVICES = List.of(
            new Device("/dev/console", FileKind.CONSOLE), new Device("/dev/tty", FileKind.CONSOLE),
            new Device("/dev/null", FileKind.NULL),
            new Device("/dev/zero", FileKind.ZERO), new Device("/dev/random", FileKind.RANDOM),
            new Device("/dev/urandom", FileKind.RANDOM),
            new Device("/dev/infiniband/uverbs0", FileKind.RDMA));

    private Kfs() {}

    /** Makes the first directories; false when there is no memory. */
    public static boolean init(Memory memory, long kernelAt) {
        boolean made = true;
        for (String path : DIRECTORIES) {
            made &= create(memory, kernelAt, path, DIRECTORY_MODE) > 0;
        }
        return made;
    }

    /** The path without empty, "." and ".." parts; relative paths are relative to the root. */
    public static String normalize(String path) {
        List<String> parts = new ArrayList<>();
        for (String part : path.split("/")) {
            if (part.equals("..")) {
                if (!parts.isEmpty()) {
                    parts.removeLast();
                }
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        return "/" + String.join("/", parts);
    }

    /** What kind of device a path names; NONE if it is none. */
    public static FileKind device(String path) {
        for (Device device : DEVICES) {
            if (device.path.equals(path)) {
                return device.kind;
            }
        }
        return FileKind.NONE;
    }

    /** The inode of a path, or 0. */
    public static long find(Memory memory, long kernelAt, String path) {
        byte[] name = new byte[InodeStruct.PATH_BYTES];
        long at = KernelState.INODES.get(memory, kernelAt);
        for (int i = 0; at != 0 && i < KernelState.LIST_BOUND; i++) {
            InodeStruct.PATH.get(memory, at, name);
            if (text(name).equals(path)) {
                return at;
            }
            at = InodeStruct.NEXT.get(memory, at);
        }
        return 0;
    }

    /** Makes a file or directory: its inode, -EEXIST, -ENOENT or -ENOTDIR for its directory, -ENOSPC. */
    public static long make(Memory memory, long kernelAt, String path, int mode) {
        if (find(memory, kernelAt, path) != 0 || device(path) != FileKind.NONE) {
            return -EEXIST;
        }
        int slash = path.lastIndexOf('/');
        long parent = find(memory, kernelAt, slash == 0 ? "/" : path.substring(0, slash));
        if (parent == 0) {
            return -ENOENT;
        }
        return (InodeStruct.MODE.get(memory, parent) & S_IFDIR) == 0 ? -ENOTDIR : create(memory, kernelAt, path, mode);
    }

    private static long create(Memory memory, long kernelAt, String path, int mode) {
        byte[] name = path.getBytes(StandardCharsets.UTF_8);
        long at = name.length >= InodeStruct.PATH_BYTES ? 0 : Kmem.alloc(memory, kernelAt, InodeStruct.S.sizeBytes());
        if (at == 0) {
            return -ENOSPC;
        }
        long first = KernelState.INODES.get(memory, kernelAt);
        InodeStruct.NEXT.set(memory, at, first);
        InodeStruct.NUMBER.set(memory, at, first == 0 ? 1 : InodeStruct.NUMBER.get(memory, first) + 1);
        InodeStruct.REFERENCES.set(memory, at, 1);
        InodeStruct.MODE.set(memory, at, mode);
        InodeStruct.PATH.set(memory, at, name);
        KernelState.INODES.set(memory, kernelAt, at);
        return at;
    }

    /** An open file of the inode is no more, or its name; with the last of them it goes. */
    public static void release(Memory memory, long kernelAt, long inodeAt) {
        long references = InodeStruct.REFERENCES.get(memory, inodeAt) - 1;
        InodeStruct.REFERENCES.set(memory, inodeAt, references);
        if (references > 0) {
            return;
        }
        long next = InodeStruct.NEXT.get(memory, inodeAt);
        long at = KernelState.INODES.get(memory, kernelAt);
        if (at == inodeAt) {
            KernelState.INODES.set(memory, kernelAt, next);
        }
        for (int i = 0; at != 0 && i < KernelState.LIST_BOUND; i++) {
            if (InodeStruct.NEXT.get(memory, at) == inodeAt) {
                InodeStruct.NEXT.set(memory, at, next);
                break;
            }
            at = InodeStruct.NEXT.get(memory, at);
        }
        truncate(memory, kernelAt, inodeAt, 0);
        Kmem.free(memory, kernelAt, inodeAt, InodeStruct.S.sizeBytes());
    }

    /** Takes a file's name away: 0, -ENOENT, -EISDIR. */
    public static long unlink(Memory memory, long kernelAt, String path) {
        long inode = find(memory, kernelAt, path);
        if (inode == 0) {
            return -ENOENT;
        }
        if ((InodeStruct.MODE.get(memory, inode) & S_IFDIR) != 0) {
            return -EISDIR;
        }
        memory.zero(inode + InodeStruct.PATH.offset(), InodeStruct.PATH_BYTES);
        release(memory, kernelAt, inode);
        return 0;
    }

    /** Sets a file's size; what is added is zero. 0, -EFBIG or -ENOMEM. */
    public static long truncate(Memory memory, long kernelAt, long inodeAt, long bytes) {
        long data = InodeStruct.DATA.get(memory, inodeAt);
        long capacity = InodeStruct.CAPACITY.get(memory, inodeAt);
        if (bytes == 0) {
            if (data != 0) {
                Kmem.free(memory, kernelAt, data, capacity);
            }
            InodeStruct.DATA.set(memory, inodeAt, 0);
            InodeStruct.CAPACITY.set(memory, inodeAt, 0);
            InodeStruct.SIZE.set(memory, inodeAt, 0);
            return 0;
        }
        long size = InodeStruct.SIZE.get(memory, inodeAt);
        if (bytes < size) {
            memory.zero(data + bytes, Math.min(size, MAX_FILE_BYTES) - bytes);
        } else if (bytes > capacity) {
            long error = grow(memory, kernelAt, inodeAt, bytes);
            if (error != 0) {
                return error;
            }
        }
        InodeStruct.SIZE.set(memory, inodeAt, bytes);
        return 0;
    }

    private static long grow(Memory memory, long kernelAt, long inodeAt, long bytes) {
        if (bytes < 0 || bytes > MAX_FILE_BYTES) {
            return -EFBIG;
        }
        long capacity = Math.max(FIRST_BLOCK_BYTES, Long.highestOneBit(bytes - 1) << 1);
        long data = Kmem.alloc(memory, kernelAt, capacity);
        if (data == 0) {
            return -ENOMEM;
        }
        long old = InodeStruct.DATA.get(memory, inodeAt);
        if (old != 0) {
            copy(memory, old, data, Math.min(capacity, InodeStruct.SIZE.get(memory, inodeAt)));
            Kmem.free(memory, kernelAt, old, InodeStruct.CAPACITY.get(memory, inodeAt));
        }
        InodeStruct.DATA.set(memory, inodeAt, data);
        InodeStruct.CAPACITY.set(memory, inodeAt, capacity);
        return 0;
    }

    /** Copies physical memory. */
    public static void copy(Memory memory, long from, long to, long bytes) {
        byte[] buffer = new byte[(int) Math.min(bytes, 4096)];
        for (long done = 0; done < bytes; done += buffer.length) {
            int chunk = (int) Math.min(buffer.length, bytes - done);
            memory.read(from + done, buffer, 0, chunk);
            memory.write(to + done, buffer, 0, chunk);
        }
    }

    private static String text(byte[] field) {
        int length = 0;
        while (length < field.length && field[length] != 0) {
            length++;
        }
        return new String(field, 0, length, StandardCharsets.UTF_8);
    }
}
