package calvin.machine.hart;

import calvin.machine.isa.Cause;
import calvin.machine.isa.Csr;
import calvin.sim.check.Check;
import java.util.ArrayList;
import java.util.List;

/**
 * Which registers are behind miselect/mireg, siselect/sireg and vsiselect/vsireg: a table of ranges of select values
 * (Smcsrind and Sscsrind; aia 2). The select registers themselves are plain contents of {@link CsrState}.
 *
 * <p>A select value in no range has no register: an access is an illegal instruction, from VS mode a virtual one. Who
 * may name the alias CSRs at all (vsireg from VS mode, sireg from VU mode) has been decided before.
 */
final class IndirectRegisters {
    /** Whose select register chose. From VS mode the supervisor's names reach the guest's. */
    enum Level {
        MACHINE, SUPERVISOR, GUEST
    }

    /** The registers of a range of select values. */
    interface Range {
        /**
         * @param alias     1 for xireg, 2 to 6 for xireg2 to xireg6
         * @param fromGuest the access is made in VS mode, so {@code level} is {@link Level#GUEST}
         * @return the code of the exception that the access raises, or -1; {@link #inaccessible} for most refusals
         */
        int refusal(Level level, int select, int alias, boolean fromGuest);

        long read(Level level, int select, int alias);

        void write(Level level, int select, int alias, long contents);
    }

    private record Row(int first, int last, Range range) {}

    private static final Level[] LEVEL = new Level[Csr.values().length];
    private static final int[] ALIAS = new int[Csr.values().length];
    static {
        aliases(Level.MACHINE, Csr.MIREG, Csr.MIREG2, Csr.MIREG3, Csr.MIREG4, Csr.MIREG5, Csr.MIREG6);
        aliases(Level.SUPERVISOR, Csr.SIREG, Csr.SIREG2, Csr.SIREG3, Csr.SIREG4, Csr.SIREG5, Csr.SIREG6);
        aliases(Level.GUEST, Csr.VSIREG, Csr.VSIREG2, Csr.VSIREG3, Csr.VSIREG4, Csr.VSIREG5, Csr.VSIREG6);
    }

    private final CsrState state;
    private final List<Row> rows = new ArrayList<>();

    IndirectRegisters(CsrState state) {
        this.state = state;
    }

    private static void aliases(Level level, Csr... csrs) {
        for (int i = 0; i < csrs.length; i++) {
            LEVEL[csrs[i].ordinal()] = level;
            ALIAS[csrs[i].ordinal()] = i + 1;
        }
    }

    /** Puts registers behind the select values {@code first} to {@code last}, inclusive. */
    void add(int first, int last, Range range) {
        for (Row row : rows) {
            Check.that(last < row.first || first > row.last, "ranges of select values overlap", first, row.first);
        }
        rows.add(new Row(first, last, range));
    }

    /** Whether {@code csr} is one of the alias CSRs. */
    static boolean isAlias(Csr csr) {
        return ALIAS[csr.ordinal()] != 0;
    }

    /** What an access to a register that is not there raises. */
    static int inaccessible(boolean fromGuest) {
        return (fromGuest ? Cause.VIRTUAL_INSTRUCTION : Cause.ILLEGAL_INSTRUCTION).code;
    }

    /** The code of the exception that an access to an alias CSR raises, or -1. */
    int refusal(Csr csr, boolean fromGuest) {
        Range range = range(csr);
        return range == null
                ? inaccessible(fromGuest)
                : range.refusal(LEVEL[csr.ordinal()], select(csr), ALIAS[csr.ordinal()], fromGuest);
    }

    /** The register behind an alias CSR; 0 when there is none. */
    long read(Csr csr) {
        Range range = range(csr);
        return range == null ? 0 : range.read(LEVEL[csr.ordinal()], select(csr), ALIAS[csr.ordinal()]);
    }

    void write(Csr csr, long contents) {
        Range range = range(csr);
        if (range != null) {
            range.write(LEVEL[csr.ordinal()], select(csr), ALIAS[csr.ordinal()], contents);
        }
    }

    private int select(Csr csr) {
        return (int) state.get(switch (LEVEL[csr.ordinal()]) {
            case MACHINE -> Csr.MISELECT;
            case SUPERVISOR -> Csr.SISELECT;
            case GUEST -> Csr.VSISELECT;
        });
    }

    private Range range(Csr csr) {
        int select = select(csr);
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            if (select >= row.first && select <= row.last) {
                return row.range;
            }
        }
        return null;
    }
}
