package calvin.machine.interp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import calvin.machine.hart.Hart;
import calvin.machine.isa.Decoder;
import calvin.machine.isa.Extension;
import calvin.machine.isa.Op;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every floating-point computation, in all rounding modes, against user-mode QEMU (Berkeley SoftFloat's descendant):
 * results and flags bit for bit. {@code -Dcalvin.vectors=N} sets vectors per instruction and mode (default 6000),
 * {@code -Dcalvin.seed=N} the seed.
 */
class FloatQemuTest {
    private static final int VECTORS = Integer.getInteger("calvin.vectors", 6000);
    private static final long SEED = Long.getLong("calvin.seed", 1);
    private static final long BOX = 0xFFFF_FFFFL << 32;

    @TempDir
    Path directory;

    private static List<Op> ops() {
        List<Op> ops = new ArrayList<>();
        for (Op op : Op.values()) {
            // QEMU 7.2 has no Zfa.
            if (!op.compressed() && FpOps.knows(op.index()) && op.extension != Extension.ZFA) {
                ops.add(op);
            }
        }
        return ops;
    }

    @Test
    void everyResultAndFlagIsThatOfQemu() throws IOException, InterruptedException {
        CrossTools.assumeInstalled();
        List<Op> ops = ops();
        Path program = CrossTools.assembleProgram(directory, "float", QemuFloatProgram.source(ops));
        Map<String, Integer> families = new TreeMap<>();
        int total = 0;
        for (int i = 0; i < ops.size(); i++) {
            ByteBuffer vectors = vectors(ops.get(i), i);
            Path input = Files.write(directory.resolve("in"), vectors.array());
            Path output = directory.resolve("out");
            CrossTools.run(input, output, CrossTools.QEMU, "-cpu", "rv64,Zfhmin=true",
                    program.toString());
            int count = vectors.capacity() / 32;
            compare(ops.get(i), vectors, ByteBuffer.wrap(Files.readAllBytes(output)).order(ByteOrder.LITTLE_ENDIAN));
            families.merge(ops.get(i).mnemonic.replaceAll("\\..*", ""), count, Integer::sum);
            total += count;
        }
        System.out.println("FloatQemuTest: seed " + SEED + ", " + total + " vectors: " + families);
    }

    private static ByteBuffer vectors(Op op, int index) {
        boolean single = op.mnemonic.endsWith(".s") || op == Op.FMV_W_X || op == Op.FMV_X_W;
        FloatVectors source = single
                ? FloatVectors.singles(SEED * 1000 + index)
                : FloatVectors.doubles(SEED * 1000 + index);
        if (op == Op.FCVT_S_D) {
            source = FloatVectors.doubles(SEED * 1000 + index);
        } else if (op == Op.FCVT_D_S) {
            source = FloatVectors.singles(SEED * 1000 + index);
            single = true;
        }
        boolean half = op == Op.FCVT_S_H || op == Op.FCVT_D_H || op == Op.FMV_X_H;
        if (half) {
            source = FloatVectors.halves(SEED * 1000 + index);
        }
        boolean rounds = op.syntax.contains("rm");
        int count = VECTORS * (rounds ? 5 : 1);
        ByteBuffer vectors = ByteBuffer.allocate(32 * count).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            boolean integer = op.syntax.contains("rs1") && !op.syntax.contains("fs1");
            long a = integer ? source.integer() : source.next();
            long b = source.below(2) == 0 ? source.next() : source.near(a);
            long c = source.below(2) == 0 ? source.next() : source.nearProduct(a, b);
            long box = source.below(64) == 0 ? 0 : half ? BOX | 0xFFFF_0000L : single ? BOX : 0;
            vectors.putLong(index | (long) (rounds ? i % 5 : 0) << 16);
            vectors.putLong(integer ? a : a | box).putLong(b | box).putLong(c | (single ? BOX : 0));
        }
        return vectors.flip();
    }

    private static void compare(Op op, ByteBuffer vectors, ByteBuffer answers) {
        assertEquals(vectors.capacity() / 2, answers.capacity(), op + ": answers missing");
        int word = op.match | 1 << 15 | 2 << 20;
        if (op.syntax.contains("fs3")) {
            word |= 3 << 27;
        }
        if (!op.syntax.contains("s2")) {
            word = op.match | 1 << 15;
        }
        if (op.syntax.contains("rm")) {
            word |= 7 << 12;
        }
        if (!op.syntax.startsWith("fd")) {
            word |= 5 << 7;
        }
        long slot = new Decoder(EnumSet.allOf(Extension.class)).decode(word);
        Hart hart = new Hart(0, 1000);
        FpOps fp = new FpOps();
        for (int i = 0; i < answers.capacity() / 16; i++) {
            hart.x[1] = hart.f[1] = vectors.getLong(i * 32 + 8);
            hart.f[2] = vectors.getLong(i * 32 + 16);
            hart.f[3] = vectors.getLong(i * 32 + 24);
            hart.fcsr = (int) (vectors.getLong(i * 32) >>> 16) << 5;
            int rm = hart.fcsr >>> 5;
            fp.execute(hart, slot);
            long result = op.syntax.startsWith("fd") ? hart.f[0] : hart.x[5];
            if (result != answers.getLong(i * 16) || (hart.fcsr & 31) != answers.getLong(i * 16 + 8)) {
                fail(String.format("%s rm=%d a=%016x b=%016x c=%016x: %016x flags %02x, QEMU %016x %02x (seed %d)",
                        op.mnemonic, rm, hart.f[1], hart.f[2], hart.f[3], result, hart.fcsr & 31,
                        answers.getLong(i * 16), answers.getLong(i * 16 + 8), SEED));
            }
        }
    }
}
