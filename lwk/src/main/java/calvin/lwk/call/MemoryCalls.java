package calvin.lwk.call;

import static calvin.lwk.abi.Errno.EACCES;
import static calvin.lwk.abi.Errno.EBADF;
import static calvin.lwk.abi.Errno.EFAULT;
import static calvin.lwk.abi.Errno.EINVAL;
import static calvin.lwk.abi.Errno.ENODEV;
import static calvin.lwk.abi.Errno.ENOMEM;

import calvin.lwk.drv.RdmaCard;
import calvin.lwk.fs.Files;
import calvin.lwk.fs.Kfs;
import calvin.lwk.mm.Aspace;
import calvin.lwk.mm.Heap;
import calvin.lwk.mm.PageTable;
import calvin.lwk.state.AspaceStruct;
import calvin.lwk.state.FileKind;
import calvin.lwk.state.FileStruct;
import calvin.lwk.state.HartStruct;
import calvin.lwk.state.RegionStruct;
import calvin.lwk.state.TaskStruct;
import calvin.machine.hosted.HartPort;
import calvin.sim.state.Memory;
import java.nio.charset.StandardCharsets;

/** Calls on the caller's address space. Its heap is mapped from the start, so most of these only keep books. */
final class MemoryCalls {
    private static final long PAGE = PageTable.PAGE_4K;
    private static final int PROT_EXEC = 4;
    private static final int MAP_SHARED = 1;
    private static final int MAP_FIXED = 0x10;
    private static final int MAP_ANONYMOUS = 0x20;
    private static final int MAP_FIXED_NOREPLACE = 0x10_0000;
    private static final int MREMAP_MAYMOVE = 1;
    private static final int MADV_DONTNEED = 4;
    private static final byte[] DEVICE_NAME = "uar".getBytes(StandardCharsets.US_ASCII);

    private MemoryCalls() {}

    private static long aspace(HartPort port, long taskAt) {
        return TaskStruct.ASPACE.get(port.physical(), taskAt);
    }

    static long nothing(HartPort port, long hartAt, long taskAt) {
        return 0;
    }

    static long brk(HartPort port, long hartAt, long taskAt) {
        return Heap.brk(port.physical(), aspace(port, taskAt), port.x(10));
    }

    static long mmap(HartPort port, long hartAt, long taskAt) {
        Memory memory = port.physical();
        long bytes = port.x(11);
        long flags = port.x(13);
        if (bytes <= 0 || (port.x(15) & PAGE - 1) != 0) {
            return bytes == 0 || (port.x(15) & PAGE - 1) != 0 ? -EINVAL : -ENOMEM;
        }
        if ((flags & MAP_ANONYMOUS) != 0) {
            return anonymous(port, hartAt, taskAt, bytes, flags);
        }
        long file = Files.get(memory, aspace(port, taskAt), (int) port.x(14));
        if (file == 0) {
            return -EBADF;
        }
        return switch (FileKind.of(FileStruct.KIND.get(memory, file))) {
            case ZERO -> anonymous(port, hartAt, taskAt, bytes, flags);
            case RDMA -> device(port, hartAt, taskAt, file, bytes);
            case INODE, INPUT -> (flags & MAP_SHARED) != 0 ? -ENODEV : copyOf(port, hartAt, taskAt, file, bytes, flags);
            case NONE, CONSOLE, NULL, RANDOM, CORRUPT -> -EACCES;
        };
    }

    private static long anonymous(HartPort port, long hartAt, long taskAt, long bytes, long flags) {
        Memory memory = port.physical();
        long aspace = aspace(port, taskAt);
        long va = port.x(10);
        if ((flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) == 0) {
            va = Heap.map(memory, HartStruct.ROOT.get(memory, hartAt), aspace, bytes);
        } else if ((va & PAGE - 1) != 0) {
            return -EINVAL;
        } else if ((flags & MAP_FIXED_NOREPLACE) != 0 || !Heap.isMapped(memory, aspace, va, bytes)) {
            return -ENOMEM;
        } else {
            Heap.clear(memory, aspace, va, va + bytes);
        }
        if (va > 0 && (port.x(12) & PROT_EXEC) != 0) {
            makeExecutable(port, hartAt, aspace, va);
        }
        return va;
    }

    /** Private mappings of files are copies: there is no page cache to share pages with. */
    private static long copyOf(HartPort port, long hartAt, long taskAt, long fileAt, long bytes, long flags) {
        long va = anonymous(port, hartAt, taskAt, bytes, flags);
        if (va > 0) {
            long copied = Transfer.readAt(port, fileAt, port.x(15), va, bytes);
            if (copied < 0) {
                return copied;
            }
        }
        return va;
    }

    /** The user access page of the RDMA card (docs/adr/0004): 4 KiB of registers, read and write. */
    private static long device(HartPort port, long hartAt, long taskAt, long fileAt, long bytes) {
        Memory memory = port.physical();
        long kernel = HartStruct.ROOT.get(memory, hartAt);
        long aspace = aspace(port, taskAt);
        if (bytes != PAGE || port.x(15) != 0 || (port.x(13) & MAP_SHARED) == 0 || (port.x(12) & PROT_EXEC) != 0) {
            return -EINVAL;
        }
        long va = Aspace.findHole(memory, aspace, AspaceStruct.HEAP_END.get(memory, aspace), PAGE, PAGE);
        if (va < 0) {
            return -ENOMEM;
        }
        long error = Aspace.add(memory, kernel, aspace, va, PAGE, PAGE, RdmaCard.uarPa(memory, kernel, fileAt),
                RegionStruct.READ | RegionStruct.WRITE | RegionStruct.DEVICE, DEVICE_NAME);
        port.sfenceVma();
        return error == 0 ? va : error;
    }

    static long munmap(HartPort port, long hartAt, long taskAt) {
        Memory memory = port.physical();
        long kernel = HartStruct.ROOT.get(memory, hartAt);
        long aspace = aspace(port, taskAt);
        long va = port.x(10);
        long region = Aspace.regionOf(memory, aspace, va);
        if (region != 0 && (RegionStruct.FLAGS.get(memory, region) & RegionStruct.DEVICE) != 0) {
            long error = Aspace.del(memory, kernel, aspace, va, port.x(11));
            port.sfenceVma();
            return error;
        }
        return Heap.unmap(memory, kernel, aspace, va, port.x(11));
    }

    static long mremap(HartPort port, long hartAt, long taskAt) {
        Memory memory = port.physical();
        long kernel = HartStruct.ROOT.get(memory, hartAt);
        long aspace = aspace(port, taskAt);
        long va = port.x(10);
        long before = port.x(11) + PAGE - 1 & -PAGE;
        long after = port.x(12) + PAGE - 1 & -PAGE;
        if ((va & PAGE - 1) != 0 || after <= 0 || before <= 0 || (port.x(13) & ~MREMAP_MAYMOVE) != 0) {
            return -EINVAL;
        }
        if (!Heap.isMapped(memory, aspace, va, before)) {
            return -EFAULT;
        }
        if (after <= before) {
            if (after < before) {
                Heap.unmap(memory, kernel, aspace, va + after, before - after);
            }
            return va;
        }
        if ((port.x(13) & MREMAP_MAYMOVE) == 0) {
            return -ENOMEM;
        }
        long moved = Heap.map(memory, kernel, aspace, after);
        if (moved > 0) {
            Kfs.copy(memory, Aspace.virtToPhys(memory, aspace, va), Aspace.virtToPhys(memory, aspace, moved), before);
            Heap.unmap(memory, kernel, aspace, va, before);
        }
        return moved;
    }

    static long mprotect(HartPort port, long hartAt, long taskAt) {
        Memory memory = port.physical();
        long aspace = aspace(port, taskAt);
        long va = port.x(10);
        long bytes = port.x(11);
        if ((va & PAGE - 1) != 0 || bytes < 0) {
            return -EINVAL;
        }
        for (long at = va; at < va + bytes;) {
            long region = Aspace.regionOf(memory, aspace, at);
            if (region == 0) {
                return -ENOMEM;
            }
            at = RegionStruct.END.get(memory, region);
        }
        if ((port.x(12) & PROT_EXEC) != 0 && bytes > 0) {
            makeExecutable(port, hartAt, aspace, va);
        }
        return 0;
    }

    /** A region has one set of rights, so the whole region becomes executable. */
    private static void makeExecutable(HartPort port, long hartAt, long aspaceAt, long va) {
        Memory memory = port.physical();
        long region = Aspace.regionOf(memory, aspaceAt, va);
        long flags = region == 0 ? RegionStruct.DEVICE : RegionStruct.FLAGS.get(memory, region);
        if ((flags & (RegionStruct.EXEC | RegionStruct.DEVICE)) == 0) {
            Aspace.protect(memory, HartStruct.ROOT.get(memory, hartAt), aspaceAt, region, flags | RegionStruct.EXEC);
            port.sfenceVma();
        }
    }

    static long madvise(HartPort port, long hartAt, long taskAt) {
        Memory memory = port.physical();
        long aspace = aspace(port, taskAt);
        long va = port.x(10);
        long bytes = port.x(11) + PAGE - 1 & -PAGE;
        if ((va & PAGE - 1) != 0 || bytes < 0) {
            return -EINVAL;
        }
        if (port.x(12) == MADV_DONTNEED && Heap.isMapped(memory, aspace, va, bytes)) {
            Heap.clear(memory, aspace, va, va + bytes);
        }
        return 0;
    }

    static long flushIcache(HartPort port, long hartAt, long taskAt) {
        port.fenceI();
        return 0;
    }
}
