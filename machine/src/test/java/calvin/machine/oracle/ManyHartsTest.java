package calvin.machine.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.machine.embed.Emulation;
import calvin.machine.embed.Until;
import calvin.sim.time.SimTime;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Programs in which harts share memory: right with any number of harts and any quantum, on every engine. */
class ManyHartsTest {
    private static final int ROUNDS = 40;

    /** Harts, quanta and engines; large numbers with one quantum and without translating every path at once. */
    static Stream<Arguments> machines() {
        return TestEngines.all().flatMap(engine -> Stream.of(1, 2, 8, 64, 128)
                .filter(harts -> harts <= 8 || engine == TestEngines.INTERPRETER).flatMap(harts -> Stream
                        .of(20L, 100L, 3333L).filter(ns -> harts <= 8 || ns == 100)
                        .map(ns -> Arguments.of(engine, harts, ns * SimTime.PS_PER_NS))));
    }

    /** Runs a program whose hart 0 ends the machine; {@code harts} and {@code rounds} are constants of its text. */
    private static Emulation run(TestEngines engine, int harts, long quantumPs, String text) {
        Emulation e = Emulation.virt().harts(harts).memoryBytes(16 << 20).engine(engine.factory)
                .limitPs(50 * SimTime.PS_PER_MS).board(board -> board.withQuantumPs(quantumPs))
                .assemble("harts = " + harts + "\nrounds = " + ROUNDS + "\n" + text);
        assertEquals(0, e.runToExit());
        return e;
    }

    /** What every program ends with: a barrier of AMOs, then hart 0 ends the machine and the others wait for ever. */
    private static final String END = """
            end:
                la   t0, ended
                li   t1, 1
                amoadd.d zero, t1, (t0)
                bnez s0, park
                li   t2, harts
            1:  ld   t3, 0(t0)
                bne  t3, t2, 1b
                fence
                li   t0, 0x100000
                li   t1, 0x5555
                sw   t1, 0(t0)
            park:
                wfi
                j    park
                .balign 64
            ended: .dword 0
                .balign 64
            counter: .dword 0
                .balign 64
            lock: .dword 0
                .balign 64
            guarded: .dword 0
            inside: .dword 0
            wrong: .dword 0
            """;

    @ParameterizedTest
    @MethodSource("machines")
    void amosLoseNothing(TestEngines engine, int harts, long quantumPs) {
        try (Emulation e = run(engine, harts, quantumPs, """
                    mv   s0, a0
                    la   a1, counter
                    li   a2, rounds
                    li   a3, 1
                1:  amoadd.d zero, a3, (a1)
                2:  lr.d t0, (a1)
                    addi t0, t0, 2
                    sc.d t1, t0, (a1)
                    bnez t1, 2b
                    addi a2, a2, -1
                    bnez a2, 1b
                """ + END)) {
            assertEquals(3L * ROUNDS * harts, e.u64(e.symbol("counter")));
        }
    }

    @ParameterizedTest
    @MethodSource("machines")
    void aSpinlockLetsInOneAtATime(TestEngines engine, int harts, long quantumPs) {
        try (Emulation e = run(engine, harts, quantumPs, """
                    mv   s0, a0
                    la   a1, lock
                    la   a4, guarded
                    la   a5, inside
                    la   a6, wrong
                    li   a2, 8
                    li   a3, 1
                take:
                    lr.w.aq t0, (a1)
                    bnez t0, take
                    sc.w.rl t0, a3, (a1)
                    bnez t0, take
                    ld   t1, 0(a5)      # nobody else is inside
                    beqz t1, 1f
                    sd   a3, 0(a6)
                1:  sd   a3, 0(a5)
                    ld   t2, 0(a4)
                    addi t2, t2, 1
                    sd   t2, 0(a4)
                    sd   zero, 0(a5)
                    fence rw, w
                    sw   zero, 0(a1)
                    addi a2, a2, -1
                    bnez a2, take
                """ + END)) {
            assertEquals(8L * harts, e.u64(e.symbol("guarded")));
            assertEquals(0, e.u64(e.symbol("wrong")));
        }
    }

    /** Each hart passes an interrupt to the next one through the CLINT, around the ring, asleep in between. */
    @ParameterizedTest
    @MethodSource("machines")
    void anInterruptGoesRoundTheRing(TestEngines engine, int harts, long quantumPs) {
        try (Emulation e = run(engine, harts, quantumPs, """
                    mv   s0, a0
                    li   s1, 0x2000000
                    sh2add s2, s0, s1      # own MSIP
                    addi t0, s0, 1
                    li   t1, harts
                    bne  t0, t1, 1f
                    li   t0, 0
                1:  sh2add s3, t0, s1      # the next one's
                    csrwi mie, 8
                    li   s4, 5             # rounds
                    li   s5, 1
                    bnez s0, wait
                    sw   s5, 0(s2)
                wait:
                    wfi
                    lw   t0, 0(s2)
                    beqz t0, wait
                    sw   zero, 0(s2)
                    la   t1, counter
                    ld   t2, 0(t1)
                    addi t2, t2, 1
                    sd   t2, 0(t1)
                    addi s4, s4, -1
                    bnez s4, 2f
                    bnez s0, 2f
                    li   t3, harts
                    li   t4, 1
                    beq  t3, t4, end
                2:  sw   s5, 0(s3)
                    bnez s4, wait
                """ + END)) {
            assertEquals(5L * harts, e.u64(e.symbol("counter")));
        }
    }

    /** A message and a flag: who sees the flag sees the message, with fences on both sides (unpriv RVWMO, MP). */
    @ParameterizedTest
    @MethodSource("machines")
    void whoSeesTheFlagSeesTheMessage(TestEngines engine, int harts, long quantumPs) {
        try (Emulation e = run(engine, harts, quantumPs, """
                    mv   s0, a0
                    la   a1, guarded       # the message
                    la   a2, counter       # the flag
                    li   a3, 0
                    li   a4, rounds
                    beqz s0, write
                read:
                    ld   t0, 0(a2)
                    fence r, r
                    ld   t1, 0(a1)
                    bgeu t1, t0, 1f
                    la   t2, wrong
                    sd   t0, 0(t2)
                1:  bltu t0, a4, read
                    j    end
                write:
                    addi a3, a3, 1
                    sd   a3, 0(a1)
                    fence w, w
                    sd   a3, 0(a2)
                    bne  a3, a4, write
                """ + END)) {
            assertEquals(0, e.u64(e.symbol("wrong")));
            assertEquals(ROUNDS, e.u64(e.symbol("counter")));
        }
    }

    /** However long it has run: the state is that of any other run, on any engine. */
    @Test
    void theStateIsTheSameEveryTimeOnEveryEngine() {
        String text = "mv s0, a0\nla a1, counter\nli a3, 3\n1: amoadd.d t0, a3, (a1)\nadd s1, s1, t0\nmul s2, s1, a3\n"
                + "sd s2, 64(a1)\nj 1b\n" + END;
        String[] first = new String[5];
        for (int run = 0; run < 2 * TestEngines.values().length; run++) {
            TestEngines engine = TestEngines.values()[run / 2];
            try (Emulation e = Emulation.virt().harts(8).memoryBytes(4 << 20).engine(engine.factory)
                    .assemble("harts = 8\n" + text)) {
                for (int i = 0; i < first.length; i++) {
                    assertTrue(e.runUntil(Until.timePs((i + 1) * 777 * SimTime.PS_PER_NS)));
                    first[i] = first[i] == null ? e.stateHash() : first[i];
                    assertEquals(first[i], e.stateHash(), engine + ", hash " + i);
                }
            }
        }
    }
}
