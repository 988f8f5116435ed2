package calvin.machine.interp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.machine.hart.Hart;
import calvin.machine.isa.Assembler;
import calvin.machine.isa.Decoder;
import calvin.machine.isa.Extension;
import calvin.machine.isa.Op;
import calvin.machine.jit.MachinePromoter;
import calvin.machine.jit.RegionCache;
import calvin.machine.jit.Tuning;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;

/**
 * The fast forms of floating-point instructions against their semantic methods (STYLE 30): every instruction of F, D
 * and Zfhmin in a loop over vectors of special values, with NX set before and not, in two rounding modes.
 */
class TranslatedFloatPropertyTest {
    private static final long BASE = 0x8000_0000L;
    private static final int VECTORS = 1500;
    private static final long INPUTS = BASE + 0x1_0000;
    private static final long OUTPUTS = BASE + 0x2_0000;
    private static final Decoder DECODER = new Decoder(EnumSet.allOf(Extension.class));

    private final RegionCache regions = new RegionCache(DECODER, Tuning.EAGER);

    @Test
    void everyInstructionGivesTheSameResultsAndFlags() {
        int tested = 0;
        for (Op op : Op.values()) {
            boolean computes = op.kind == Op.Kind.FP || op.kind == Op.Kind.FPDIV || op.kind == Op.Kind.FMA;
            if (!op.compressed() && computes && DECODER.find(op.sample(0)) == op) {
                for (int fcsr : new int[]{0, 1, 1 | 2 << 5}) {
                    compare(op, fcsr);
                }
                tested++;
            }
        }
        assertTrue(tested > 60, "instructions: " + tested);
        assertTrue(regions.made() >= tested, "regions: " + regions.made());
    }

    private void compare(Op op, int fcsr) {
        FlatBus plain = new FlatBus(BASE, 0x4_0000);
        FlatBus translated = new FlatBus(BASE, 0x4_0000);
        Hart a = run(op, fcsr, plain, new Interpreter(plain, new CodeCache(), DECODER));
        Hart b = run(op, fcsr, translated, new Interpreter(translated, new CodeCache(), DECODER,
                new MachinePromoter(regions, translated)));
        assertEquals(a.instret, b.instret, op.mnemonic);
        byte[] expected = outputs(plain);
        byte[] actual = outputs(translated);
        ByteBuffer results = ByteBuffer.wrap(expected).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer others = ByteBuffer.wrap(actual).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < VECTORS; i++) {
            assertEquals(Long.toHexString(results.getLong(8 * i)), Long.toHexString(others.getLong(8 * i)),
                    op.mnemonic + ", fcsr " + fcsr + ", vector " + i);
        }
        assertArrayEquals(a.f, b.f);
        assertEquals(a.fcsr, b.fcsr, op.mnemonic + ", fcsr " + fcsr);
    }

    private static byte[] outputs(FlatBus bus) {
        return bus.ram.asSlice(OUTPUTS - BASE, 8 * VECTORS).toArray(ValueLayout.JAVA_BYTE);
    }

    /** Runs {@code op} on each vector; dynamic rounding where it has a mode, but conversions to integers truncate. */
    private Hart run(Op op, int fcsr, FlatBus bus, Interpreter engine) {
        bus.watch(engine);
        boolean single = op.mnemonic.endsWith(".s") || op.mnemonic.contains(".s.");
        FloatVectors singles = FloatVectors.singles(7);
        FloatVectors doubles = FloatVectors.doubles(7);
        ByteBuffer inputs = ByteBuffer.allocate(8 * VECTORS + 64).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < VECTORS; i++) {
            boolean boxed = single && i % 16 != 0;
            inputs.putLong(boxed ? singles.next() | FpOps.BOX : i % 3 == 0 ? doubles.integer() : doubles.next());
        }
        bus.write(INPUTS, inputs.array());
        boolean truncates = op.mnemonic.matches("fcvt\\.[wl]u?\\..*");
        int rm = op.syntax.contains("rm") ? truncates ? 1 : 7 : op.match >>> 12 & 7;
        int word = op.match | rm << 12 | 10 << 15 | 10 << 7; // rd = rs1 = 10
        word |= op.syntax.contains("fs2") ? 11 << 20 : 0;
        word |= op.syntax.contains("fs3") ? 12 << 27 : 0;
        String[] lines = {"fld fa0, 0(s0)", "fld fa1, 8(s0)", "fld fa2, 16(s0)", "ld a0, 0(s0)", null,
            "fmv.x.d a1, fa0", "xor a1, a1, a0", "csrrs a2, fcsr, zero", "slli a2, a2, 48", "xor a1, a1, a2",
            "sd a1, 0(s1)", "addi s0, s0, 8", "addi s1, s1, 8", "addi s2, s2, -1", "bne s2, zero, .-56", "ecall"};
        ByteBuffer code = ByteBuffer.allocate(4 * lines.length).order(ByteOrder.LITTLE_ENDIAN);
        for (String line : lines) {
            code.putInt(line == null ? word : Assembler.assemble(line));
        }
        bus.write(BASE, code.array());
        Hart hart = new Hart(0, 1000);
        hart.pc = BASE;
        hart.x[8] = INPUTS;
        hart.x[9] = OUTPUTS;
        hart.x[18] = VECTORS;
        hart.fcsr = fcsr;
        hart.deadline = Long.MAX_VALUE;
        engine.run(hart);
        return hart;
    }
}
