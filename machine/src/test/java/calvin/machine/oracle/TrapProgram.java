package calvin.machine.oracle;

import calvin.machine.isa.Program;
import java.util.ArrayList;
import java.util.List;

/**
 * A bare-metal program made of steps, each of which may trap: a trap in any mode ends in M mode, whose handler writes
 * {@link TrapLog} and goes on with the next step. It ends through the finisher. The same image runs on a machine here
 * and on QEMU, and what is then in memory is compared.
 *
 * <p>Registers: s2 the log, s3 where to go on, s4 an mstatus in which M mode is itself, s5 the end of a step, a2 the
 * value that is logged.
 */
final class TrapProgram {
    static final long BASE = 0x8000_0000L;
    /** More than is used, as QEMU puts its device tree at the end. */
    static final int MEMORY_BYTES = 64 << 20;
    static final int USED_BYTES = 32 << 20;
    static final long LOG = BASE + (16 << 20);
    static final int LOG_BYTES = 6 << 20;
    /** Data pages and page tables of scenarios. */
    static final long SPACE = BASE + (24 << 20);
    static final int SPACE_BYTES = 8 << 20;

    private final List<String> steps = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();

    TrapProgram() {
        text.append("""
                    csrr t0, mhartid
                park:
                    bnez t0, park
                    la   t0, 1f       # Smstateen may be absent
                    csrw mtvec, t0
                    li   t0, -1
                    csrw 0x30c, t0
                    csrw 0x60c, t0
                    csrw 0x10c, t0
                    .balign 4
                1:  csrw mepc, zero
                    csrw mtval, zero
                    la   t0, trap
                    csrw mtvec, t0
                    li   s2, 0x81000000
                    li   s4, 0xa00006000
                    la   s5, done
                    csrw mstatus, s4
                    li   t0, -1
                    csrw pmpaddr0, t0
                    li   t0, 31
                    csrw pmpcfg0, t0
                    la   t0, relay
                    csrw stvec, t0
                    csrw vstvec, t0
                    j    steps
                    .balign 4
                relay:
                    ecall
                    .balign 4
                trap:
                    csrr t0, mcause
                    csrr t1, mstatus
                    csrw mstatus, s4
                    j    log
                done:
                    csrr t1, mstatus
                    csrw mstatus, s4
                    li   t0, 0x600d
                    csrw mcause, zero
                log:
                    sd   t0, 0(s2)
                    sd   t1, %d(s2)
                    sd   a2, %d(s2)
                """.formatted(8 * TrapLog.MSTATUS.ordinal(), 8 * TrapLog.VALUE.ordinal()));
        for (TrapLog column : TrapLog.values()) {
            if (!column.register.isEmpty() && column != TrapLog.MCAUSE && column != TrapLog.MSTATUS) {
                text.append("    csrr t0, ").append(column.register).append("\n    sd t0, ")
                        .append(8 * column.ordinal()).append("(s2)\n");
            }
        }
        text.append("    addi s2, s2, ").append(TrapLog.BYTES).append("\n    jr s3\nsteps:\n");
    }

    /** Adds text that does not trap and is not logged. */
    void setup(String lines) {
        text.append(lines).append('\n');
    }

    /**
     * Adds a step: text in M mode that ends in a trap, or falls through with its result in a2.
     *
     * @param name shown when results differ
     */
    void step(String name, String lines) {
        int number = steps.size();
        steps.add(name);
        text.append("    la s3, s").append(number).append('\n').append(lines).append("\n    jr s5\ns").append(number)
                .append(":\n");
    }

    int size() {
        return steps.size();
    }

    String name(int step) {
        return steps.get(step);
    }

    Program assemble() {
        return Program.assemble(BASE, text + """
                    fence
                    li   t0, 0x100000
                    li   t1, 0x5555
                    sw   t1, 0(t0)
                    j    .+0
                """);
    }
}
