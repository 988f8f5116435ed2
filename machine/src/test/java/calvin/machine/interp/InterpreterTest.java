package calvin.machine.interp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.machine.hart.Hart;
import calvin.machine.isa.Assembler;
import calvin.machine.isa.Cause;
import calvin.machine.isa.Extension;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;

class InterpreterTest {
    private static final long BASE = 0x8000_0000L;
    private final FlatBus bus = new FlatBus(BASE, 1 << 20);
    private final CodeCache code = new CodeCache();
    private final Interpreter engine = engine(bus, code);
    private Hart hart = hart();

    InterpreterTest() {
        bus.watch(engine);
    }

    /** The engine under test; the translator's tests make another one. */
    Interpreter engine(FlatBus on, CodeCache pages) {
        return new Interpreter(on, pages, EnumSet.allOf(Extension.class));
    }

    private static Hart hart() {
        Hart hart = new Hart(0, 1000);
        hart.pc = BASE;
        hart.deadline = Long.MAX_VALUE;
        return hart;
    }

    /** Puts instructions at an address and returns the address behind them. */
    private long place(long at, String... lines) {
        ByteBuffer bytes = ByteBuffer.allocate(lines.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        for (String line : lines) {
            int word = Assembler.assemble(line);
            if ((word & 3) == 3) {
                bytes.putInt(word);
            } else {
                bytes.putShort((short) word);
            }
        }
        byte[] used = new byte[bytes.position()];
        bytes.flip().get(used);
        bus.write(at, used);
        return at + used.length;
    }

    @Test
    void sumsInALoopAndStopsAtTheTrap() {
        place(BASE, "addi a0, zero, 0", "addi a1, zero, 100", "c.add a0, a1", "c.addi a1, -1",
                "bne a1, zero, .-4", "ecall");
        engine.run(hart);
        assertEquals(5050, hart.x[10]);
        assertEquals(Cause.ECALL_FROM_M.code, hart.trapCause);
        assertEquals(BASE + 16, hart.pc, "the trap is taken at the ECALL");
        assertEquals(2 + 300, hart.instret, "a trapping instruction is not counted");
        assertEquals(hart.instret, hart.cycle);
    }

    @Test
    void afterADivisionOnAnotherPageItsOwnNextInstructionFollows() {
        // The same offsets on both pages hold different divisions; both pages are decoded and fetched.
        place(BASE, "div a0, a5, a6", "remu a1, a5, a6", "jalr ra, 0(a7)");
        place(BASE + 0x1000, "div a2, a5, a6", "div a3, a5, a6", "jalr zero, 0(ra)");
        place(BASE + 12, "jalr ra, 0(a7)", "ecall");
        hart.x[15] = 100;
        hart.x[16] = 7;
        hart.x[17] = BASE + 0x1000;
        engine.run(hart);
        assertEquals(Cause.ECALL_FROM_M.code, hart.trapCause);
        assertEquals(14, hart.x[10]);
        assertEquals(2, hart.x[11]);
        assertEquals(14, hart.x[12]);
        assertEquals(14, hart.x[13]);
        hart.x[11] = 5;
        hart.x[13] = 0;
        hart.trapCause = -1;
        hart.pc = BASE + 8;
        engine.run(hart);
        assertEquals(5, hart.x[11], "the other page's remainder was computed instead");
        assertEquals(14, hart.x[13]);
    }

    @Test
    void halvesAreBoxedWhenLoadedAndStoredAsTheyAre() {
        place(BASE, "flh fa0, 2(sp)", "fsh fa0, 8(sp)", "fcvt.d.h fa1, fa0", "fmv.x.h a0, fa0", "fmv.h.x fa2, a1",
                "fli.s fa3, 20", "fcvt.h.s fa4, fa3", "fsh fa3, 10(sp)", "fcvt.s.h fa5, fa3", "ecall");
        hart.x[2] = BASE + 0x4000;
        hart.x[11] = 0x1234_5678;
        bus.store(hart, hart.x[2] + 2, 1, 0xC200);
        engine.run(hart);
        assertEquals(0xFFFF_FFFF_FFFF_C200L, hart.f[10]);
        assertEquals(Double.doubleToRawLongBits(-3), hart.f[11]);
        assertEquals(0xFFFF_FFFF_FFFF_C200L, hart.x[10], "sign-extended");
        assertEquals(0xFFFF_FFFF_FFFF_5678L, hart.f[12]);
        assertEquals(0xFFFF_FFFF_0000_0000L | Float.floatToRawIntBits(2), hart.f[13]);
        assertEquals(0xFFFF_FFFF_FFFF_4000L, hart.f[14]);
        assertEquals(0xFFFF_FFFF_7FC0_0000L, hart.f[15], "a single is no boxed half");
        assertEquals(0x0000_C200L, bus.load(hart, hart.x[2] + 8, 2), "the store of fa3 wrote its low half, 0");
        assertEquals(0, hart.fcsr);
    }

    @Test
    void compareAndSwapTakesWordsDoublewordsAndPairs() {
        place(BASE, "amocas.w a0, a1, (sp)", "amocas.w a2, a1, (sp)", "amocas.d a3, a4, (s0)",
                "amocas.q a6, t3, (s1)", "amocas.q s4, s6, (s1)", "amocas.q zero, s6, (s2)", "amocas.q s8, zero, (s2)",
                "ecall");
        for (int pass = 0; pass < 2; pass++) { // the second one hits the TLB
            hart.pc = BASE;
            hart.trapCause = -1;
            long at = BASE + 0x4000;
            hart.x[2] = at;
            hart.x[8] = at + 8;
            hart.x[9] = at + 16;
            hart.x[18] = at + 32;
            bus.store(hart, at, 3, 0x7777_7777_8000_0001L);
            bus.store(hart, at + 8, 3, 5);
            bus.store(hart, at + 16, 3, 6);
            bus.store(hart, at + 24, 3, 7);
            bus.store(hart, at + 32, 3, 0);
            bus.store(hart, at + 40, 3, 0);
            hart.x[10] = 0x1234_5678_8000_0001L; // a0: only the word counts
            hart.x[11] = 0x2000_0002;
            hart.x[12] = 1; // a2 differs
            hart.x[13] = 5; // a3
            hart.x[14] = -5; // a4
            hart.x[16] = 6; // a6, a7: the low half agrees only
            hart.x[17] = 8;
            hart.x[20] = 6; // s4, s5
            hart.x[21] = 7;
            hart.x[22] = 60; // s6, s7
            hart.x[23] = 70;
            hart.x[24] = 60; // s8, s9
            hart.x[25] = 70;
            hart.x[1] = 99; // the register behind zero is not half of a pair
            engine.run(hart);
            assertEquals(Cause.ECALL_FROM_M.code, hart.trapCause);
            assertEquals(0xFFFF_FFFF_8000_0001L, hart.x[10]);
            assertEquals(0x2000_0002, hart.x[12]);
            assertEquals(0x7777_7777_2000_0002L, bus.load(hart, at, 3));
            assertEquals(5, hart.x[13]);
            assertEquals(-5, bus.load(hart, at + 8, 3));
            assertEquals(6, hart.x[16]);
            assertEquals(7, hart.x[17]);
            assertEquals(6, hart.x[20]);
            assertEquals(60, bus.load(hart, at + 16, 3));
            assertEquals(70, bus.load(hart, at + 24, 3));
            assertEquals(60, hart.x[24], "zeros compared with the zeros there, so s6 and s7 were stored");
            assertEquals(70, hart.x[25]);
            assertEquals(0, bus.load(hart, at + 32, 3));
            assertEquals(0, bus.load(hart, at + 40, 3), "a pair that begins with zero stores zeros");
            assertEquals(99, hart.x[1]);
            assertEquals(0, hart.x[0]);
        }
    }

    @Test
    void quadwordsNeedTheirAlignmentAndEvenRegisters() {
        place(BASE, "amocas.q a0, a2, (sp)");
        hart.x[2] = BASE + 0x4008;
        engine.run(hart);
        assertEquals(Cause.STORE_MISALIGNED.code, hart.trapCause);
        assertThrows(IllegalArgumentException.class, () -> Assembler.assemble("amocas.q a1, a2, (sp)"));
        assertThrows(IllegalArgumentException.class, () -> Assembler.assemble("amocas.q a0, a3, (sp)"));
    }

    @Test
    void reservationsHoldOnTheFastPathAsOnTheSlowOne() {
        place(BASE, "lr.w a0, (sp)", "sc.w a1, a2, (sp)", "sc.w a3, a2, (sp)", "lr.d a4, (s0)", "sc.w a5, a2, (sp)",
                "lr.w a6, (s1)", "sc.d a7, a2, (s0)", "ecall");
        hart.x[2] = BASE + 0x4000;
        hart.x[8] = BASE + 0x5008;
        hart.x[9] = BASE + 0x500C;
        hart.x[12] = -2;
        for (int pass = 0; pass < 2; pass++) {
            long misses = bus.misses;
            hart.pc = BASE;
            hart.trapCause = -1;
            engine.run(hart);
            assertEquals(0, hart.x[11]);
            assertEquals(1, hart.x[13], "used up");
            assertEquals(1, hart.x[15], "another doubleword's");
            assertEquals(0, hart.x[17], "a word's reservation is the doubleword's");
            assertEquals(-1, hart.reservationPa);
            assertEquals(pass == 0 ? 0 : -2, hart.x[10]);
            assertEquals(pass == 0, bus.misses > misses, "the second pass hits");
        }
    }

    @Test
    void stopsAtEveryDeadlineExactly() {
        place(BASE, "addi a0, zero, 3", "c.addi a0, -1", "sd a0, 256(sp)", "ld a1, 256(sp)",
                "bne a0, zero, .-10", "c.j .-14");
        hart.x[2] = BASE + 0x4000;
        Hart once = hart();
        once.x[2] = hart.x[2];
        for (int cycle = 1; cycle <= 1000; cycle++) {
            hart.deadline = cycle;
            engine.run(hart);
            assertEquals(cycle, hart.cycle);
            assertEquals(cycle, hart.instret);
        }
        once.deadline = 1000;
        new Interpreter(bus, new CodeCache(), EnumSet.allOf(Extension.class)).run(once);
        assertEquals(once.pc, hart.pc);
        assertArrayEquals(once.x, hart.x);
    }

    @Test
    void instructionsMayCrossPagesAndBranchesMayLeaveThem() {
        place(BASE + 0xFFA, "c.li a0, 1", "c.addi a0, 1", "addi a0, a0, 40", "c.nop 0", "jal zero, .-0x1004");
        place(BASE, "jal ra, .+0xffa");
        engine.codeChanged(BASE);
        hart.deadline = 6;
        engine.run(hart);
        assertEquals(42, hart.x[10]);
        assertEquals(BASE, hart.pc);
    }

    @Test
    void storesToCodeAreSeen() {
        long end = place(BASE, "addi t0, zero, 2", "addi a0, a0, 1", "sw a1, 4(a2)", "addi t0, t0, -1",
                "bne t0, zero, .-12");
        place(end, "ecall");
        hart.x[11] = Assembler.assemble("addi a0, a0, 100");
        hart.x[12] = BASE;
        engine.run(hart);
        assertEquals(101, hart.x[10], "the second time round, the changed instruction runs");
        assertEquals(Cause.ECALL_FROM_M.code, hart.trapCause);
    }

    @Test
    void faultsLeaveTheInstructionUndone() {
        place(BASE, "addi a0, zero, 7", "ld a0, 0(zero)");
        engine.run(hart);
        assertEquals(Cause.LOAD_ACCESS_FAULT.code, hart.trapCause);
        assertEquals(7, hart.x[10]);
        assertEquals(BASE + 4, hart.pc);
        assertEquals(1, hart.instret);
    }

    @Test
    void illegalInstructionsReportTheirBits() {
        place(BASE, "c.li a0, 1");
        bus.write(BASE + 2, new byte[]{0x7F, 0, 0, (byte) 0x80});
        engine.run(hart);
        assertEquals(Cause.ILLEGAL_INSTRUCTION.code, hart.trapCause);
        assertEquals(0x8000_007FL, hart.trapValue);
        hart.trapCause = -1;
        hart.pc = BASE + 0x2000;
        place(hart.pc, "csrrw a0, mstatus, a1");
        engine.run(hart);
        assertEquals(Assembler.assemble("csrrw a0, mstatus, a1") & 0xFFFF_FFFFL, hart.trapValue);
        hart.trapCause = -1;
        hart.pc = BASE + 0x3000;
        engine.run(hart);
        assertEquals(0, hart.trapValue, "a halfword of zeros is illegal");
        assertEquals(Cause.ILLEGAL_INSTRUCTION.code, hart.trapCause);
    }

    @Test
    void writesToZeroVanish() {
        place(BASE, "addi zero, zero, 5", "lw zero, 0(sp)", "c.nop 0", "csrrs zero, instret, zero",
                "add a0, zero, zero", "ecall");
        hart.x[2] = BASE;
        hart.x[10] = 99;
        engine.run(hart);
        assertEquals(0, hart.x[0]);
        assertEquals(0, hart.x[10]);
        assertTrue(hart.trapCause == Cause.ECALL_FROM_M.code);
    }

    @Test
    void atomicsAndReservationsWork() {
        place(BASE, "lr.w.aq t0, (sp)", "sc.w t1, t0, (sp)", "sc.w t2, t0, (sp)",
                "amoadd.d a0, a1, (sp)", "amomaxu.w a2, a3, (sp)", "ecall");
        hart.x[2] = BASE + 0x8000;
        hart.x[11] = 0x1_0000_0001L;
        hart.x[13] = -1;
        engine.run(hart);
        assertEquals(0, hart.x[6]);
        assertEquals(1, hart.x[7]);
        assertEquals(0, hart.x[10]);
        assertEquals(1, hart.x[12]);
        assertEquals(0x1_FFFF_FFFFL, bus.load(hart, BASE + 0x8000, 3));
    }

    @Test
    void waitForInterruptIsCountedAndLeaves() {
        place(BASE, "wfi", "ecall");
        engine.run(hart);
        assertTrue(hart.waiting);
        assertEquals(BASE + 4, hart.pc);
        assertEquals(1, hart.instret);
    }
}
