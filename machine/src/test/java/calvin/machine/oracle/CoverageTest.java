package calvin.machine.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.machine.embed.Emulation;
import calvin.machine.embed.Until;
import calvin.machine.hart.HartIsa;
import calvin.machine.isa.Cause;
import calvin.machine.isa.Csr;
import calvin.machine.isa.Op;
import calvin.machine.trace.Commit;
import calvin.machine.trace.CommitListener;
import calvin.machine.trace.CommitTracer;
import calvin.sim.time.SimTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Nothing in the tables is only written down: every row of the instruction table is executed to its end, every CSR is
 * read and written, every writable bit of a CSR without rules of its own is set and cleared, and every exception and
 * interrupt is taken. What is not, is listed in {@code target/coverage-isa.txt}, and the test fails unless the list
 * below says why.
 */
class CoverageTest {
    /** Causes that nothing in these harts raises, and why. */
    private static final Map<Cause, String> NEVER = Map.of(
            Cause.INSTRUCTION_MISALIGNED, "with C no target is misaligned (unpriv 1.5)",
            Cause.SOFTWARE_CHECK, "belongs to Zicfilp and Zicfiss",
            Cause.HARDWARE_ERROR, "no uncorrectable errors of memory are modelled",
            Cause.SUPERVISOR_GUEST_EXTERNAL, "needs guest interrupt files: AIA boards, tested there");

    /** Registers of which software cannot set every bit of the table, and why. */
    private static final Map<Csr, String> PARTLY = Map.of(
            Csr.MCOUNTEREN, "counters 19 to 31 read zero", Csr.HCOUNTEREN, "counters 19 to 31 read zero",
            Csr.SCOUNTEREN, "counters 19 to 31 read zero", Csr.MCOUNTINHIBIT, "counters 19 to 31 read zero",
            Csr.HIDELEG, "bit 13 belongs to Shlcofideleg, which is absent",
            Csr.HVIP, "bit 13 belongs to Shlcofideleg, which is absent",
            Csr.TSELECT, "the number of a trigger that does not exist is not taken");

    private final Set<String> uncovered = new TreeSet<>();
    private final EnumSet<Op> executed = EnumSet.noneOf(Op.class);
    private final EnumSet<Cause> taken = EnumSet.noneOf(Cause.class);

    @Test
    void everyRowOfEveryTableIsUsed() throws IOException {
        for (Op op : Op.values()) {
            if (HartIsa.EXTENSIONS.contains(op.extension) && HartIsa.EXTENSIONS.contains(op.expansion.extension)) {
                execute(op);
                if (!executed.contains(op)) {
                    uncovered.add("instruction " + op.mnemonic);
                }
            }
        }
        csrs();
        exceptions();
        interrupts();
        for (Cause cause : Cause.values()) {
            if (!taken.contains(cause) && !NEVER.containsKey(cause)) {
                uncovered.add("cause " + cause);
            }
            assertTrue(!taken.contains(cause) || !NEVER.containsKey(cause), cause + " is raised after all");
        }
        Files.createDirectories(Path.of("target"));
        List<String> report = new ArrayList<>();
        report.add(executed.size() + " rows executed, " + taken.size() + " causes taken");
        uncovered.forEach(what -> report.add("not covered: " + what));
        NEVER.forEach((cause, why) -> report.add("never: " + cause + ": " + why));
        PARTLY.forEach((csr, why) -> report.add("partly: " + csr + ": " + why));
        Files.write(Path.of("target", "coverage-isa.txt"), report);
        assertEquals("", String.join("\n", uncovered));
    }

    /** In M mode, with every register an address of data, at a place where jumps and returns come back from. */
    private void execute(Op op) {
        StringBuilder text = new StringBuilder("""
                    la   t0, trap
                    csrw mtvec, t0
                    li   t0, 0x6000
                    csrs mstatus, t0
                    li   t0, -1
                    csrw menvcfg, t0
                    la   t0, behind
                    csrw mepc, t0
                    csrw sepc, t0
                    li   t0, 0x1800
                    csrs mstatus, t0
                    la   x31, data
                """);
        for (int i = 1; i < 31; i++) {
            text.append("mv x").append(i).append(", x31\n");
        }
        int word = op.sample(0);
        boolean jumps = op.kind == Op.Kind.JUMP || op.kind == Op.Kind.BRANCH;
        if (jumps) {
            // Forward or to itself makes no difference: executed is executed.
            text.append("la x1, behind\nla x8, behind\n");
        }
        // Every operand x8, or what the encoding has instead.
        word = op.sample(op.compressed() ? 0x0000 : 8 << 7 | 8 << 15 | 8 << 20);
        word = op.matches(word) && !op.syntax.contains("csr") ? word : op.sample(0x34000000 | 8 << 7);
        text.append("target: ").append(op.compressed() ? ".half " : ".word ").append(word & 0xFFFF_FFFFL).append('\n');
        text.append("""
                    nop
                    .balign 4
                behind: j behind
                    .balign 4
                trap: j trap
                    .balign 64
                data: .space 512
                """);
        try (Emulation e = Emulation.virt().memoryBytes(4 << 20).limitPs(SimTime.PS_PER_US).assemble(text.toString())) {
            long target = e.symbol("target");
            assertTrue(e.runUntil(Until.pc(target)), op.mnemonic);
            CommitTracer.attach(e.machine(), new CommitListener() {
                @Override
                public void committed(Commit commit) {
                    if (commit.op() != null && commit.pc() == target) {
                        executed.add(commit.op());
                    }
                }

                @Override
                public void trapped(Commit commit, long cause, long value) {
                    boolean ecall = commit.pc() == target && op.kind == Op.Kind.SYSTEM;
                    if (ecall && (cause == Cause.ECALL_FROM_M.code || cause == Cause.BREAKPOINT.code)) {
                        executed.add(op); // that is what it does
                    }
                }
            });
            e.runUntil(Until.timePs(e.timePs() + 20_000));
        }
    }

    /** From software: reads every number, and sets and clears every bit that the table lets it. */
    private void csrs() {
        for (Csr csr : Csr.values()) {
            if (!HartIsa.EXTENSIONS.contains(csr.extension) || csr.name().matches("[MS]IREG\\d?|VSIREG\\d?")) {
                continue;
            }
            int number = csr.number;
            String write = Csr.readOnly(number) ? "" : """
                        li    a1, 0x%x
                        csrrw zero, %s, zero
                        csrrs zero, %s, a1
                        csrr  a2, %s
                        csrrc zero, %s, a1
                        csrr  a3, %s
                    """.formatted(csr.writable, name(number), name(number), name(number), name(number), name(number));
            String text = "la t0, trap\ncsrw mtvec, t0\nli t0, 0x6000\ncsrs mstatus, t0\nli t0, -1\ncsrw menvcfg, t0\n"
                    + "csrw mcounteren, t0\ncsrr a0, " + name(number) + "\n" + write
                    + "li a7, 1\n1: j 1b\n.balign 4\ntrap: j trap\n";
            try (Emulation e = Emulation.virt().memoryBytes(4 << 20).assemble(text)) {
                e.runUntil(Until.instructions(60));
                if (e.register(0, "a7") != 1) {
                    uncovered.add("register " + Csr.nameOf(number) + " (traps)");
                } else if (!Csr.readOnly(number) && csr.note.isEmpty() && csr.count == 1
                        && !PARTLY.containsKey(csr)
                        && ((e.register(0, "a2") & csr.writable) != csr.writable
                                || (e.register(0, "a3") & csr.writable) != 0)) {
                    uncovered.add(String.format("register %s: bits 0x%x read as 0x%x set and 0x%x cleared",
                            Csr.nameOf(number), csr.writable, e.register(0, "a2"), e.register(0, "a3")));
                }
            }
        }
    }

    private static String name(int number) {
        return "0x" + Integer.toHexString(number);
    }

    private void run(String text, int instructions) {
        try (Emulation e = Emulation.virt().memoryBytes(4 << 20).assemble("""
                    la   t0, trap
                    csrw mtvec, t0
                    li   t0, -1
                    csrw mcounteren, t0
                    csrw pmpaddr0, t0
                    li   t0, 31
                    csrw pmpcfg0, t0
                """ + text + """

                    .balign 4
                trap: j trap
                """)) {
            CommitTracer.attach(e.machine(), new CommitListener() {
                @Override
                public void committed(Commit commit) {
                    // Only traps count here.
                }

                @Override
                public void trapped(Commit commit, long cause, long value) {
                    taken.add(Cause.of(cause));
                }
            });
            e.runUntil(Until.timePs(instructions * 1000L));
        }
    }

    /** Goes on at "1:" in this mode, with these CSRs; the tables are all zeros, so that nothing is mapped. */
    private static String in(int mpp, boolean guest, String setup) {
        return setup + "\nli t0, 0x1800\ncsrc mstatus, t0\nli t0, " + (mpp << 11 | 0x6000)
                + "\ncsrs mstatus, t0\nli t0, " + (guest ? 1L << 39 : 0) + "\ncsrs mstatus, t0\nla t0, 1f\n"
                + "csrw mepc, t0\nmret\n1: ";
    }

    private void exceptions() {
        run(in(0, false, "") + "ecall", 100);
        run(in(1, false, "") + "ecall", 100);
        run(in(1, true, "") + "ecall", 100);
        run("ecall", 100);
        run("ebreak", 100);
        run(".word 0", 100);
        run(in(1, true, "") + "hfence.gvma", 100);
        run("ld t1, 0(zero)", 100);
        run("sd t1, 0(zero)", 100);
        run("jr zero", 100);
        run("li t1, 0x80000001\nlr.w t2, (t1)", 100);
        run("li t1, 0x80000001\namoadd.w t2, t2, (t1)", 100);
        // Sv39 with an empty table: MPRV for data, MRET for a fetch.
        String satp = "li t0, 0x8000000000080100\ncsrw satp, t0\n";
        String mprv = "li t0, 0x20800\ncsrs mstatus, t0\n";
        run(satp + mprv + "ld t1, 0(t2)", 100);
        run(satp + mprv + "sd t1, 0(t2)", 100);
        run(in(1, false, satp) + "nop", 100);
        String hgatp = "li t0, 0x8000000000080100\ncsrw hgatp, t0\n";
        run(in(1, true, hgatp) + "nop", 100);
        run(hgatp + "hlv.d t1, (t2)", 100);
        run(hgatp + "hsv.d t1, (t2)", 100);
    }

    /** Software interrupts of each level by mip and hvip, timers and the machine's own by the CLINT and the PLIC. */
    private void interrupts() {
        for (int bit : new int[]{1, 5, 9, 13}) {
            run("li t0, " + (1 << bit) + "\ncsrw mie, t0\ncsrw mip, t0\ncsrsi mstatus, 8\n1: j 1b", 100);
        }
        for (int bit : new int[]{2, 6, 10}) {
            // Delegated to HS level, taken there from S mode.
            run(in(1, false, "li t0, " + (1 << bit)
                    + "\ncsrw hvip, t0\ncsrw mie, t0\nla t0, trap\ncsrw stvec, t0\ncsrsi mstatus, 2\n") + "j 1b", 100);
        }
        run("li t0, 0x2000000\nli t1, 1\nsw t1, 0(t0)\ncsrwi mie, 8\ncsrsi mstatus, 8\n1: j 1b", 100);
        run("li t0, 0x2004000\nsd zero, 0(t0)\nli t1, 128\ncsrw mie, t1\ncsrsi mstatus, 8\n1: j 1b", 100);
        // The UART's transmitter is empty: source 10 of the PLIC, M context of hart 0.
        run("""
                    li   t0, 0xc000000
                    li   t1, 1
                    sw   t1, 40(t0)
                    li   t2, 0x2000
                    add  t2, t2, t0
                    li   t3, 0x400
                    sw   t3, 0(t2)
                    li   t4, 0x10000000
                    li   t5, 2
                    sb   t5, 1(t4)
                    li   t1, 0x800
                    csrw mie, t1
                    csrsi mstatus, 8
                1:  j 1b
                """, 400);
    }
}
