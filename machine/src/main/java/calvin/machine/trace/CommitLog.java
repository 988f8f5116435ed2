package calvin.machine.trace;

import calvin.machine.isa.Cause;
import calvin.machine.isa.Csr;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;

/**
 * Writes what harts do as Spike does with {@code --log-commits -l}, so that logs can be compared line by line:
 *
 * <pre>
 * core   0: 3 0x0000000080000000 (0x00000297) x5  0x0000000080000000
 * core   0: 3 0x0000000080000004 (0x0182b283) x5  0x0000000000000000 mem 0x0000000080000018
 * core   0: 3 0x0000000080000008 (0x30529073) c773_mtvec 0x0000000080000100
 * core   0: exception trap_load_page_fault, epc 0x0000000080000040
 * core   0:           tval 0x0000000000001000
 * </pre>
 *
 * <p>After the privilege level, pc and encoding: registers with their new values, addresses read, addresses written
 * with what was stored. A view (sstatus, sip, fcsr, and a supervisor's register when V=1) shows as the register behind
 * it.
 *
 * <p>Left out: the disassembly lines of Spike's {@code -l}; hosted kernels.
 */
public final class CommitLog implements CommitListener {
    private static final String[] TRAPS = new String[32];
    static {
        name(Cause.INSTRUCTION_MISALIGNED, "instruction_address_misaligned");
        name(Cause.INSTRUCTION_ACCESS_FAULT, "instruction_access_fault");
        name(Cause.ILLEGAL_INSTRUCTION, "illegal_instruction");
        name(Cause.BREAKPOINT, "breakpoint");
        name(Cause.LOAD_MISALIGNED, "load_address_misaligned");
        name(Cause.LOAD_ACCESS_FAULT, "load_access_fault");
        name(Cause.STORE_MISALIGNED, "store_address_misaligned");
        name(Cause.STORE_ACCESS_FAULT, "store_access_fault");
        name(Cause.ECALL_FROM_U, "user_ecall");
        name(Cause.ECALL_FROM_S, "supervisor_ecall");
        name(Cause.ECALL_FROM_VS, "virtual_supervisor_ecall");
        name(Cause.ECALL_FROM_M, "machine_ecall");
        name(Cause.INSTRUCTION_PAGE_FAULT, "instruction_page_fault");
        name(Cause.LOAD_PAGE_FAULT, "load_page_fault");
        name(Cause.STORE_PAGE_FAULT, "store_page_fault");
        name(Cause.SOFTWARE_CHECK, "software_check");
        name(Cause.HARDWARE_ERROR, "hardware_error");
        name(Cause.INSTRUCTION_GUEST_PAGE_FAULT, "instruction_guest_page_fault");
        name(Cause.LOAD_GUEST_PAGE_FAULT, "load_guest_page_fault");
        name(Cause.VIRTUAL_INSTRUCTION, "virtual_instruction");
        name(Cause.STORE_GUEST_PAGE_FAULT, "store_guest_page_fault");
    }

    private final Appendable out;
    private final StringBuilder line = new StringBuilder();

    /** @param out takes whole lines; who opened it closes it */
    public CommitLog(Appendable out) {
        this.out = out;
    }

    private static void name(Cause cause, String name) {
        TRAPS[cause.code] = "trap_" + name;
    }

    @Override
    public void committed(Commit commit) {
        core(commit);
        line.append(commit.mode() & 3).append(' ');
        value(commit.pc(), 8);
        line.append(" (");
        value(commit.bits(), commit.lengthBytes());
        line.append(')');
        for (int i = 0; i < commit.writes(); i++) {
            register(commit.kind(i), commit.number(i));
            value(commit.value(i), 8);
        }
        if (commit.loadBytes() > 0) {
            line.append(" mem ");
            value(commit.loadVa(), 8);
        }
        int step = commit.storeBytes() > 8 ? commit.storeBytes() == 64 ? 1 : 8 : commit.storeBytes();
        for (int at = 0; at < commit.storeBytes(); at += step) {
            line.append(" mem ");
            value(commit.storeVa() + at, 8);
            line.append(' ');
            value(at == 8 ? commit.storeHigh() : commit.storeValue(), step);
        }
        end();
    }

    private void register(Commit.Kind kind, int number) {
        switch (kind) {
            case INTEGER -> line.append(number < 10 ? " x" + number + "  " : " x" + number + ' ');
            case FLOAT -> line.append(number < 10 ? " f" + number + "  " : " f" + number + ' ');
            case CSR -> line.append(" c").append(number).append('_').append(Csr.nameOf(number)).append(' ');
        }
    }

    @Override
    public void trapped(Commit commit, long cause, long value) {
        core(commit);
        long code = cause & ~Cause.INTERRUPT_BIT;
        line.append("exception ").append(cause < 0 ? "interrupt #" + code : TRAPS[(int) code]).append(", epc ");
        value(commit.pc(), 8);
        end();
        if (cause >= 0 && Cause.exception((int) code).writes(Cause.TVAL)) {
            core(commit);
            line.append("          tval ");
            value(value, 8);
            end();
        }
    }

    private void core(Commit commit) {
        line.append(String.format(Locale.ROOT, "core%4d: ", commit.hart()));
    }

    private void value(long value, int bytes) {
        line.append("0x");
        for (int digit = 2 * bytes - 1; digit >= 0; digit--) {
            line.append(Character.forDigit((int) (value >>> 4 * digit) & 15, 16));
        }
    }

    private void end() {
        try {
            out.append(line.append('\n'));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        line.setLength(0);
    }
}
