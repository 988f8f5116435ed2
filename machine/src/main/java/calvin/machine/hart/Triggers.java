package calvin.machine.hart;

import static calvin.machine.hart.Status.*;

import calvin.machine.isa.Csr;
import calvin.sim.state.Derived;
import calvin.sim.state.Published;
import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;
import java.util.Arrays;

/**
 * Debug triggers that raise a breakpoint exception before an instruction is executed or a load or store is done: tdata1
 * of type 2 (mcontrol) and 6 (mcontrol6), chains, contexts (debug 5, "Sdtrig").
 *
 * <p>Re-entrancy is solved the first of the manual's ways: no trigger fires in M mode while mstatus.MIE is 0, nor at a
 * level that takes breakpoints itself while its SIE is 0; so mte and mpte of tcontrol are absent.
 *
 * <p>Data triggers keep their pages out of the TLB; the instructions of a page with an execute trigger run one by one
 * ({@link MemoryUnit#fetchPa}). So triggers cost what is near them, and nothing else.
 *
 * <p>Left out: actions other than the exception, triggers on the data of loads, types 3 to 5 (counts, interrupts and
 * exceptions), accesses of hosted kernels.
 */
final class Triggers {
    private static final long TYPE_SHIFT = 60;
    private static final long DISABLED = 15L << TYPE_SHIFT;
    private static final int LEGACY = 2;
    private static final int MATCH_CONTROL = 6;
    /** Types 2, 6 and 15, and version 1 of the field's meaning. */
    private static final long INFO = 1L << 24 | 1 << LEGACY | 1 << MATCH_CONTROL | 1 << 15;

    // tdata1 of types 2 and 6
    private static final int LOAD = 1;
    private static final int STORE = 1 << 1;
    private static final int EXECUTE = 1 << 2;
    private static final int KINDS = LOAD | STORE | EXECUTE;
    private static final int USER = 1 << 3;
    private static final int SUPERVISOR = 1 << 4;
    private static final int MACHINE = 1 << 6;
    private static final int MATCH_SHIFT = 7;
    private static final int CHAIN = 1 << 11;
    private static final int GUEST_USER = 1 << 23;
    private static final int GUEST_SUPERVISOR = 1 << 24;
    private static final int OWN_MODES = USER | SUPERVISOR | MACHINE;
    private static final int GUEST_MODES = GUEST_USER | GUEST_SUPERVISOR;
    /** Bits in which the types differ. */
    private static final int LEGACY_SELECT = 1 << 19;
    private static final int LEGACY_HIT = 1 << 20;
    private static final int SELECT = 1 << 21;
    private static final int HIT_BEFORE = 1 << 22;
    private static final int HIT_AFTER = 1 << 25;

    /** Ways to compare, as bits by the field's value: equal, NAPOT, >=, <, low, high half, and negations. */
    private static final int MATCHES = 1 | 1 << 1 | 1 << 2 | 1 << 3 | 1 << 4 | 1 << 5 | 1 << 8 | 1 << 9 | 1 << 12
            | 1 << 13;
    /** Type 2 says with maskmax 0 that it has no NAPOT ranges. */
    private static final int LEGACY_MATCHES = 1 | 1 << 2 | 1 << 3 | 1 << 4 | 1 << 5 | 1 << 8 | 1 << 12 | 1 << 13;
    /** Any size, 8, 16, 32 and 64 bits. */
    private static final int SIZES = 1 | 1 << 1 | 1 << 2 | 1 << 3 | 1 << 5;

    // tdata3: textra64
    private static final long TEXTRA = 0xFFF8_0000_0000_0000L | 7L << 48 | 15L << 36 | 0xFFFF_FFFFL << 2 | 3;
    private static final long HCONTEXT_BITS = 0x3FFF;
    private static final long PAGE_MASK = 4095;
    private static final long BREAKPOINT_BIT = 1L << 3;

    private final Hart hart;
    private final CsrState state;
    @Published
    private final long[] data1;
    @Published
    private final long[] data2;
    @Published
    private final long[] data3;
    @Published
    private int selected;
    @Published
    private long hcontext;
    @Published
    private long scontext;
    /** Kinds that some trigger waits for. */
    @Derived(from = "tdata1")
    private int waited;

    Triggers(Hart hart, CsrState state, int count) {
        this.hart = hart;
        this.state = state;
        data1 = new long[count];
        data2 = new long[count];
        data3 = new long[count];
        reset();
    }

    void reset() {
        Arrays.fill(data1, DISABLED);
        Arrays.fill(data2, 0);
        Arrays.fill(data3, 0);
        selected = 0;
        hcontext = 0;
        scontext = 0;
        waited = 0;
    }

    // CSRs.

    /** @param position in the row, from 0 */
    long read(Csr csr, int position) {
        if (csr == Csr.SCONTEXT) {
            return scontext;
        }
        if (csr == Csr.HCONTEXT || csr == Csr.MCONTEXT) {
            return hcontext;
        }
        if (data1.length == 0) {
            return 0;
        }
        return switch (csr) {
            case TSELECT -> selected;
            case TINFO -> INFO;
            case TDATA -> position == 0 ? data1[selected] : position == 1 ? data2[selected] : data3[selected];
            default -> 0;
        };
    }

    /** True when pages must be looked at anew. */
    boolean write(Csr csr, int position, long contents) {
        switch (csr) {
            case SCONTEXT -> scontext = contents & Csr.SCONTEXT.writable;
            case HCONTEXT, MCONTEXT -> hcontext = contents & HCONTEXT_BITS;
            case TSELECT -> selected = contents >= 0 && contents < data1.length ? (int) contents : selected;
            case TDATA -> {
                if (data1.length > 0) {
                    writeData(position, contents);
                    derive();
                    return true;
                }
            }
            default -> {
                // tinfo is read-only, and tcontrol has nothing
            }
        }
        return false;
    }

    private void writeData(int position, long contents) {
        switch (position) {
            case 0 -> data1[selected] = legal(contents);
            case 1 -> data2[selected] = contents;
            default -> data3[selected] = legalExtra(contents);
        }
    }

    private long legal(long contents) {
        int type = (int) (contents >>> TYPE_SHIFT);
        long match = contents >>> MATCH_SHIFT & 15;
        long common = contents & (OWN_MODES | KINDS) | (selected < data1.length - 1 ? contents & CHAIN : 0);
        if (type == LEGACY) {
            long size = contents >>> 16 & 3 | contents >>> 19 & 4;
            return (long) LEGACY << TYPE_SHIFT | withSelect(common, contents & LEGACY_SELECT)
                    | contents & LEGACY_HIT | legalMatch(match, LEGACY_MATCHES)
                    | ((SIZES >>> size & 1) != 0 ? contents & (3L << 16 | 3L << 21) : 0);
        }
        if (type == MATCH_CONTROL) {
            long size = contents >>> 16 & 7;
            return (long) MATCH_CONTROL << TYPE_SHIFT
                    | withSelect(common | contents & GUEST_MODES, contents & SELECT)
                    | contents & (HIT_BEFORE | HIT_AFTER) | legalMatch(match, MATCHES)
                    | ((SIZES >>> size & 1) != 0 ? contents & 7L << 16 : 0);
        }
        return DISABLED;
    }

    /** The data of a load is not known before the load. */
    private static long withSelect(long bits, long select) {
        return select == 0 ? bits : bits & ~LOAD | select;
    }

    private static long legalMatch(long match, int allowed) {
        return (allowed >>> match & 1) != 0 ? match << MATCH_SHIFT : 0;
    }

    private static long legalExtra(long contents) {
        long extra = contents & TEXTRA;
        if ((extra & 3) == 3) {
            extra &= ~3L;
        }
        return (extra >>> 48 & 3) == 3 ? extra & ~(3L << 48) : extra;
    }

    private void derive() {
        waited = 0;
        for (int i = 0; i < data1.length; i++) {
            waited |= kinds(i);
        }
    }

    /** What trigger {@code i} waits for in some mode. */
    private int kinds(int i) {
        return data1[i] == DISABLED || (data1[i] & (OWN_MODES | GUEST_MODES)) == 0 ? 0 : (int) data1[i] & KINDS;
    }

    // Matching.

    boolean waitForInstructions() {
        return (waited & EXECUTE) != 0;
    }

    /** Whether loads or stores of the page at {@code va}, or if not {@code data} its instructions, may fire. */
    boolean onPage(long va, boolean data) {
        int wanted = data ? LOAD | STORE : EXECUTE;
        for (int i = 0; i < data1.length && (waited & wanted) != 0; i++) {
            if ((kinds(i) & wanted) != 0 && (selects(i) || mayMatch(compares(i), data2[i], va & ~PAGE_MASK))) {
                return true;
            }
        }
        return false;
    }

    private static boolean mayMatch(int how, long data, long page) {
        return switch (how) {
            case 0 -> ((page ^ data) & ~PAGE_MASK) == 0;
            case 1 -> ((page ^ data) & ~(data ^ data + 1 | PAGE_MASK)) == 0;
            case 2 -> Long.compareUnsigned(page | PAGE_MASK, data) >= 0;
            case 3 -> Long.compareUnsigned(page, data) < 0;
            default -> true;
        };
    }

    /** Whether the instruction at pc fires; {@code bits} are its own. */
    boolean fetching(long bits) {
        return fires(EXECUTE, hart.pc, 0, bits);
    }

    /**
     * Whether an access fires before it is done.
     *
     * @param kinds {@link Watches#READ}, {@link Watches#WRITE} or both
     * @param value what is stored, as far as that is known
     */
    boolean accessing(int kinds, long va, int bytes, long value) {
        int wanted = ((kinds & Watches.READ) != 0 ? LOAD : 0) | ((kinds & Watches.WRITE) != 0 ? STORE : 0);
        return (waited & wanted) != 0 && fires(wanted, va, bytes, value);
    }

    private boolean fires(int event, long va, int bytes, long value) {
        if (!reentrant()) {
            return false;
        }
        boolean fired = false;
        int first = 0;
        while (first < data1.length) {
            int last = first;
            while ((data1[last] & CHAIN) != 0 && data1[last] != DISABLED) {
                last++;
            }
            fired |= groupFires(first, last, event, va, bytes, value);
            first = last + 1;
        }
        return fired;
    }

    /** A chain fires with the last of its triggers; one that waits for data too is looked at when the data is. */
    private boolean groupFires(int first, int last, int event, long va, int bytes, long value) {
        boolean own = false;
        for (int i = first; i <= last; i++) {
            int kinds = kinds(i);
            boolean matches = (kinds & event) != 0 && matches(i, va, bytes, value);
            own |= matches;
            if (!matches && (event == EXECUTE || (kinds & EXECUTE) == 0 || !matches(i, hart.pc, 0, 0))) {
                return false;
            }
        }
        for (int i = first; own && i <= last; i++) {
            data1[i] |= data1[i] >>> TYPE_SHIFT == LEGACY ? LEGACY_HIT : HIT_BEFORE;
        }
        return own;
    }

    private boolean reentrant() {
        boolean own = state.has(Csr.MEDELEG, BREAKPOINT_BIT);
        return switch (hart.mode) {
            case Hart.MODE_M -> state.has(Csr.MSTATUS, MIE);
            case Hart.MODE_S -> !own || state.has(Csr.MSTATUS, SIE);
            case Hart.MODE_V + Hart.MODE_S ->
                    !own || !state.has(Csr.HEDELEG, BREAKPOINT_BIT) || state.has(Csr.VSSTATUS, SIE);
            default -> true;
        };
    }

    private boolean matches(int i, long va, int bytes, long value) {
        long control = data1[i];
        int mode = switch (hart.mode) {
            case Hart.MODE_M -> MACHINE;
            case Hart.MODE_S -> SUPERVISOR;
            case Hart.MODE_U -> USER;
            case Hart.MODE_V + Hart.MODE_S -> GUEST_SUPERVISOR;
            default -> GUEST_USER;
        };
        if ((control & mode) == 0 || !rightSize(control, bytes, value) || !inContext(data3[i])) {
            return false;
        }
        int compare = compares(i);
        if (selects(i)) {
            return compares(compare, data2[i], bytes == 0 ? value : value & -1L >>> 64 - 8 * Math.min(8, bytes));
        }
        for (int offset = 0; offset < Math.max(1, bytes); offset++) {
            if (compares(compare, data2[i], va + offset)) {
                return true;
            }
        }
        return false;
    }

    /** {@code bytes} is 0 for an instruction, whose size follows from its {@code bits}. */
    private static boolean rightSize(long control, int bytes, long bits) {
        boolean legacy = control >>> TYPE_SHIFT == LEGACY;
        int size = (int) (legacy ? control >>> 16 & 3 | control >>> 19 & 4 : control >>> 16 & 7);
        int actual = bytes != 0 ? bytes : (bits & 3) == 3 ? 4 : 2;
        return switch (size) {
            case 0 -> true;
            case 5 -> actual == 8;
            default -> actual == 1 << size - 1;
        };
    }

    private boolean inContext(long extra) {
        if (extra == 0) {
            return true;
        }
        boolean virtual = hart.mode >= Hart.MODE_V;
        long svalue = extra >>> 2 & 0xFFFF_FFFFL;
        long hvalue = extra >>> 50;
        boolean supervisor = switch ((int) extra & 3) {
            case 1 -> ((svalue ^ scontext) & svalueMask(extra)) == 0;
            case 2 -> (state.get(virtual ? Csr.VSATP : Csr.SATP) >>> 44 & 0xFFFF) == (svalue & 0xFFFF);
            default -> true;
        };
        return supervisor && switch ((int) (extra >>> 48 & 3)) {
            case 1 -> hcontext == (hvalue & HCONTEXT_BITS);
            case 2 -> virtual && AddressSpaces.vmid(state.get(Csr.HGATP)) == (hvalue & HCONTEXT_BITS);
            default -> (hvalue & 1) == 0 || (hcontext & HCONTEXT_BITS >>> 1) == hvalue >>> 1;
        };
    }

    /** sbytemask leaves bytes of svalue out. */
    private static long svalueMask(long extra) {
        long mask = 0;
        for (int i = 0; i < 4; i++) {
            mask |= (extra >>> 36 + i & 1) == 0 ? 0xFFL << 8 * i : 0;
        }
        return mask;
    }

    private int compares(int i) {
        return (int) (data1[i] >>> MATCH_SHIFT) & 15;
    }

    private boolean selects(int i) {
        return (data1[i] & (data1[i] >>> TYPE_SHIFT == LEGACY ? LEGACY_SELECT : SELECT)) != 0;
    }

    /** debug 5.7.12, "match". */
    private static boolean compares(int how, long data, long actual) {
        boolean met = switch (how & 7) {
            case 0 -> actual == data;
            case 1 -> ((actual ^ data) & ~(data ^ data + 1)) == 0;
            case 2 -> Long.compareUnsigned(actual, data) >= 0;
            case 3 -> Long.compareUnsigned(actual, data) < 0;
            case 4 -> (actual & data >>> 32 & 0xFFFF_FFFFL) == (data & 0xFFFF_FFFFL);
            default -> (actual >>> 32 & data >>> 32) == (data & 0xFFFF_FFFFL);
        };
        return met == how < 8;
    }

    // State.

    void save(StateWriter out) {
        out.u64s(data1);
        out.u64s(data2);
        out.u64s(data3);
        out.u64(selected);
        out.u64(hcontext);
        out.u64(scontext);
    }

    void load(StateReader in) {
        in.u64s(data1);
        in.u64s(data2);
        in.u64s(data3);
        selected = (int) in.u64();
        hcontext = in.u64();
        scontext = in.u64();
        derive();
    }
}
