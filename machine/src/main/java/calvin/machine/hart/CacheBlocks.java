package calvin.machine.hart;

import calvin.machine.bus.SystemBus;
import calvin.machine.isa.Cause;
import calvin.machine.isa.Csr;
import calvin.machine.mem.PhysicalMemory;
import calvin.machine.mmu.Access;

/**
 * CBO.INVAL, CBO.CLEAN, CBO.FLUSH and CBO.ZERO of one hart: who may, and what they reach (unpriv, "CMO Extensions").
 *
 * <p>Memory is coherent and data caches hold nothing that memory does not, so the management operations change nothing
 * once permitted; an invalidation that xenvcfg.CBIE turns into a flush is the same here. They need a load's permission
 * (which every page a store may reach has), set A but not D, and report faults as stores do, with rs1 in xtval. On
 * devices they do nothing, and zeroing is an access fault.
 */
public final class CacheBlocks {
    /** Size of a block for management and for zeroing, as the device tree says. */
    public static final int BYTES = 64;

    private static final int INVALIDATE = 0;
    private static final int ZERO = 4;

    private final HartUnit hartUnit;
    private final Hart hart;
    private final CsrState state;
    private final MemoryUnit unit;
    private final PhysicalMemory memory;
    private final SystemBus bus;

    CacheBlocks(HartUnit hartUnit, CsrState state, MemoryUnit unit, PhysicalMemory memory, SystemBus bus) {
        this.hartUnit = hartUnit;
        this.hart = hartUnit.hart();
        this.state = state;
        this.unit = unit;
        this.memory = memory;
        this.bus = bus;
    }

    /** See {@link HartBus#cacheBlock}. */
    void execute(int operation, long va) {
        int refusal = refusal(operation == INVALIDATE
                ? Status.ENV_CBIE
                : operation == ZERO ? Status.ENV_CBZE : Status.ENV_CBCFE);
        if (refusal >= 0) {
            hart.raise(refusal, 0);
            return;
        }
        if (operation == ZERO && hartUnit.system().triggered(Watches.WRITE, va & -BYTES, BYTES, 0)) {
            return;
        }
        long pa = unit.translation().translateBlock(va, operation == ZERO ? Access.WRITE : Access.READ);
        if (hart.trapCause >= 0) {
            hart.trapCause = asStore(hart.trapCause);
            return;
        }
        long block = pa & -BYTES;
        if (memory.isRam(block, BYTES)) {
            if (operation == ZERO) {
                memory.zero(block, BYTES);
                unit.stored(block);
            }
        } else if (operation == ZERO || bus.find(block, 1) < 0) {
            unit.translation().accessFault(va, Access.WRITE, hart.dataContext);
        }
    }

    /** The exception for lack of {@code enable}, bits of the xenvcfg registers, at the hart's mode, or -1. */
    private int refusal(long enable) {
        int mode = hart.mode;
        boolean user = (mode & 3) == Hart.MODE_U;
        boolean permitted = !user || state.has(Csr.SENVCFG, enable);
        if (mode == Hart.MODE_M) {
            return -1;
        }
        if (!state.has(Csr.MENVCFG, enable) || mode < Hart.MODE_V && !permitted) {
            return Cause.ILLEGAL_INSTRUCTION.code;
        }
        boolean refused = mode >= Hart.MODE_V && (!permitted || !state.has(Csr.HENVCFG, enable));
        return refused ? Cause.VIRTUAL_INSTRUCTION.code : -1;
    }

    private static int asStore(int cause) {
        return switch (Cause.exception(cause)) {
            case LOAD_PAGE_FAULT -> Cause.STORE_PAGE_FAULT.code;
            case LOAD_GUEST_PAGE_FAULT -> Cause.STORE_GUEST_PAGE_FAULT.code;
            case LOAD_ACCESS_FAULT -> Cause.STORE_ACCESS_FAULT.code;
            default -> cause;
        };
    }
}
