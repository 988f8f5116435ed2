package calvin.machine.interp;

import calvin.machine.exec.Atomic;
import calvin.machine.hart.CodeWatcher;
import calvin.machine.hart.CompareAndSwap;
import calvin.machine.hart.Hart;
import calvin.machine.hart.HartBus;
import calvin.machine.hart.Stops;
import calvin.machine.isa.Cause;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Test bus: one window of RAM at {@code base}, addresses not translated, FS always dirty, no CSRs but the
 * floating-point ones and instret. Faults as a machine would; ECALL and EBREAK leave their trap pending.
 */
final class FlatBus implements HartBus {
    final Stops stops = new Stops();
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    final long base;
    final MemorySegment ram;
    private final boolean[] codePages;
    private CodeWatcher watcher;
    long misses;

    FlatBus(long base, int bytes) {
        this.base = base;
        this.ram = Arena.ofAuto().allocate(bytes, 4096);
        this.codePages = new boolean[bytes >>> 12];
    }

    /** Whom to tell about stores to code. */
    void watch(CodeWatcher engine) {
        watcher = engine;
    }

    void write(long va, byte[] bytes) {
        MemorySegment.copy(MemorySegment.ofArray(bytes), 0, ram, va - base, bytes.length);
    }

    private boolean outside(Hart hart, long va, int size, Cause cause) {
        if (va - base < 0 || va - base > ram.byteSize() - size) {
            hart.raise(cause.code, va);
            return true;
        }
        return false;
    }

    private void fill(Hart hart, long va, boolean write) {
        misses++;
        long page = va & ~0xFFFL;
        int entry = (int) (va >>> 12) & Hart.TLB_ENTRIES - 1;
        hart.tlbAddend[entry] = ram.address() - base;
        hart.tlbPa[entry] = page;
        hart.tlbReadTag[entry] = page | hart.dataContext;
        boolean writable = write && !codePages[(int) (page - base >>> 12)];
        hart.tlbWriteTag[entry] = writable ? page | hart.dataContext : Hart.TLB_EMPTY;
    }

    @Override
    public long load(Hart hart, long va, int sizeLog2) {
        if (outside(hart, va, 1 << sizeLog2, Cause.LOAD_ACCESS_FAULT)) {
            return 0;
        }
        fill(hart, va, true);
        long at = va - base;
        return switch (sizeLog2) {
            case 0 -> ram.get(ValueLayout.JAVA_BYTE, at) & 0xFF;
            case 1 -> ram.get(ValueLayout.JAVA_SHORT_UNALIGNED, at) & 0xFFFF;
            case 2 -> ram.get(ValueLayout.JAVA_INT_UNALIGNED, at) & 0xFFFF_FFFFL;
            default -> ram.get(LONG, at);
        };
    }

    @Override
    public void store(Hart hart, long va, int sizeLog2, long value) {
        if (outside(hart, va, 1 << sizeLog2, Cause.STORE_ACCESS_FAULT)) {
            return;
        }
        for (long page = va & ~0xFFFL; page < va + (1 << sizeLog2); page += 0x1000) {
            if (codePages[(int) (page - base >>> 12)]) {
                codePages[(int) (page - base >>> 12)] = false;
                watcher.codeChanged(page);
            }
        }
        fill(hart, va, true);
        long at = va - base;
        switch (sizeLog2) {
            case 0 -> ram.set(ValueLayout.JAVA_BYTE, at, (byte) value);
            case 1 -> ram.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, (short) value);
            case 2 -> ram.set(ValueLayout.JAVA_INT_UNALIGNED, at, (int) value);
            default -> ram.set(LONG, at, value);
        }
    }

    private boolean misaligned(Hart hart, long va, int sizeLog2, Cause cause) {
        if ((va & (1L << sizeLog2) - 1) != 0) {
            hart.raise(cause.code, va);
            return true;
        }
        return false;
    }

    private static long signed(long value, int sizeLog2) {
        return sizeLog2 == 2 ? (int) value : value;
    }

    @Override
    public long loadReserved(Hart hart, long va, int sizeLog2) {
        if (misaligned(hart, va, sizeLog2, Cause.LOAD_MISALIGNED)) {
            return 0;
        }
        hart.reservationPa = va & ~7;
        return signed(load(hart, va, sizeLog2), sizeLog2);
    }

    @Override
    public long storeConditional(Hart hart, long va, int sizeLog2, long value) {
        if (misaligned(hart, va, sizeLog2, Cause.STORE_MISALIGNED)) {
            return 0;
        }
        boolean held = hart.reservationPa == (va & ~7);
        hart.reservationPa = -1;
        if (held) {
            store(hart, va, sizeLog2, value);
        }
        return held ? 0 : 1;
    }

    @Override
    public long atomic(Hart hart, int operation, long va, int sizeLog2, long operand) {
        if (misaligned(hart, va, sizeLog2, Cause.STORE_MISALIGNED)
                || outside(hart, va, 1 << sizeLog2, Cause.STORE_ACCESS_FAULT)) {
            return 0;
        }
        long old = signed(load(hart, va, sizeLog2), sizeLog2);
        store(hart, va, sizeLog2, Atomic.combine(operation, old, signed(operand, sizeLog2)));
        return old;
    }

    @Override
    public void compareAndSwap(Hart hart, int rd, int rs2, long va, int sizeLog2) {
        if (!misaligned(hart, va, sizeLog2, Cause.STORE_MISALIGNED)
                && !outside(hart, va, 1 << sizeLog2, Cause.STORE_ACCESS_FAULT)) {
            CompareAndSwap.execute(hart, ram.address() + va - base, rd, rs2, sizeLog2);
            fill(hart, va, true);
        }
    }

    @Override
    public long fetchPa(Hart hart, long va) {
        if (outside(hart, va, 1, Cause.INSTRUCTION_ACCESS_FAULT)) {
            return -1;
        }
        int page = (int) (va - base >>> 12);
        if (!codePages[page]) {
            codePages[page] = true;
            hart.tlbWriteTag[(int) (va >>> 12) & Hart.TLB_ENTRIES - 1] = Hart.TLB_EMPTY;
        }
        return va;
    }

    @Override
    public int fetchHalf(long pa) {
        return ram.get(ValueLayout.JAVA_SHORT_UNALIGNED, pa - base) & 0xFFFF;
    }

    @Override
    public long csr(Hart hart, int number, int kind, long operand, boolean reads, boolean writes) {
        int shift = number == 2 ? 5 : 0;
        int mask = number == 1 ? 0x1F : number == 2 ? 7 : 0xFF;
        if (number == 0xC02 && !writes) {
            return hart.instret;
        }
        if (number < 1 || number > 3) {
            hart.raise(Cause.ILLEGAL_INSTRUCTION.code, 0);
            return 0;
        }
        int old = hart.fcsr >>> shift & mask;
        if (writes) {
            long value = kind == 1 ? operand : kind == 2 ? old | operand : old & ~operand;
            hart.fcsr = hart.fcsr & ~(mask << shift) | ((int) value & mask) << shift;
        }
        return old;
    }

    @Override
    public void sret(Hart hart) {
        hart.raise(Cause.ILLEGAL_INSTRUCTION.code, 0);
    }

    @Override
    public void mret(Hart hart) {
        hart.raise(Cause.ILLEGAL_INSTRUCTION.code, 0);
    }

    @Override
    public void pause(Hart hart) {}

    @Override
    public void waitOnReservation(Hart hart, boolean bounded) {}

    @Override
    public void wfi(Hart hart) {
        hart.waiting = true;
    }

    @Override
    public void fence(Hart hart, int kind, long va, long id, boolean vaGiven, boolean idGiven) {
        hart.translationGeneration++;
    }

    @Override
    public long guestLoad(Hart hart, long va, int sizeLog2, boolean executable) {
        hart.raise(Cause.ILLEGAL_INSTRUCTION.code, 0);
        return 0;
    }

    @Override
    public void guestStore(Hart hart, long va, int sizeLog2, long value) {
        hart.raise(Cause.ILLEGAL_INSTRUCTION.code, 0);
    }

    @Override
    public void cacheBlock(Hart hart, int operation, long va) {
        if (operation == 4) {
            for (int i = 0; i < 64; i += 8) {
                store(hart, (va & ~63L) + i, 3, 0);
            }
        }
    }

    @Override
    public void ecall(Hart hart) {
        hart.raise(Cause.ECALL_FROM_M.code, 0);
    }

    @Override
    public void ebreak(Hart hart) {
        hart.raise(Cause.BREAKPOINT.code, hart.pc);
    }

    @Override
    public Stops stops() {
        return stops;
    }

    @Override
    public boolean floatingPoint(Hart hart, boolean dirties) {
        return true;
    }
}
