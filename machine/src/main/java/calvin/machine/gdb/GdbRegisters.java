package calvin.machine.gdb;

import static calvin.machine.gdb.TargetDescription.CSR;
import static calvin.machine.gdb.TargetDescription.FLOAT;
import static calvin.machine.gdb.TargetDescription.PC;
import static calvin.machine.gdb.TargetDescription.PRIVILEGE;
import static calvin.machine.gdb.TargetDescription.VIRTUAL;

import calvin.machine.debug.Inspector;
import calvin.machine.hart.Hart;
import calvin.machine.isa.Csr;
import java.util.OptionalLong;

/** Registers of a hart by gdb's numbers. */
final class GdbRegisters {
    private final Inspector inspector;

    GdbRegisters(Inspector inspector) {
        this.inspector = inspector;
    }

    /** The value, or empty for a number that means nothing. */
    OptionalLong read(int number, int register) {
        Hart hart = inspector.hart(number);
        if (register < 0 || register > VIRTUAL) {
            return OptionalLong.empty();
        }
        if (register < PC) {
            return OptionalLong.of(hart.x[register]);
        }
        if (register == PC) {
            return OptionalLong.of(hart.pc);
        }
        if (register < CSR) {
            return OptionalLong.of(hart.f[register - FLOAT]);
        }
        if (register == PRIVILEGE) {
            return OptionalLong.of(hart.mode & 3);
        }
        if (register == VIRTUAL) {
            return OptionalLong.of(hart.mode >= Hart.MODE_V ? 1 : 0);
        }
        return Csr.of(register - CSR) == null
                ? OptionalLong.empty()
                : OptionalLong.of(inspector.csr(number, register - CSR));
    }

    /** Whether there is such a register and it could be written; x0 takes anything and stays 0. */
    boolean write(int number, int register, long value) {
        Hart hart = inspector.hart(number);
        if (register < 0 || register > VIRTUAL) {
            return false;
        }
        if (register == 0) {
            return true;
        }
        if (register < PC) {
            hart.x[register] = value;
        } else if (register == PC) {
            hart.pc = value & ~1L;
        } else if (register < CSR) {
            hart.f[register - FLOAT] = value;
        } else if (register == PRIVILEGE) {
            return value >= 0 && value <= 3
                    && inspector.setMode(number, (int) value, value != 3 && hart.mode >= Hart.MODE_V);
        } else if (register == VIRTUAL) {
            return value >= 0 && value <= 1 && inspector.setMode(number, hart.mode & 3, value == 1);
        } else {
            return inspector.setCsr(number, register - CSR, value);
        }
        return true;
    }
}
