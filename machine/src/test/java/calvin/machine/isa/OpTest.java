package calvin.machine.isa;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.sim.seed.Seed;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OpTest {
    private static final Decoder ALL = new Decoder(EnumSet.allOf(Extension.class));
    /** Rows that are special cases of another row. */
    private static final Set<String> OVERLAPS = Set.of("FENCE/FENCE_TSO", "FENCE/PAUSE");

    @Test
    void noTwoPatternsOverlapExceptTheListedOnes() {
        Set<String> unused = new HashSet<>(OVERLAPS);
        for (Op a : Op.values()) {
            for (Op b : Op.values()) {
                if (a.ordinal() >= b.ordinal() || a.compressed() || b.compressed()) {
                    continue;
                }
                int common = a.mask & b.mask;
                if ((a.match & common) == (b.match & common)) {
                    assertTrue(OVERLAPS.contains(a + "/" + b), a + " overlaps " + b);
                    unused.remove(a + "/" + b);
                }
            }
        }
        assertTrue(unused.isEmpty(), "listed overlaps that do not exist: " + unused);
    }

    @Test
    void everyHalfwordHasAtMostOneMeaning() {
        int legal = 0;
        List<Op> compressed = Stream.of(Op.values()).filter(Op::compressed).toList();
        for (int word = 0; word < 0x10000; word++) {
            if (!Decoder.isCompressed(word)) {
                continue;
            }
            Op found = null;
            for (Op op : compressed) {
                if (op.matches(word)) {
                    assertNull(found, "two rows match");
                    found = op;
                }
            }
            assertSame(found, ALL.find(word));
            long slot = ALL.decode(word);
            assertEquals(1, Slot.halfwords(slot));
            assertEquals(found == null ? OpIndex.ILLEGAL : found.index(), Slot.op(slot));
            if (found != null) {
                legal++;
                String text = Disassembler.disassemble(word);
                assertEquals(word, Assembler.assemble(text), text);
            }
        }
        assertEquals(Op.Kind.SYSTEM, Op.C_EBREAK.kind);
        assertTrue(legal > 40_000, legal + " halfwords decode");
        assertEquals(OpIndex.ILLEGAL, Slot.op(ALL.decode(0)), "all zeros is illegal by definition");
    }

    @Test
    void assemblingTheDisassemblyGivesTheWordBack() {
        Seed seed = new Seed(1).child("isa/roundtrip");
        for (Op op : Op.values()) {
            for (int i = 0; i < 300; i++) {
                int word = op.sample((int) seed.draw(op.ordinal() * 1000L + i));
                assertTrue(op.matches(word), op + " does not match its sample " + Integer.toHexString(word));
                Op found = ALL.find(word);
                String text = Disassembler.disassemble(word);
                int back = Assembler.assemble(text);
                int kept = op == Op.FENCE ? ~0xF000_0000 : -1; // fm has no syntax of its own
                assertEquals(Integer.toHexString(word & kept), Integer.toHexString(back & kept), op + ": " + text);
                assertTrue(found == op || op == Op.FENCE, op + " decodes as " + found);
            }
        }
    }

    @Test
    void compressedFormsExecuteWhatTheyStandFor() {
        assertEquals(slotOf("lw a0, 68(a5)"), slotOf("c.lw a0, 68(a5)"));
        assertEquals(slotOf("addi sp, sp, -64"), slotOf("c.addi16sp sp, -64"));
        assertEquals(slotOf("addi a2, sp, 1020"), slotOf("c.addi4spn a2, sp, 1020"));
        assertEquals(slotOf("jalr ra, 0(t1)"), slotOf("c.jalr t1"));
        assertEquals(slotOf("jal zero, .-1998"), slotOf("c.j .-1998"));
        assertEquals(slotOf("bne s1, zero, .+200"), slotOf("c.bnez s1, .+200"));
        assertEquals(slotOf("lui t0, 0xfffe1"), slotOf("c.lui t0, 0xfffe1"));
        assertEquals(slotOf("fsd fs0, 504(sp)"), slotOf("c.fsdsp fs0, 504(sp)"));
        assertEquals(slotOf("sub s0, s0, a5"), slotOf("c.sub s0, a5"));
        assertEquals(slotOf("add t6, zero, ra"), slotOf("c.mv t6, ra"));
    }

    @Test
    void formsOfZcbAndMaybeOperationsAreThoseOfTheManual() {
        // unpriv Zcb: word, form, what it stands for
        Object[][] rows = {{0x8120, "c.lbu s0, 2(a0)", "lbu s0, 2(a0)"}, {0x8520, "c.lhu s0, 2(a0)", "lhu s0, 2(a0)"},
            {0x8540, "c.lh s0, 0(a0)", "lh s0, 0(a0)"}, {0x8940, "c.sb s0, 1(a0)", "sb s0, 1(a0)"},
            {0x8D20, "c.sh s0, 2(a0)", "sh s0, 2(a0)"}, {0x9C61, "c.zext.b s0", "andi s0, s0, 255"},
            {0x9C65, "c.sext.b s0", "sext.b s0, s0"}, {0x9C69, "c.zext.h s0", "zext.h s0, s0"},
            {0x9C6D, "c.sext.h s0", "sext.h s0, s0"}, {0x9C71, "c.zext.w s0", "add.uw s0, s0, zero"},
            {0x9C75, "c.not s0", "xori s0, s0, -1"}, {0x9C49, "c.mul s0, a0", "mul s0, s0, a0"},
            {0x6081, "c.mop 0", "add zero, zero, zero"}, {0x81C5_C573, "mop.r a0, a1, 0", "add a0, zero, zero"},
            {0x82C5_C573, "mop.rr a0, a1, a2, 0", "add a0, zero, zero"}};
        for (Object[] row : rows) {
            assertEquals(Integer.toHexString((int) row[0]), Integer.toHexString(Assembler.assemble((String) row[1])));
            assertEquals(slotOf((String) row[2]), slotOf((String) row[1]) & ~0xFFFF_FFFF_0000_0000L
                    | slotOf((String) row[2]) & 0xFFFF_FFFF_0000_0000L, (String) row[1]);
        }
        assertEquals(255, Slot.immediate(ALL.decode(0x9C61)));
        assertEquals(-1, Slot.immediate(ALL.decode(0x9C75)));
        assertEquals(2, Slot.immediate(ALL.decode(0x8120)));
        assertEquals(Slot.SINK, Slot.rd(ALL.decode(0x6081)), "C.MOP writes nothing");
    }

    /** The slot with its length blanked. */
    private static long slotOf(String text) {
        return ALL.decode(Assembler.assemble(text)) & ~(3L << 28);
    }

    @Test
    void slotsHoldTheOperands() {
        long slot = ALL.decode(Assembler.assemble("fmadd.d ft1, ft2, ft3, ft11, rup"));
        assertEquals(1, Slot.rd(slot));
        assertEquals(2, Slot.rs1(slot));
        assertEquals(3, Slot.rs2(slot));
        assertEquals(31, Slot.rs3(slot));
        assertEquals(3, Slot.rm(slot));
        slot = ALL.decode(Assembler.assemble("csrrwi zero, fcsr, 21"));
        assertEquals(Slot.SINK, Slot.rd(slot));
        assertEquals(21, Slot.rs1(slot));
        assertEquals(3, Slot.immediate(slot));
        slot = ALL.decode(Assembler.assemble("fadd.d ft0, ft1, ft2"));
        assertEquals(0, Slot.rd(slot), "f0 is a real register");
        assertEquals(-4096, Slot.immediate(ALL.decode(Assembler.assemble("beq a0, a1, .-4096"))));
        assertEquals(OpIndex.BEQ, Slot.op(ALL.decode(Assembler.assemble("beq a0, a1, .-4096"))));
    }

    @Test
    void wrongTextIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Assembler.assemble("addi a0, a0, 2048"));
        assertThrows(IllegalArgumentException.class, () -> Assembler.assemble("addi a0, a0"));
        assertThrows(IllegalArgumentException.class, () -> Assembler.assemble("addx a0, a0, 1"));
        assertThrows(IllegalArgumentException.class, () -> Assembler.assemble("c.lw a0, 4(t0)"));
        assertThrows(IllegalArgumentException.class, () -> Assembler.assemble("beq a0, a1, .+3"));
        assertThrows(IllegalArgumentException.class, () -> Assembler.assemble("c.addi16sp sp, 0"));
    }

    @Test
    void extensionsThatAreOffAreIllegal() {
        Decoder base = new Decoder(EnumSet.of(Extension.I, Extension.C));
        assertSame(Op.ADD, base.find(Assembler.assemble("add a0, a1, a2")));
        assertNull(base.find(Assembler.assemble("mul a0, a1, a2")));
        assertSame(Op.C_LW, base.find(Assembler.assemble("c.lw a0, 0(a1)")));
        assertNull(base.find(Assembler.assemble("c.fld fa0, 0(a1)")), "c.fld needs D");
    }

    @Test
    void everyRowIsComplete() {
        for (Op op : Op.values()) {
            assertFalse(op.section.isEmpty(), op + " cites nothing");
            assertSame(op, Assembler.op(op.mnemonic));
        }
    }
}
