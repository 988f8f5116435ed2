package calvin.lwk.mm;

import static calvin.lwk.abi.Errno.EBUSY;
import static calvin.lwk.abi.Errno.EINVAL;
import static calvin.lwk.abi.Errno.ENOENT;
import static calvin.lwk.abi.Errno.ENOMEM;
import static calvin.lwk.abi.Errno.ENOTUNIQ;

import calvin.lwk.state.ActionStruct;
import calvin.lwk.state.AspaceStruct;
import calvin.lwk.state.FileStruct;
import calvin.lwk.state.KernelState;
import calvin.lwk.state.Panic;
import calvin.lwk.state.RegionStruct;
import calvin.sim.state.Memory;

/**
 * Address spaces: regions of one page size each, bound to contiguous physical memory when they are made. There is no
 * demand paging, so a page fault of a program is always its mistake. Life cycle and errors are Kitten's (aspace_create,
 * add_region, map_pmem, ...).
 */
public final class Aspace {
    /** Regions an address space may have. */
    private static final int REGION_BOUND = 4096;

    private Aspace() {}

    /** Makes an empty address space without an open file; 0 when there is no memory. */
    public static long create(Memory memory, long kernelAt, long id, byte[] name) {
        long at = Kmem.alloc(memory, kernelAt, AspaceStruct.S.sizeBytes());
        long table = PageTable.create(memory, kernelAt);
        long files = Kmem.alloc(memory, kernelAt, 8L * FileStruct.SLOTS);
        long actions = Kmem.alloc(memory, kernelAt, actionBytes());
        if (at == 0 || table == 0 || files == 0 || actions == 0) {
            freeIf(memory, kernelAt, at, AspaceStruct.S.sizeBytes());
            freeIf(memory, kernelAt, table, PageTable.PAGE_4K);
            freeIf(memory, kernelAt, files, 8L * FileStruct.SLOTS);
            freeIf(memory, kernelAt, actions, actionBytes());
            return 0;
        }
        AspaceStruct.MAGIC.set(memory, at, AspaceStruct.MAGIC_VALUE);
        AspaceStruct.ID.set(memory, at, id);
        AspaceStruct.PAGE_TABLE.set(memory, at, table);
        AspaceStruct.FILES.set(memory, at, files);
        AspaceStruct.ACTIONS.set(memory, at, actions);
        AspaceStruct.NAME.set(memory, at, name);
        long last = 0;
        long next = KernelState.ASPACES.get(memory, kernelAt);
        for (int i = 0; next != 0 && i < KernelState.LIST_BOUND; i++) {
            last = next;
            next = AspaceStruct.NEXT.get(memory, next);
        }
        if (last == 0) {
            KernelState.ASPACES.set(memory, kernelAt, at);
        } else {
            AspaceStruct.NEXT.set(memory, last, at);
        }
        return at;
    }

    /** satp for tasks of this address space: Sv48, the ASID is the address space's id. */
    public static long satp(Memory memory, long aspaceAt) {
        return PageTable.SATP_SV48 | AspaceStruct.ID.get(memory, aspaceAt) << 44
                | AspaceStruct.PAGE_TABLE.get(memory, aspaceAt) >>> 12;
    }

    /** The address space with that id, or 0. */
    public static long find(Memory memory, long kernelAt, long id) {
        long at = KernelState.ASPACES.get(memory, kernelAt);
        for (int i = 0; at != 0 && i < KernelState.LIST_BOUND; i++) {
            if (AspaceStruct.ID.get(memory, at) == id) {
                return at;
            }
            at = AspaceStruct.NEXT.get(memory, at);
        }
        return 0;
    }

    /**
     * Reserves {@code extent} bytes of address space and maps them to physical memory from {@code pa} on.
     *
     * @param flags rights and marks of {@link RegionStruct}
     * @return 0; -EINVAL for an empty, misaligned or impossible range or page size; -ENOTUNIQ where it overlaps;
     *         -ENOMEM
     */
    public static long add(Memory memory, long kernelAt, long aspaceAt, long start, long extent, long pageBytes,
            long pa, long flags,
            byte[] name) {
        if (start <= 0 || extent <= 0 || start + extent > PageTable.USER_END || !PageTable.isPageSize(pageBytes)
                || ((start | extent | pa) & pageBytes - 1) != 0) {
            return -EINVAL;
        }
        long before = 0;
        long next = AspaceStruct.REGIONS.get(memory, aspaceAt);
        for (int i = 0; next != 0 && RegionStruct.START.get(memory, next) < start; i++) {
            if (i >= REGION_BOUND) {
                Panic.raise(memory, kernelAt, Panic.LIST_TOO_LONG);
                return -EINVAL;
            }
            before = next;
            next = RegionStruct.NEXT.get(memory, next);
        }
        if (before != 0 && RegionStruct.END.get(memory, before) > start
                || next != 0 && RegionStruct.START.get(memory, next) < start + extent) {
            return -ENOTUNIQ;
        }
        long at = Kmem.alloc(memory, kernelAt, RegionStruct.S.sizeBytes());
        if (at == 0) {
            return -ENOMEM;
        }
        RegionStruct.START.set(memory, at, start);
        RegionStruct.END.set(memory, at, start + extent);
        RegionStruct.PAGE.set(memory, at, pageBytes);
        RegionStruct.PMEM.set(memory, at, pa);
        RegionStruct.FLAGS.set(memory, at, flags);
        RegionStruct.NAME.set(memory, at, name);
        RegionStruct.NEXT.set(memory, at, next);
        if (before == 0) {
            AspaceStruct.REGIONS.set(memory, aspaceAt, at);
        } else {
            RegionStruct.NEXT.set(memory, before, at);
        }
        long mapped = PageTable.map(memory, kernelAt, AspaceStruct.PAGE_TABLE.get(memory, aspaceAt), start, pa, extent,
                pageBytes, flags);
        if (mapped != 0) {
            RegionStruct.FLAGS.set(memory, at, flags & ~RegionStruct.OWNED);
            del(memory, kernelAt, aspaceAt, start, extent);
        }
        return mapped;
    }

    /** Removes a region that was made with exactly this range, -EINVAL otherwise. Memory that it owns goes back. */
    public static long del(Memory memory, long kernelAt, long aspaceAt, long start, long extent) {
        long before = 0;
        long at = AspaceStruct.REGIONS.get(memory, aspaceAt);
        for (int i = 0; at != 0 && i < REGION_BOUND; i++) {
            if (RegionStruct.START.get(memory, at) == start && RegionStruct.END.get(memory, at) == start + extent) {
                PageTable.unmap(memory, kernelAt, AspaceStruct.PAGE_TABLE.get(memory, aspaceAt), start, extent,
                        RegionStruct.PAGE.get(memory, at));
                if ((RegionStruct.FLAGS.get(memory, at) & RegionStruct.OWNED) != 0) {
                    Pmem.free(memory, kernelAt, RegionStruct.PMEM.get(memory, at), extent);
                }
                long next = RegionStruct.NEXT.get(memory, at);
                if (before == 0) {
                    AspaceStruct.REGIONS.set(memory, aspaceAt, next);
                } else {
                    RegionStruct.NEXT.set(memory, before, next);
                }
                Kmem.free(memory, kernelAt, at, RegionStruct.S.sizeBytes());
                return 0;
            }
            before = at;
            at = RegionStruct.NEXT.get(memory, at);
        }
        return -EINVAL;
    }

    /** The region that holds {@code va}, or 0. */
    public static long regionOf(Memory memory, long aspaceAt, long va) {
        long at = AspaceStruct.REGIONS.get(memory, aspaceAt);
        for (int i = 0; at != 0 && i < REGION_BOUND; i++) {
            if (RegionStruct.START.get(memory, at) <= va && va < RegionStruct.END.get(memory, at)) {
                return at;
            }
            at = RegionStruct.NEXT.get(memory, at);
        }
        return 0;
    }

    /** The lowest free range from {@code start} on, or -ENOENT; {@code alignment} is a power of two. */
    public static long findHole(Memory memory, long aspaceAt, long start, long extent, long alignment) {
        long va = start + alignment - 1 & -alignment;
        long at = AspaceStruct.REGIONS.get(memory, aspaceAt);
        for (int i = 0; at != 0 && i < REGION_BOUND; i++) {
            if (RegionStruct.END.get(memory, at) > va) {
                if (RegionStruct.START.get(memory, at) >= va + extent) {
                    break;
                }
                va = RegionStruct.END.get(memory, at) + alignment - 1 & -alignment;
            }
            at = RegionStruct.NEXT.get(memory, at);
        }
        return va + extent <= PageTable.USER_END ? va : -ENOENT;
    }

    /** Changes the rights of a whole region. The caller fences. */
    public static void protect(Memory memory, long kernelAt, long aspaceAt, long regionAt, long rights) {
        long mask = RegionStruct.READ | RegionStruct.WRITE | RegionStruct.EXEC;
        RegionStruct.FLAGS.set(memory, regionAt, RegionStruct.FLAGS.get(memory, regionAt) & ~mask | rights & mask);
        long start = RegionStruct.START.get(memory, regionAt);
        PageTable.map(memory, kernelAt, AspaceStruct.PAGE_TABLE.get(memory, aspaceAt), start,
                RegionStruct.PMEM.get(memory, regionAt),
                RegionStruct.END.get(memory, regionAt) - start, RegionStruct.PAGE.get(memory, regionAt), rights);
    }

    /** The physical address of {@code va}, or -EINVAL where nothing is mapped. */
    public static long virtToPhys(Memory memory, long aspaceAt, long va) {
        long pa = PageTable.walk(memory, AspaceStruct.PAGE_TABLE.get(memory, aspaceAt), va);
        return pa == -1 ? -EINVAL : pa;
    }

    /** Gives back everything but the open files, which the caller has closed. -EBUSY while tasks live in it. */
    public static long destroy(Memory memory, long kernelAt, long aspaceAt) {
        if (AspaceStruct.TASKS.get(memory, aspaceAt) != 0) {
            return -EBUSY;
        }
        for (int i = 0; i < REGION_BOUND && AspaceStruct.REGIONS.get(memory, aspaceAt) != 0; i++) {
            long region = AspaceStruct.REGIONS.get(memory, aspaceAt);
            long start = RegionStruct.START.get(memory, region);
            del(memory, kernelAt, aspaceAt, start, RegionStruct.END.get(memory, region) - start);
        }
        Heap.dropHoles(memory, kernelAt, aspaceAt);
        PageTable.destroy(memory, kernelAt, AspaceStruct.PAGE_TABLE.get(memory, aspaceAt));
        Kmem.free(memory, kernelAt, AspaceStruct.FILES.get(memory, aspaceAt), 8L * FileStruct.SLOTS);
        Kmem.free(memory, kernelAt, AspaceStruct.ACTIONS.get(memory, aspaceAt), actionBytes());
        unlink(memory, kernelAt, aspaceAt);
        Kmem.free(memory, kernelAt, aspaceAt, AspaceStruct.S.sizeBytes());
        return 0;
    }

    private static long actionBytes() {
        return (long) (ActionStruct.SIGNALS + 1) * ActionStruct.S.sizeBytes();
    }

    private static void unlink(Memory memory, long kernelAt, long aspaceAt) {
        long next = AspaceStruct.NEXT.get(memory, aspaceAt);
        long at = KernelState.ASPACES.get(memory, kernelAt);
        if (at == aspaceAt) {
            KernelState.ASPACES.set(memory, kernelAt, next);
            return;
        }
        for (int i = 0; at != 0 && i < KernelState.LIST_BOUND; i++) {
            long follower = AspaceStruct.NEXT.get(memory, at);
            if (follower == aspaceAt) {
                AspaceStruct.NEXT.set(memory, at, next);
                return;
            }
            at = follower;
        }
        Panic.raise(memory, kernelAt, Panic.ASPACE_CORRUPT);
    }

    private static void freeIf(Memory memory, long kernelAt, long pa, long bytes) {
        if (pa != 0) {
            Kmem.free(memory, kernelAt, pa, bytes);
        }
    }
}
