package calvin.machine.hart;

import java.util.List;

/** The slow paths of all harts of a machine, for its one engine. */
public final class HartRouter implements HartBus {
    private final HartUnit[] units;
    private final CodeReader code;
    private final Stops stops;

    /** Reads instruction bytes at a physical address. */
    public interface CodeReader {
        int half(long pa);
    }

    /** @param units by hart number */
    public HartRouter(List<HartUnit> units, CodeReader code, Stops stops) {
        this.units = units.toArray(new HartUnit[0]);
        this.code = code;
        this.stops = stops;
    }

    private HartUnit of(Hart hart) {
        return units[hart.id];
    }

    @Override
    public long load(Hart hart, long va, int sizeLog2) {
        HartUnit unit = of(hart);
        return unit.system().triggered(Watches.READ, va, 1 << sizeLog2, 0) ? 0 : unit.memory().load(va, sizeLog2);
    }

    @Override
    public void store(Hart hart, long va, int sizeLog2, long value) {
        HartUnit unit = of(hart);
        if (!unit.system().triggered(Watches.WRITE, va, 1 << sizeLog2, value)) {
            unit.memory().store(va, sizeLog2, value);
        }
    }

    @Override
    public long loadReserved(Hart hart, long va, int sizeLog2) {
        HartUnit unit = of(hart);
        return unit.system().triggered(Watches.READ, va, 1 << sizeLog2, 0)
                ? 0
                : unit.memory().loadReserved(va, sizeLog2);
    }

    @Override
    public long storeConditional(Hart hart, long va, int sizeLog2, long value) {
        HartUnit unit = of(hart);
        return unit.system().triggered(Watches.WRITE, va, 1 << sizeLog2, value)
                ? 1
                : unit.memory().storeConditional(va, sizeLog2, value);
    }

    @Override
    public long atomic(Hart hart, int operation, long va, int sizeLog2, long operand) {
        HartUnit unit = of(hart);
        return unit.system().triggered(Watches.READ | Watches.WRITE, va, 1 << sizeLog2, operand)
                ? 0
                : unit.memory().atomic(operation, va, sizeLog2, operand);
    }

    @Override
    public void compareAndSwap(Hart hart, int rd, int rs2, long va, int sizeLog2) {
        HartUnit unit = of(hart);
        if (!unit.system().triggered(Watches.READ | Watches.WRITE, va, 1 << sizeLog2, hart.x[rs2])) {
            unit.memory().compareAndSwap(rd, rs2, va, sizeLog2);
        }
    }

    @Override
    public long fetchPa(Hart hart, long va) {
        return of(hart).system().fetchPa(va);
    }

    @Override
    public int fetchHalf(long pa) {
        return code.half(pa);
    }

    @Override
    public long csr(Hart hart, int number, int kind, long operand, boolean reads, boolean writes) {
        CsrUnit csrs = of(hart).csrs();
        csrs.instruction(1);
        long old = csrs.access(number, kind, operand, writes);
        csrs.instruction(0);
        return old;
    }

    @Override
    public void sret(Hart hart) {
        of(hart).traps().sret();
    }

    @Override
    public void mret(Hart hart) {
        of(hart).traps().mret();
    }

    @Override
    public void wfi(Hart hart) {
        of(hart).system().wfi();
    }

    @Override
    public void pause(Hart hart) {
        hart.cycle += of(hart).costs().pause();
    }

    @Override
    public void waitOnReservation(Hart hart, boolean bounded) {
        of(hart).system().waitOnReservation(bounded);
    }

    @Override
    public void fence(Hart hart, int kind, long va, long id, boolean vaGiven, boolean idGiven) {
        of(hart).system().fence(kind, va, id, vaGiven, idGiven);
    }

    @Override
    public long guestLoad(Hart hart, long va, int sizeLog2, boolean executable) {
        HartUnit unit = of(hart);
        int context = unit.system().guestContext(executable);
        return context < 0 || unit.system().triggered(Watches.READ, va, 1 << sizeLog2, 0)
                ? 0
                : unit.memory().guestLoad(va, sizeLog2, context);
    }

    @Override
    public void guestStore(Hart hart, long va, int sizeLog2, long value) {
        HartUnit unit = of(hart);
        int context = unit.system().guestContext(false);
        if (context >= 0 && !unit.system().triggered(Watches.WRITE, va, 1 << sizeLog2, value)) {
            unit.memory().guestStore(va, sizeLog2, value, context);
        }
    }

    @Override
    public void cacheBlock(Hart hart, int operation, long va) {
        of(hart).cacheBlocks().execute(operation, va);
    }

    @Override
    public void ecall(Hart hart) {
        of(hart).system().ecall();
    }

    @Override
    public void ebreak(Hart hart) {
        of(hart).system().ebreak();
    }

    @Override
    public Stops stops() {
        return stops;
    }

    @Override
    public boolean floatingPoint(Hart hart, boolean dirties) {
        CsrUnit csrs = of(hart).csrs();
        if (!csrs.floatEnabled()) {
            return false;
        }
        if (dirties) {
            csrs.dirtyFloat();
        }
        return true;
    }
}
