package calvin.lwk.fs;

import static calvin.lwk.abi.Errno.EBADF;
import static calvin.lwk.abi.Errno.EMFILE;
import static calvin.lwk.abi.Errno.ENOMEM;

import calvin.lwk.drv.RdmaCard;
import calvin.lwk.mm.Aspace;
import calvin.lwk.mm.Kmem;
import calvin.lwk.state.AspaceStruct;
import calvin.lwk.state.FileKind;
import calvin.lwk.state.FileStruct;
import calvin.lwk.state.KernelState;
import calvin.lwk.state.RegionStruct;
import calvin.machine.hosted.HartPort;
import calvin.sim.state.Memory;

/** The table of descriptors of an address space, and the open files they point to. */
public final class Files {
    private Files() {}

    /** The open file of a descriptor, or 0. */
    public static long get(Memory memory, long aspaceAt, long fd) {
        return fd < 0 || fd >= FileStruct.SLOTS ? 0 : memory.u64(AspaceStruct.FILES.get(memory, aspaceAt) + 8 * fd);
    }

    /** A new open file with no descriptor yet, or 0. */
    public static long create(Memory memory, long kernelAt, FileKind kind, long flags, long data, long size) {
        long file = Kmem.alloc(memory, kernelAt, FileStruct.S.sizeBytes());
        if (file != 0) {
            FileStruct.KIND.set(memory, file, kind.code);
            FileStruct.FLAGS.set(memory, file, flags);
            FileStruct.DATA.set(memory, file, data);
            FileStruct.SIZE.set(memory, file, size);
        }
        return file;
    }

    /** Gives an open file the lowest free descriptor from {@code lowest} on; -EMFILE when there is none. */
    public static long install(Memory memory, long aspaceAt, long fileAt, long lowest) {
        for (long fd = Math.max(0, lowest); fd < FileStruct.SLOTS; fd++) {
            if (get(memory, aspaceAt, fd) == 0) {
                set(memory, aspaceAt, fd, fileAt);
                return fd;
            }
        }
        return -EMFILE;
    }

    /** Opens a file and gives it a descriptor: the descriptor, -ENOMEM or -EMFILE. */
    public static long open(Memory memory, long kernelAt, long aspaceAt, FileKind kind, long flags, long data,
            long size) {
        long file = create(memory, kernelAt, kind, flags, data, size);
        if (file == 0) {
            return -ENOMEM;
        }
        long fd = install(memory, aspaceAt, file, 0);
        if (fd < 0) {
            Kmem.free(memory, kernelAt, file, FileStruct.S.sizeBytes());
        }
        return fd;
    }

    /** Points a free descriptor at an open file, which gains a reference. */
    public static void set(Memory memory, long aspaceAt, long fd, long fileAt) {
        memory.u64(AspaceStruct.FILES.get(memory, aspaceAt) + 8 * fd, fileAt);
        FileStruct.REFERENCES.set(memory, fileAt, FileStruct.REFERENCES.get(memory, fileAt) + 1);
    }

    /** Closes a descriptor, and the file with its last one. */
    public static long close(HartPort port, long kernelAt, long aspaceAt, long fd) {
        Memory memory = port.physical();
        long file = get(memory, aspaceAt, fd);
        if (file == 0) {
            return -EBADF;
        }
        memory.u64(AspaceStruct.FILES.get(memory, aspaceAt) + 8 * fd, 0);
        long references = FileStruct.REFERENCES.get(memory, file) - 1;
        FileStruct.REFERENCES.set(memory, file, references);
        if (references == 0) {
            last(port, kernelAt, aspaceAt, file);
        }
        return 0;
    }

    public static void closeAll(HartPort port, long kernelAt, long aspaceAt) {
        for (int fd = 0; fd < FileStruct.SLOTS; fd++) {
            if (get(port.physical(), aspaceAt, fd) != 0) {
                close(port, kernelAt, aspaceAt, fd);
            }
        }
    }

    private static void last(HartPort port, long kernelAt, long aspaceAt, long fileAt) {
        Memory memory = port.physical();
        switch (FileKind.of(FileStruct.KIND.get(memory, fileAt))) {
            case RDMA -> {
                unmapDevice(port, kernelAt, aspaceAt, RdmaCard.uarPa(memory, kernelAt, fileAt));
                RdmaCard.close(port, kernelAt, fileAt);
            }
            case INODE -> Kfs.release(memory, kernelAt, FileStruct.DATA.get(memory, fileAt));
            case NONE, CONSOLE, NULL, ZERO, INPUT, RANDOM, CORRUPT -> {
            }
        }
        Kmem.free(memory, kernelAt, fileAt, FileStruct.S.sizeBytes());
    }

    /** Takes a page of a device out of the address space, so that its next owner is alone with it. */
    private static void unmapDevice(HartPort port, long kernelAt, long aspaceAt, long pa) {
        Memory memory = port.physical();
        long region = AspaceStruct.REGIONS.get(memory, aspaceAt);
        for (int i = 0; region != 0 && i < KernelState.LIST_BOUND; i++) {
            long next = RegionStruct.NEXT.get(memory, region);
            if ((RegionStruct.FLAGS.get(memory, region) & RegionStruct.DEVICE) != 0
                    && RegionStruct.PMEM.get(memory, region) == pa) {
                long start = RegionStruct.START.get(memory, region);
                Aspace.del(memory, kernelAt, aspaceAt, start, RegionStruct.END.get(memory, region) - start);
                port.sfenceVma();
            }
            region = next;
        }
    }
}
