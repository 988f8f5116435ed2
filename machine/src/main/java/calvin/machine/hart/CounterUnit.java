package calvin.machine.hart;

import static calvin.machine.hart.Status.*;

import calvin.machine.hart.IndirectRegisters.Level;
import calvin.machine.isa.Cause;
import calvin.machine.isa.Csr;

/**
 * CSR accesses to counters: who may read them (mcounteren, hcounteren, scounteren), scountovf (Sscofpmf), and counters
 * that M mode has delegated, behind siselect 0x40 to 0x5F and in scountinhibit (Smcdeleg, Ssccfg).
 */
final class CounterUnit implements IndirectRegisters.Range {
    static final int FIRST_SELECT = 0x40;
    static final int LAST_SELECT = 0x5F;
    private static final int ILLEGAL = Cause.ILLEGAL_INSTRUCTION.code;
    private static final int VIRTUAL = Cause.VIRTUAL_INSTRUCTION.code;
    private static final int VALUE = 1;
    private static final int CONFIG = 2;

    private final Hart hart;
    private final CsrState state;
    private final Counters counters;

    CounterUnit(Hart hart, CsrState state) {
        this.hart = hart;
        this.state = state;
        this.counters = state.counters;
    }

    static boolean owns(Csr csr) {
        return switch (csr) {
            case CYCLE, INSTRET, HPMCOUNTER, MCYCLE, MINSTRET, MHPMCOUNTER, MHPMEVENT, MCYCLECFG, MINSTRETCFG,
                    MCOUNTINHIBIT, SCOUNTINHIBIT, SCOUNTOVF -> true;
            default -> false;
        };
    }

    /** The exception that an access below M mode raises, or -1. */
    int refusal(Csr csr, int number, boolean virtual) {
        return switch (csr) {
            case CYCLE, TIME, INSTRET, HPMCOUNTER -> counterRefusal(number & 31, virtual);
            case SCOUNTINHIBIT -> !delegates() ? ILLEGAL : virtual ? VIRTUAL : -1;
            default -> -1;
        };
    }

    private int counterRefusal(int index, boolean virtual) {
        long bit = 1L << index;
        if (!state.has(Csr.MCOUNTEREN, bit)) {
            return ILLEGAL;
        }
        boolean user = (hart.mode & 3) == Hart.MODE_U;
        if (virtual) {
            return !state.has(Csr.HCOUNTEREN, bit) || user && !state.has(Csr.SCOUNTEREN, bit) ? VIRTUAL : -1;
        }
        return user && !state.has(Csr.SCOUNTEREN, bit) ? ILLEGAL : -1;
    }

    long read(Csr csr, int number) {
        return switch (csr) {
            case CYCLE, INSTRET, HPMCOUNTER, MCYCLE, MINSTRET, MHPMCOUNTER -> counters.read(number & 31);
            case MHPMEVENT, MCYCLECFG, MINSTRETCFG -> counters.config(indexOf(number));
            case MCOUNTINHIBIT -> counters.inhibited();
            case SCOUNTINHIBIT -> counters.inhibited() & state.get(Csr.MCOUNTEREN);
            default -> counters.overflowed() & visible();
        };
    }

    void write(Csr csr, int number, long contents) {
        switch (csr) {
            case MCYCLE, MINSTRET, MHPMCOUNTER -> counters.write(number & 31, contents);
            case MHPMEVENT, MCYCLECFG, MINSTRETCFG -> counters.setConfig(indexOf(number), contents);
            case MCOUNTINHIBIT -> counters.setInhibited(contents);
            case SCOUNTINHIBIT -> {
                long mask = state.get(Csr.MCOUNTEREN);
                counters.setInhibited(counters.inhibited() & ~mask | contents & mask);
            }
            default -> throw new IllegalStateException(csr + " is read-only");
        }
        hart.deadline = 0;
    }

    /** mcyclecfg is 0x321, minstretcfg 0x322, mhpmevent3 0x323. */
    private static int indexOf(int number) {
        int index = number & 31;
        return index == 1 ? Counters.CYCLE : index;
    }

    /** Which bits of scountovf the mode sees. */
    private long visible() {
        return hart.mode == Hart.MODE_M
                ? -1L
                : state.get(Csr.MCOUNTEREN) & (hart.mode >= Hart.MODE_V ? state.get(Csr.HCOUNTEREN) : -1L);
    }

    // Delegated counters.

    private boolean delegates() {
        return state.has(Csr.MENVCFG, ENV_CDE);
    }

    @Override
    public int refusal(Level level, int select, int alias, boolean fromGuest) {
        if (fromGuest) {
            return delegates() ? VIRTUAL : ILLEGAL;
        }
        int index = select - FIRST_SELECT;
        boolean there = level == Level.SUPERVISOR && alias <= CONFIG && delegates() && index != Counters.TIME
                && state.has(Csr.MCOUNTEREN, 1L << index);
        return there ? -1 : ILLEGAL;
    }

    @Override
    public long read(Level level, int select, int alias) {
        int index = select - FIRST_SELECT;
        return alias == VALUE ? counters.read(index) : counters.config(index) & ~Counters.MINH;
    }

    @Override
    public void write(Level level, int select, int alias, long contents) {
        int index = select - FIRST_SELECT;
        if (alias == VALUE) {
            counters.write(index, contents);
        } else {
            // Ssccfg: MINH is M mode's alone.
            counters.setConfig(index, contents & ~Counters.MINH | counters.config(index) & Counters.MINH);
        }
        hart.deadline = 0;
    }
}
