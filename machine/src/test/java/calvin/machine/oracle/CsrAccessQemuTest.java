package calvin.machine.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.machine.board.Engines;
import calvin.machine.isa.Cause;
import calvin.machine.isa.Csr;
import calvin.machine.isa.Program;
import calvin.sim.seed.Seed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every CSR number, read and written, in every mode: the same exceptions as on QEMU, illegal instruction or virtual
 * instruction.
 */
class CsrAccessQemuTest {
    private static final int[] MODES = {3, 1, 0, 5, 4};
    private static final String[] NAMES = {"M", "S", "U", "VS", "VU"};

    private static final int ROUNDS = Integer.getInteger("calvin.csr.rounds", 2);
    private static final long ECALL_FROM_S = Cause.ECALL_FROM_S.code;
    private static final long ECALL_FROM_M = Cause.ECALL_FROM_M.code;
    private static final int STEPS_OF_A_NUMBER = 2 * MODES.length;

    @TempDir
    Path folder;

    @Test
    void everyNumberTrapsAsOnQemu() throws IOException, InterruptedException {
        TrapRun.assumeQemu();
        List<String> wrong = new ArrayList<>();
        long compared = 0;
        for (int round = 0; round < ROUNDS; round++) {
            TrapProgram program = program(round);
            Program image = program.assemble();
            TrapRun.Memory ours = TrapRun.here(image, new byte[8], Engines.INTERPRETER);
            TrapRun.Memory theirs = TrapRun.there(image, new byte[8], "rv64,h=true,sstc=true", folder);
            for (int i = 0; i < program.size(); i++) {
                // The first step of a number reads it in M mode: so one sees whether it is there at all.
                int first = i / STEPS_OF_A_NUMBER * STEPS_OF_A_NUMBER;
                boolean here = ours.entry(first)[0] == ECALL_FROM_M;
                boolean there = theirs.entry(first)[0] == ECALL_FROM_M;
                long mine = ours.entry(i)[0];
                long other = theirs.entry(i)[0];
                int number = i / STEPS_OF_A_NUMBER;
                if (here && there && !qemuDeviates(number, program.name(i), mine, other)) {
                    compared++;
                    if (mine != other) {
                        wrong.add(program.name(i) + ": cause " + Long.toHexString(mine) + ", QEMU "
                                + Long.toHexString(other));
                    }
                } else if (!here && !Csr.nameOf(number).matches("v?sireg\\d?")) {
                    // Smcsrind: what the windows show is absent, but they themselves are there for VS and VU mode.
                    assertEquals(Cause.ILLEGAL_INSTRUCTION.code, mine, program.name(i) + " is absent");
                }
            }
        }
        assertTrue(wrong.isEmpty(), () -> wrong.size() + " differ\n" + String.join("\n", wrong));
        System.out.println("CsrAccessQemuTest: " + compared + " accesses agree with QEMU");
    }

    /** Where QEMU 7.2 is known not to do what the manual says. */
    private static boolean qemuDeviates(int number, String name, long mine, long other) {
        boolean virtual = mine == Cause.VIRTUAL_INSTRUCTION.code && other == Cause.ILLEGAL_INSTRUCTION.code;
        // priv H, "Trap cause": a supervisor CSR in VU mode is a virtual instruction when HS mode might access it.
        if (name.startsWith("VU ") && Csr.lowestPrivilege(number) == 1 && virtual) {
            return true;
        }
        // priv H, "mstatus": TVM affects execution in HS mode only, VS mode has hstatus.VTVM.
        if (name.startsWith("VS satp")) {
            return true;
        }
        // priv H, "mstatus": TVM=1 makes accesses to hgatp illegal in HS mode.
        return name.startsWith("S hgatp") && mine == Cause.ILLEGAL_INSTRUCTION.code && other == ECALL_FROM_S;
    }

    private static TrapProgram program(int round) {
        Seed seed = new Seed(round).child("oracle/csr");
        TrapProgram program = new TrapProgram();
        for (int number = 0; number < 4096; number++) {
            long bits = seed.draw(number);
            enables(program, bits);
            for (int mode = 0; mode < 5; mode++) {
                access(program, number, mode, bits);
            }
        }
        return program;
    }

    /** Enables at random. */
    private static void enables(TrapProgram program, long bits) {
        program.setup(String.format("""
                    li t0, 0x%x
                    csrw mcounteren, t0
                    li t0, 0x%x
                    csrw hcounteren, t0
                    li t0, 0x%x
                    csrw scounteren, t0
                    li t0, 0x%x
                    csrw hstatus, t0
                    li t0, 0x%x
                    csrw menvcfg, t0
                """, bits & 0x7F, bits >> 7 & 0x7F, bits >> 14 & 0x7F, (bits >> 21 & 7) << 20, bits << 40 & 1L << 63));
    }

    /**
     * A read, and a write that sets no bits, or all where nothing can be written: QEMU takes CSRRS with a source of
     * zero for a read, the manual (unpriv Zicsr) only one with x0.
     */
    private static void access(TrapProgram program, int number, int mode, long bits) {
        long status = (bits >> 30 & 3) << 13 | (bits >> 32 & 1) << 20 | (MODES[mode] & 3L) << 11
                | (MODES[mode] > 3 ? 1L << 39 : 0);
        for (String form : new String[]{"csrrs a2, %s, zero", "csrrs a2, %s, a0"}) {
            String instruction = String.format(form, "0x" + Integer.toHexString(number));
            program.step(NAMES[mode] + " " + Csr.nameOf(number) + " " + instruction + " bits "
                    + Long.toHexString(bits), String.format("""
                                li t0, 0x%x
                                csrw mstatus, t0
                                la t0, 1f
                                csrw mepc, t0
                                li a0, %d
                                li a2, 0
                                mret
                            1:  %s
                                ecall
                            """, status, Csr.readOnly(number) ? -1 : 0, instruction));
        }
    }
}
