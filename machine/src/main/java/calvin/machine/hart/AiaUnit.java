package calvin.machine.hart;

import static calvin.machine.hart.Status.*;

import calvin.machine.hart.IndirectRegisters.Level;
import calvin.machine.isa.Cause;
import calvin.machine.isa.Csr;

/**
 * CSR accesses as Smaia and Ssaia have them: who may reach an interrupt file, what a hypervisor that injects by hvictl
 * sees of its guest, and the registers behind the select CSRs: priorities (0x30 to 0x3F) and interrupt files (0x70 to
 * 0xFF) (aia 2, 5.3, 6.3).
 *
 * <p>Priorities have 8 bits. Settable are those of interrupts that can be enabled at the level, without external ones.
 */
final class AiaUnit {
    private static final int ILLEGAL = Cause.ILLEGAL_INSTRUCTION.code;
    private static final int VIRTUAL = Cause.VIRTUAL_INSTRUCTION.code;
    private static final int FIRST_PRIORITY = 0x30;
    private static final int LAST_PRIORITY = 0x3F;
    private static final int ARRAYS = 0x80;

    private final Hart hart;
    private final CsrState state;
    private final AiaState aia;
    private final HartUnit unit;

    AiaUnit(Hart hart, CsrState state, HartUnit unit) {
        this.hart = hart;
        this.state = state;
        this.aia = state.aia;
        this.unit = unit;
    }

    /** Gives the hart its interrupt files, and with them the extensions. */
    void attach(InterruptFiles files, IndirectRegisters indirect) {
        aia.attach(files);
        indirect.add(FIRST_PRIORITY, LAST_PRIORITY, new Priorities());
        indirect.add(InterruptFiles.FIRST_REGISTER, InterruptFiles.LAST_REGISTER, new Files());
    }

    /** The exception that an access to a CSR raises though the mode may name it, or -1. Already the guest's twin. */
    int refusal(Csr csr, boolean writes) {
        boolean virtual = hart.mode >= Hart.MODE_V;
        return switch (csr) {
            case STOPEI -> when(filesWithheld(), ILLEGAL);
            case VSTOPEI -> when(aia.guest() == 0, virtual ? VIRTUAL : ILLEGAL);
            case VSIP, VSIE -> when(virtual && aia.injectsByControl(), VIRTUAL);
            case VSTIMECMP -> when(virtual && writes && aia.injectsByControl(), VIRTUAL);
            default -> -1;
        };
    }

    private static int when(boolean condition, int cause) {
        return condition ? cause : -1;
    }

    /** aia 5.3: with mvien.SEI, S mode does not reach its interrupt file, which M level then serves. */
    private boolean filesWithheld() {
        return hart.mode == Hart.MODE_S && state.has(Csr.MVIEN, SEIP);
    }

    /** The contents of a register of these extensions. */
    long read(Csr csr) {
        return switch (csr) {
            case MTOPEI -> external(InterruptFiles.MACHINE);
            case STOPEI -> external(InterruptFiles.SUPERVISOR);
            case VSTOPEI -> aia.guest() == 0 ? 0 : external(InterruptFiles.guest(aia.guest()));
            case MTOPI -> aia.machineTop();
            case STOPI -> aia.supervisorTop();
            case VSTOPI -> aia.guestTop();
            case MVIP -> aia.mvip();
            default -> state.get(csr);
        };
    }

    /** aia 3.10: identity, and priority which is the same. */
    private long external(int file) {
        long top = aia.files().top(file);
        return top << AiaOrder.IDENTITY_SHIFT | top;
    }

    void write(Csr csr, long contents) {
        switch (csr) {
            case MTOPEI -> aia.files().claim(InterruptFiles.MACHINE);
            case STOPEI -> aia.files().claim(InterruptFiles.SUPERVISOR);
            case VSTOPEI -> {
                if (aia.guest() != 0) {
                    aia.files().claim(InterruptFiles.guest(aia.guest()));
                }
            }
            case MVIP -> aia.setMvip(contents);
            default -> state.merge(csr, csr.writable, contents);
        }
        unit.timersChanged();
    }

    /** hstatus after a write: VGEIN keeps its value when software gives the number of no guest file. */
    long hstatusMask(long contents) {
        long guest = (contents & Csr.HSTATUS_VGEIN) >>> 12;
        return guest > aia.guests() ? Csr.HSTATUS.writable & ~Csr.HSTATUS_VGEIN : Csr.HSTATUS.writable;
    }

    /** Bits of hgeie that can be set. */
    long guestBits() {
        return (2L << aia.guests()) - 2;
    }

    /** Interrupts whose priority can be set at a level: a byte mask for the word of eight from {@code first}. */
    private long settable(Level level, int first) {
        long interrupts = level == Level.MACHINE
                ? CsrUnit.MIE_BITS & ~(MEIP | H_INTERRUPTS)
                : (state.get(Csr.MIDELEG) | state.get(Csr.MVIEN) | H_INTERRUPTS) & ~SEIP;
        long mask = 0;
        for (int i = 0; i < 8; i++) {
            mask |= (interrupts >>> first + i & 1) * 0xFFL << 8 * i;
        }
        return mask;
    }

    /** The iprio arrays (aia 5.2.1, 5.4.1). A guest's is the hypervisor's to emulate (aia 6.3.1). */
    private final class Priorities implements IndirectRegisters.Range {
        @Override
        public int refusal(Level level, int select, int alias, boolean fromGuest) {
            boolean there = level != Level.GUEST && alias == 1 && (select & 1) == 0;
            int withheld = state.enables.indirectRefusal(false, fromGuest);
            if (withheld >= 0 && hart.mode != Hart.MODE_M) {
                return withheld;
            }
            return there ? -1 : IndirectRegisters.inaccessible(fromGuest);
        }

        @Override
        public long read(Level level, int select, int alias) {
            int number = select - FIRST_PRIORITY;
            return aia.priorities(level == Level.MACHINE, number) & settable(level, number * 4);
        }

        @Override
        public void write(Level level, int select, int alias, long contents) {
            int number = select - FIRST_PRIORITY;
            aia.setPriorities(level == Level.MACHINE, number, contents & settable(level, number * 4));
        }
    }

    /** The registers of interrupt files (aia 3.8). */
    private final class Files implements IndirectRegisters.Range {
        @Override
        public int refusal(Level level, int select, int alias, boolean fromGuest) {
            int withheld = state.enables.indirectRefusal(true, fromGuest);
            if (withheld >= 0 && hart.mode != Hart.MODE_M) {
                return withheld;
            }
            boolean there = alias == 1 && (select < ARRAYS || (select & 1) == 0)
                    && (level != Level.GUEST || aia.guest() != 0)
                    && (level != Level.SUPERVISOR || !filesWithheld());
            return there ? -1 : IndirectRegisters.inaccessible(fromGuest);
        }

        private int file(Level level) {
            return switch (level) {
                case MACHINE -> InterruptFiles.MACHINE;
                case SUPERVISOR -> InterruptFiles.SUPERVISOR;
                case GUEST -> InterruptFiles.guest(aia.guest());
            };
        }

        @Override
        public long read(Level level, int select, int alias) {
            return aia.files().read(file(level), select);
        }

        @Override
        public void write(Level level, int select, int alias, long contents) {
            aia.files().write(file(level), select, contents);
        }
    }
}
