package calvin.machine.hart;

import calvin.machine.isa.Cause;
import calvin.machine.isa.Csr;
import calvin.sim.state.Published;
import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;

/**
 * mstateen0..3, hstateen0..3 and sstateen0..3: who may reach state that older software does not know (priv,
 * "Smstateen/Ssstateen").
 *
 * <p>Bits of registers 0 that do something: SE0, ENVCFG, CSRIND, CONTEXT, and with interrupt files AIA and IMSIC; of
 * the others SE. The rest is read-only zero, as is all of sstateen: this hart has no custom state, no jvt, no floating
 * point in integer registers, no CTR, no srmcfg.
 */
final class StateEnables {
    private static final int COUNT = 4;
    private static final long SE = 1L << 63;
    private static final long ENVCFG = 1L << 62;
    private static final long CSRIND = 1L << 60;
    private static final long AIA = 1L << 59;
    private static final long IMSIC = 1L << 58;
    private static final long CONTEXT = 1L << 57;

    private static final int ILLEGAL = Cause.ILLEGAL_INSTRUCTION.code;
    private static final int VIRTUAL = Cause.VIRTUAL_INSTRUCTION.code;

    private final CsrState state;
    @Published
    private final long[] machine = new long[COUNT];
    @Published
    private final long[] hypervisor = new long[COUNT];

    StateEnables(CsrState state) {
        this.state = state;
    }

    /** priv: the bits of mstateen are zero at reset. Ours: those of hstateen too. */
    void reset() {
        for (int i = 0; i < COUNT; i++) {
            machine[i] = state.model.stateOpenAtReset() ? -1L : 0;
            hypervisor[i] = machine[i];
        }
    }

    private long writable(int register) {
        if (register != 0) {
            return SE;
        }
        return SE | ENVCFG | CSRIND | CONTEXT | (state.aia.present() ? AIA | IMSIC : 0);
    }

    long read(Csr csr, int register) {
        return switch (csr) {
            case MSTATEEN -> machine[register] & writable(register);
            case HSTATEEN -> hypervisor[register] & machine[register] & writable(register);
            default -> 0;
        };
    }

    void write(Csr csr, int register, long contents) {
        if (csr == Csr.MSTATEEN) {
            machine[register] = contents & writable(register);
        } else if (csr == Csr.HSTATEEN) {
            // Bits that mstateen withholds are read-only zero; what they were before comes back with it.
            long mask = writable(register) & machine[register];
            hypervisor[register] = hypervisor[register] & ~mask | contents & mask;
        }
    }

    /** The exception that an access below M mode raises, or -1. {@code position} is that in the row. */
    int refusal(Csr csr, int position, boolean virtual) {
        return switch (csr) {
            case SSTATEEN -> check(position, SE, virtual);
            case HSTATEEN -> check(position, SE, false);
            case SENVCFG -> check(0, ENVCFG, virtual);
            case HENVCFG -> check(0, ENVCFG, false);
            case SISELECT, SIREG, SIREG2, SIREG3, SIREG4, SIREG5, SIREG6 -> check(0, CSRIND, virtual);
            case VSISELECT, VSIREG, VSIREG2, VSIREG3, VSIREG4, VSIREG5, VSIREG6 -> check(0, CSRIND, false);
            case STOPI -> check(0, AIA, virtual);
            case VSTOPI, HVIEN, HVICTL, HVIPRIO1, HVIPRIO2 -> check(0, AIA, false);
            case STOPEI -> check(0, IMSIC, virtual);
            case VSTOPEI -> check(0, IMSIC, false);
            case SCONTEXT -> check(0, CONTEXT, virtual);
            case HCONTEXT -> check(0, CONTEXT, false);
            default -> -1;
        };
    }

    /** As above for priorities ({@code files} false) and interrupt files behind an alias CSR. */
    int indirectRefusal(boolean files, boolean virtual) {
        return check(0, files ? IMSIC : AIA, virtual);
    }

    private int check(int register, long bit, boolean virtual) {
        if ((machine[register] & bit) == 0) {
            return ILLEGAL;
        }
        return virtual && (hypervisor[register] & bit) == 0 ? VIRTUAL : -1;
    }

    void save(StateWriter out) {
        out.u64s(machine);
        out.u64s(hypervisor);
    }

    void load(StateReader in) {
        in.u64s(machine);
        in.u64s(hypervisor);
    }
}
