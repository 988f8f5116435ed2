package calvin.lwk.drv;

import static calvin.lwk.abi.Errno.EFAULT;
import static calvin.lwk.abi.Errno.EINVAL;
import static calvin.lwk.abi.Errno.ENODEV;
import static calvin.lwk.abi.Errno.ENOENT;
import static calvin.lwk.abi.Errno.ENOMEM;
import static calvin.lwk.abi.Errno.ENOSPC;

import calvin.lwk.mm.Aspace;
import calvin.lwk.mm.Kmem;
import calvin.lwk.state.FileStruct;
import calvin.lwk.state.KernelState;
import calvin.lwk.state.RdmaObjectStruct;
import calvin.lwk.state.RegionStruct;
import calvin.machine.hosted.HartPort;
import calvin.sim.state.Memory;

/**
 * The kernel's side of the RDMA card, docs/adr/0004: checks, translation and ownership for the control path. The data
 * path does not come here: a task posts through the user access page that its open file maps.
 *
 * <p>Every object belongs to the open file that made it, in a list with the newest first; closing the file destroys
 * them in that order, so queue pairs go before what they use.
 *
 * <p>Left out: sharing one card between kernels (each would hand out the same user access pages).
 */
public final class RdmaCard {
    /** ioctl request: {@code _IOWR('C', 1, struct calvin_verbs_command)}. */
    public static final long IOCTL = 0xC060_4301L;
    public static final int COMMAND_BYTES = 96;
    public static final int ARGUMENTS = 8;

    private static final long MAGIC_VALUE = 0x494E_5643L;
    private static final int UAR_COUNT = 0x014;
    private static final int ARG0 = 0x100;
    private static final int COMMAND = 0x140;
    private static final int STATUS = 0x144;
    private static final int RESULT = 0x148;
    private static final long UAR_BASE = 0x10_0000L;
    private static final int UAR_BYTES = 4096;

    private static final int ALLOC_PD = 1;
    private static final int DEALLOC_PD = 2;
    private static final int REG_MR = 3;
    private static final int DEREG_MR = 4;
    private static final int CREATE_CQ = 5;
    private static final int DESTROY_CQ = 6;
    private static final int CREATE_QP = 7;
    private static final int DESTROY_QP = 8;
    private static final int MODIFY_QP = 9;
    private static final int QUERY_QP = 10;
    private static final int QUERY_DEVICE = 100;
    private static final int RESOLVE = 101;

    private static final int IDENTIFICATION_BYTES = 0x100;
    private static final int MR_WRITES = 1 | 2 | 8;
    private static final int CQ_ENTRY_LOG2 = 5;
    private static final int SQ_ENTRY_LOG2 = 8;
    private static final int RQ_ENTRY_LOG2 = 6;
    private static final int MAX_RING_LOG2 = 20;
    private static final int DOORBELL_BYTES = 8;
    private static final int LIST_BOUND = 1 << 20;

    private RdmaCard() {}

    /** Whether a card of this interface's version is at {@code bar0}. */
    public static boolean probe(HartPort port, long bar0) {
        Memory memory = port.physical();
        boolean there = memory.u32(bar0) == MAGIC_VALUE && memory.u32(bar0 + 4) == 1;
        return !port.badAccess() && there;
    }

    /** Takes a user access page for a new open file: its number, or -ENODEV, -ENOSPC. */
    public static long open(HartPort port, long kernelAt) {
        Memory memory = port.physical();
        long card = KernelState.RDMA_CARD.get(memory, kernelAt);
        if (card == 0) {
            return -ENODEV;
        }
        long count = Math.min(memory.u32(card + UAR_COUNT), 64L * KernelState.UARS.count());
        for (int page = 0; page < count; page++) {
            long taken = KernelState.UARS.get(memory, kernelAt, page >>> 6);
            if ((taken >>> page & 1) == 0) {
                KernelState.UARS.set(memory, kernelAt, page >>> 6, taken | 1L << page);
                return page;
            }
        }
        return -ENOSPC;
    }

    /** Destroys what the file owns and gives its user access page back. */
    public static void close(HartPort port, long kernelAt, long fileAt) {
        Memory memory = port.physical();
        long object = FileStruct.DATA.get(memory, fileAt);
        for (int i = 0; object != 0 && i < LIST_BOUND; i++) {
            long next = RdmaObjectStruct.NEXT.get(memory, object);
            memory.u64(KernelState.RDMA_CARD.get(memory, kernelAt) + ARG0, RdmaObjectStruct.NUMBER.get(memory, object));
            execute(memory, KernelState.RDMA_CARD.get(memory, kernelAt),
                    (int) RdmaObjectStruct.DESTROY.get(memory, object));
            Kmem.free(memory, kernelAt, object, RdmaObjectStruct.S.sizeBytes());
            object = next;
        }
        FileStruct.DATA.set(memory, fileAt, 0);
        int page = (int) FileStruct.SIZE.get(memory, fileAt) & 0xFF;
        KernelState.UARS.set(memory, kernelAt, page >>> 6,
                KernelState.UARS.get(memory, kernelAt, page >>> 6) & ~(1L << page));
    }

    /** Physical address of the file's user access page. */
    public static long uarPa(Memory memory, long kernelAt, long fileAt) {
        return KernelState.RDMA_CARD.get(memory, kernelAt) + UAR_BASE + FileStruct.SIZE.get(memory, fileAt) * UAR_BYTES;
    }

    /**
     * Executes a command of a task. The result, if any, is in {@code argument[8]} afterwards.
     *
     * @param argument the eight arguments as the task gave them and one more word
     * @return 0 or a negative errno
     */
    public static long command(HartPort port, long kernelAt, long aspaceAt, long fileAt, long opcode, long[] argument) {
        Memory memory = port.physical();
        long card = KernelState.RDMA_CARD.get(memory, kernelAt);
        if (opcode == QUERY_DEVICE) {
            if (argument[0] < 0 || argument[0] >= IDENTIFICATION_BYTES / 4) {
                return -EINVAL;
            }
            argument[8] = memory.u32(card + 4 * argument[0]);
            return 0;
        }
        if (opcode == RESOLVE) {
            argument[8] = 0x0200_0000_0000L | argument[0] & 0xFFFF_FFFFL;
            return 0;
        }
        long error = translate(memory, aspaceAt, fileAt, opcode, argument);
        if (error != 0) {
            return error;
        }
        for (int i = 0; i < ARGUMENTS; i++) {
            memory.u64(card + ARG0 + 8L * i, argument[i]);
        }
        int destroy = destroyer((int) opcode);
        long object = destroy == 0 ? 0 : Kmem.alloc(memory, kernelAt, RdmaObjectStruct.S.sizeBytes());
        if (destroy != 0 && object == 0) {
            return -ENOMEM;
        }
        long status = execute(memory, card, (int) opcode);
        argument[8] = memory.u64(card + RESULT);
        if (status != 0) {
            if (object != 0) {
                Kmem.free(memory, kernelAt, object, RdmaObjectStruct.S.sizeBytes());
            }
            return -status;
        }
        if (object != 0) {
            RdmaObjectStruct.NUMBER.set(memory, object, argument[8]);
            RdmaObjectStruct.DESTROY.set(memory, object, destroy);
            RdmaObjectStruct.NEXT.set(memory, object, FileStruct.DATA.get(memory, fileAt));
            FileStruct.DATA.set(memory, fileAt, object);
        } else if (opcode == DEALLOC_PD || opcode == DEREG_MR || opcode == DESTROY_CQ || opcode == DESTROY_QP) {
            forget(memory, kernelAt, fileAt, (int) opcode, argument[0]);
        }
        return 0;
    }

    /** Checks a task's arguments and turns them into the card's: ownership, addresses, the file's own page. */
    private static long translate(Memory memory, long aspaceAt, long fileAt, long opcode, long[] argument) {
        long uar = FileStruct.SIZE.get(memory, fileAt);
        switch ((int) opcode) {
            case ALLOC_PD :
                return 0;
            case DEALLOC_PD, DEREG_MR, DESTROY_CQ, DESTROY_QP :
                return owned(memory, fileAt, (int) opcode, argument[0]);
            case QUERY_QP :
                return owned(memory, fileAt, DESTROY_QP, argument[0]);
            case MODIFY_QP :
                return owned(memory, fileAt, DESTROY_QP, argument[0] & 0xFFFF_FFFFL);
            case REG_MR :
                argument[3] = pin(memory, aspaceAt, argument[1], argument[2], (argument[4] & MR_WRITES) != 0);
                return argument[3] < 0 ? argument[3] : owned(memory, fileAt, DEALLOC_PD, argument[0]);
            case CREATE_CQ :
                argument[3] = uar;
                argument[0] = ring(memory, aspaceAt, argument[0], argument[1], CQ_ENTRY_LOG2);
                argument[2] = pin(memory, aspaceAt, argument[2], DOORBELL_BYTES, true);
                return argument[0] < 0 ? argument[0] : argument[2] < 0 ? argument[2] : 0;
            case CREATE_QP :
                return translateQp(memory, aspaceAt, fileAt, uar, argument);
            default :
                return -EINVAL;
        }
    }

    private static long translateQp(Memory memory, long aspaceAt, long fileAt, long uar, long[] argument) {
        long pd = argument[0] & 0xFFFF_FFFFL;
        if (owned(memory, fileAt, DEALLOC_PD, pd) != 0
                || owned(memory, fileAt, DESTROY_CQ, argument[1] & 0xFFFF_FFFFL) != 0
                || owned(memory, fileAt, DESTROY_CQ, argument[1] >>> 32) != 0) {
            return -ENOENT;
        }
        argument[0] = pd | uar << 32;
        argument[2] = ring(memory, aspaceAt, argument[2], argument[3], SQ_ENTRY_LOG2);
        argument[4] = ring(memory, aspaceAt, argument[4], argument[5], RQ_ENTRY_LOG2);
        argument[6] = pin(memory, aspaceAt, argument[6], DOORBELL_BYTES, true);
        return argument[2] < 0 ? argument[2] : argument[4] < 0 ? argument[4] : argument[6] < 0 ? argument[6] : 0;
    }

    private static long ring(Memory memory, long aspaceAt, long va, long log2, int entryLog2) {
        return log2 < 0 || log2 > MAX_RING_LOG2 ? -EINVAL : pin(memory, aspaceAt, va, 1L << log2 + entryLog2, true);
    }

    /**
     * The physical address of a range of a task's memory that is contiguous there and that the task may use, or
     * -EFAULT. Regions are contiguous, so only their seams are looked at; memory of a region never moves, so it needs
     * no pinning.
     */
    static long pin(Memory memory, long aspaceAt, long va, long bytes, boolean writes) {
        int rights = RegionStruct.READ | (writes ? RegionStruct.WRITE : 0);
        if (bytes <= 0 || va < 0 || va + bytes < va) {
            return -EFAULT;
        }
        long start = Aspace.virtToPhys(memory, aspaceAt, va);
        long end = va + bytes;
        for (long at = va; at < end;) {
            long region = Aspace.regionOf(memory, aspaceAt, at);
            if (region == 0 || (RegionStruct.FLAGS.get(memory, region) & (rights | RegionStruct.DEVICE)) != rights) {
                return -EFAULT;
            }
            long pa = RegionStruct.PMEM.get(memory, region) + at - RegionStruct.START.get(memory, region);
            if (pa != start + (at - va)) {
                return -EFAULT;
            }
            at = RegionStruct.END.get(memory, region);
        }
        return start;
    }

    private static long execute(Memory memory, long card, int opcode) {
        memory.u32(card + COMMAND, opcode);
        return memory.u32(card + STATUS);
    }

    /** The opcode that destroys what {@code opcode} makes, or 0. */
    private static int destroyer(int opcode) {
        return switch (opcode) {
            case ALLOC_PD -> DEALLOC_PD;
            case REG_MR -> DEREG_MR;
            case CREATE_CQ -> DESTROY_CQ;
            case CREATE_QP -> DESTROY_QP;
            default -> 0;
        };
    }

    private static long owned(Memory memory, long fileAt, int destroy, long number) {
        long object = FileStruct.DATA.get(memory, fileAt);
        for (int i = 0; object != 0 && i < LIST_BOUND; i++) {
            if (RdmaObjectStruct.DESTROY.get(memory, object) == destroy
                    && RdmaObjectStruct.NUMBER.get(memory, object) == number) {
                return 0;
            }
            object = RdmaObjectStruct.NEXT.get(memory, object);
        }
        return -ENOENT;
    }

    private static void forget(Memory memory, long kernelAt, long fileAt, int destroy, long number) {
        long before = 0;
        long object = FileStruct.DATA.get(memory, fileAt);
        for (int i = 0; object != 0 && i < LIST_BOUND; i++) {
            long next = RdmaObjectStruct.NEXT.get(memory, object);
            if (RdmaObjectStruct.DESTROY.get(memory, object) == destroy
                    && RdmaObjectStruct.NUMBER.get(memory, object) == number) {
                if (before == 0) {
                    FileStruct.DATA.set(memory, fileAt, next);
                } else {
                    RdmaObjectStruct.NEXT.set(memory, before, next);
                }
                Kmem.free(memory, kernelAt, object, RdmaObjectStruct.S.sizeBytes());
                return;
            }
            before = object;
            object = next;
        }
    }
}
