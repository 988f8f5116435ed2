package calvin.machine.debug;

import calvin.machine.board.Machine;
import calvin.machine.hart.Hart;
import calvin.machine.hart.HartUnit;
import calvin.machine.isa.Csr;
import calvin.machine.mem.PhysicalMemory;
import calvin.machine.mmu.Access;

/** Registers and memory of a machine that stands still, without access checks, side effects or time. */
public final class Inspector {
    private static final int PAGE_BYTES = 4096;

    private final Machine machine;

    Inspector(Machine machine) {
        this.machine = machine;
    }

    private HartUnit unit(int hart) {
        return machine.hart(hart);
    }

    public Hart hart(int number) {
        return unit(number).hart();
    }

    /** The mode as the manual writes it: M, HS, U, VS or VU. */
    public String mode(int number) {
        return modeName(hart(number).mode);
    }

    /** The name of one of {@link Hart}'s modes. */
    public static String modeName(int mode) {
        return switch (mode) {
            case Hart.MODE_M -> "M";
            case Hart.MODE_S -> "HS";
            case Hart.MODE_U -> "U";
            case Hart.MODE_V + Hart.MODE_S -> "VS";
            default -> "VU";
        };
    }

    public long csr(int hart, int number) {
        return unit(hart).csr(number);
    }

    /** Writes by the rules of the register; false for one of a row and for none. */
    public boolean setCsr(int hart, int number, long value) {
        Csr csr = Csr.of(number);
        if (csr == null || csr.count > 1) {
            return false;
        }
        unit(hart).setCsr(csr, value);
        return true;
    }

    /** Sets privilege (0, 1, 3) and virtualization; false for a combination that does not exist. */
    public boolean setMode(int hart, int privilege, boolean virtual) {
        if (privilege == 2 || privilege > 3 || privilege < 0 || privilege == 3 && virtual) {
            return false;
        }
        hart(hart).mode = privilege + (virtual ? Hart.MODE_V : 0);
        unit(hart).setCsr(Csr.MSTATUS, unit(hart).csr(Csr.MSTATUS)); // contexts follow the mode
        return true;
    }

    /**
     * Physical address of {@code va} as the hart sees it now, or -1. Where its user mode sees nothing, as the
     * supervisor of the same address space does.
     */
    public long translate(int number, long va) {
        long pa = unit(number).translateForDebug(va);
        Hart hart = hart(number);
        if (pa < 0 && (hart.dataContext & Access.PRIVILEGE) == Hart.MODE_U) {
            int context = hart.dataContext;
            hart.dataContext = context | Hart.MODE_S;
            pa = unit(number).translateForDebug(va);
            hart.dataContext = context;
        }
        return pa;
    }

    /**
     * Reads memory; devices are not touched.
     *
     * @param physical whether {@code at} is a physical address
     * @return how many bytes could be read, up to the first that is not RAM
     */
    public int read(int hart, boolean physical, long at, byte[] into) {
        int done = 0;
        while (done < into.length) {
            int part = (int) Math.min(into.length - done, PAGE_BYTES - (at + done & PAGE_BYTES - 1));
            long pa = physical ? at + done : translate(hart, at + done);
            if (pa < 0 || !machine.memory().isRam(pa, part)) {
                return done;
            }
            machine.memory().read(pa, into, done, part);
            done += part;
        }
        return done;
    }

    /** Writes memory, read-only pages too; false if some of it is not RAM, and then nothing is written. */
    public boolean write(int hart, boolean physical, long at, byte[] from) {
        PhysicalMemory memory = machine.memory();
        for (int pass = 0; pass < 2; pass++) {
            for (int done = 0; done < from.length;) {
                int part = (int) Math.min(from.length - done, PAGE_BYTES - (at + done & PAGE_BYTES - 1));
                long pa = physical ? at + done : translate(hart, at + done);
                if (pa < 0 || !memory.isRam(pa, part)) {
                    return false;
                }
                if (pass == 1) {
                    memory.write(pa, from, done, part);
                    endReservations(pa, part);
                }
                done += part;
            }
        }
        return true;
    }

    private void endReservations(long pa, int length) {
        for (int i = 0; i < machine.board().harts(); i++) {
            Hart each = hart(i);
            if (each.reservationPa + 7 >= pa && each.reservationPa < pa + length) {
                each.reservationPa = -1;
            }
        }
    }
}
