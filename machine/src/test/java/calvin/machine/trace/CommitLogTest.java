package calvin.machine.trace;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.guests.Guests;
import calvin.machine.embed.Emulation;
import calvin.machine.embed.Until;
import calvin.sim.time.SimTime;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommitLogTest {
    private static List<String> log(String program, long instructions) {
        StringBuilder text = new StringBuilder();
        try (Emulation e = Emulation.virt().assemble(program)) {
            CommitTracer.attach(e.machine(), new CommitLog(text));
            e.runUntil(Until.instructions(instructions));
        }
        return text.toString().lines().toList();
    }

    /** The forms are those of Spike's execute.cc (commit_log_print_insn) and processor.cc (take_trap). */
    @Test
    void linesAreThoseOfSpike() {
        List<String> lines = log("""
                auipc t0, 0
                ld    t1, 0(t0)
                sw    t1, -4(t0)
                sb    t1, 128(t0)
                c.li  a0, -1
                addi  zero, a0, 0
                csrw  mscratch, a0
                li    t2, 0x6000
                csrs  sstatus, t2
                fcvt.d.w fa0, a0, rne
                fdiv.d fa1, fa0, ft0
                csrw  fcsr, zero
                amoadd.w a1, a0, (t0)
                lr.d  a2, (t0)
                sc.d  zero, a0, (t0)
                sc.d  a3, a0, (t0)
                li    t3, 128
                add   t3, t3, t0
                csrw  mtvec, t3
                cbo.zero (t3)
                .word 0
                """.replace("sw    t1, -4(t0)", "sw    t1, 256(t0)"), 20);
        assertEquals(List.of(
                "core   0: 3 0x0000000080000000 (0x00000297) x5  0x0000000080000000",
                "core   0: 3 0x0000000080000004 (0x0002b303) x6  0x0002b30300000297 mem 0x0000000080000000",
                "core   0: 3 0x0000000080000008 (0x1062a023) mem 0x0000000080000100 0x00000297",
                "core   0: 3 0x000000008000000c (0x08628023) mem 0x0000000080000080 0x97",
                "core   0: 3 0x0000000080000010 (0x557d) x10 0xffffffffffffffff",
                "core   0: 3 0x0000000080000012 (0x00050013)",
                "core   0: 3 0x0000000080000016 (0x34051073) c832_mscratch 0xffffffffffffffff",
                "core   0: 3 0x000000008000001a (0x000063b7) x7  0x0000000000006000",
                "core   0: 3 0x000000008000001e (0x1003a073) c768_mstatus 0x8000000a00006000",
                "core   0: 3 0x0000000080000022 (0xd2050553) f10 0xbff0000000000000",
                "core   0: 3 0x0000000080000026 (0x1a0575d3) c1_fflags 0x0000000000000008 f11 0xfff0000000000000",
                "core   0: 3 0x000000008000002a (0x00301073) c1_fflags 0x0000000000000000 c2_frm 0x0000000000000000",
                "core   0: 3 0x000000008000002e (0x00a2a5af) x11 0x0000000000000297 mem 0x0000000080000000"
                        + " mem 0x0000000080000000 0x00000296",
                "core   0: 3 0x0000000080000032 (0x1002b62f) x12 0x0002b30300000296 mem 0x0000000080000000",
                "core   0: 3 0x0000000080000036 (0x18a2b02f) mem 0x0000000080000000 0xffffffffffffffff",
                "core   0: 3 0x000000008000003a (0x18a2b6af) x13 0x0000000000000001"), lines.subList(0, 16));
        assertTrue(lines.get(19).startsWith("core   0: 3 0x000000008000004a (0x004e200f) mem 0x0000000080000080 0x00"),
                lines.get(19));
    }

    @Test
    void trapsAndReturnsHaveTheirLines() {
        List<String> lines = log("""
                    la    t0, handler
                    csrw  mtvec, t0
                    la    t0, 1f
                    csrw  mepc, t0
                    mret
                1:  .word 0
                    ld    a0, 1(zero)
                    ecall
                    csrwi mie, 8
                    .balign 4
                handler:
                    csrr  t0, mepc
                    addi  t0, t0, 4
                    csrw  mepc, t0
                    mret
                """, 30).stream().filter(line -> line.contains("tval") || line.contains("mret")
                || line.contains("exception") || line.contains("(0x30200073)")).toList();
        assertEquals(List.of("core   0: 3 0x0000000080000018 (0x30200073) c768_mstatus 0x0000000a00000080",
                "core   0: exception trap_illegal_instruction, epc 0x000000008000001c",
                "core   0:           tval 0x0000000000000000",
                "core   0: exception trap_illegal_instruction, epc 0x000000008000001c"),
                List.of(lines.get(0),
                        lines.get(1), lines.get(2), lines.get(1)));
    }

    @Test
    void interruptsAreSeenAtTheirHandler() {
        List<String> lines = log("""
                    la    t0, handler
                    csrw  mtvec, t0
                    li    t1, 0x2000000
                    li    t2, 1
                    csrwi mie, 8
                    csrsi mstatus, 8
                    sw    t2, 0(t1)
                    nop
                handler:
                    sw    zero, 0(t1)
                    mret
                """, 11);
        assertTrue(lines.contains("core   0: exception interrupt #3, epc 0x0000000080000020"),
                String.join("\n", lines));
    }

    /** What the listener was told is enough to keep a copy of the registers, and telling changes nothing. */
    @Test
    void theWritesToldAreAllThereAre() {
        String plain;
        long instructions;
        try (Emulation e = boot()) {
            e.runUntil(Until.timePs(SimTime.PS_PER_MS / 4));
            plain = e.stateHash();
            instructions = e.instructions();
        }
        try (Emulation e = boot()) {
            long[] x = new long[32];
            long[] f = new long[32];
            boolean[] unknown = {true};
            CommitTracer.attach(e.machine(), new CommitListener() {
                @Override
                public void committed(Commit commit) {
                    if (unknown[0]) {
                        System.arraycopy(e.machine().hart(0).hart().x, 0, x, 0, 32);
                        System.arraycopy(e.machine().hart(0).hart().f, 0, f, 0, 32);
                        unknown[0] = false;
                    }
                    for (int i = 0; i < commit.writes(); i++) {
                        switch (commit.kind(i)) {
                            case INTEGER -> x[commit.number(i)] = commit.value(i);
                            case FLOAT -> f[commit.number(i)] = commit.value(i);
                            case CSR -> assertEquals(commit.value(i), e.machine().hart(0).csr(commit.number(i)));
                        }
                    }
                    assertArrayEquals(x, java.util.Arrays.copyOf(e.machine().hart(0).hart().x, 32));
                    assertArrayEquals(f, e.machine().hart(0).hart().f);
                }

                @Override
                public void trapped(Commit commit, long cause, long value) {
                    unknown[0] = true; // the hosted firmware may change registers
                }
            });
            e.runUntil(Until.timePs(SimTime.PS_PER_MS / 4));
            assertEquals(plain, e.stateHash());
            assertTrue(instructions > 1000, "some were executed: " + instructions);
        }
    }

    private static Emulation boot() {
        return Emulation.virt().boot(Guests.get("smode.elf").bytes());
    }
}
