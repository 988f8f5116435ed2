package calvin.machine.interp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import calvin.machine.hart.Hart;
import calvin.machine.isa.Cause;
import calvin.machine.isa.Extension;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random programs against user-mode QEMU: final registers, fcsr and memory must agree. And against themselves, run in
 * slices of a few cycles: every count must agree too. {@code -Dcalvin.programs=N} sets their number (default 800, some
 * 11 million instructions), {@code -Dcalvin.seed=N} the first seed. A failing program is reduced before it is shown.
 */
class ProgramQemuTest {
    private static final int PROGRAMS = Integer.getInteger("calvin.programs", 800);
    private static final long SEED = Long.getLong("calvin.seed", 1);
    private static final int ANSWER_BYTES = RandomProgram.DATA_BYTES + RandomProgram.SAVE_BYTES;
    private static final int LIMIT = 10_000_000;

    @TempDir
    Path directory;

    /** One machine for all programs, as the decoded pages must follow the changing code. */
    private final FlatBus bus = new FlatBus(RandomProgram.BASE, 0x4_0000);
    private final Interpreter engine = new Interpreter(bus, new CodeCache(), EnumSet.allOf(Extension.class));

    @Test
    void finalStateIsThatOfQemu() throws IOException, InterruptedException {
        CrossTools.assumeInstalled();
        bus.watch(engine);
        Path runner = CrossTools.assembleProgram(directory, "runner", QemuProgramRunner.source());
        long instructions = 0;
        for (int first = 0; first < PROGRAMS; first += 200) {
            int count = Math.min(200, PROGRAMS - first);
            List<RandomProgram> programs = new ArrayList<>();
            ByteBuffer input = ByteBuffer.allocate(count * RandomProgram.RECORD_BYTES);
            for (int i = 0; i < count; i++) {
                RandomProgram program = new RandomProgram(SEED * 1_000_000 + first + i);
                programs.add(program);
                input.put(program.record(program.words));
            }
            ByteBuffer answers = qemu(runner, input.array());
            for (int i = 0; i < answers.capacity() / ANSWER_BYTES; i++) {
                byte[] expected = Arrays.copyOfRange(answers.array(), i * ANSWER_BYTES, (i + 1) * ANSWER_BYTES);
                RandomProgram program = programs.get(i);
                byte[] record = program.record(program.words);
                Hart hart = new Hart(0, 1000);
                byte[] actual = interpret(record, hart, LIMIT, null);
                instructions += hart.instret;
                checkSlices(record, hart, actual, SEED + first + i);
                if (difference(expected, actual) != null) {
                    reduce(runner, program, SEED * 1_000_000 + first + i);
                }
            }
            assertEquals(count * ANSWER_BYTES, answers.capacity(), "QEMU stopped early in the programs from " + first);
        }
        System.out.println("ProgramQemuTest: seed " + SEED + ", " + PROGRAMS + " programs, " + instructions
                + " instructions agree with QEMU");
    }

    private ByteBuffer qemu(Path runner, byte[] input) throws IOException, InterruptedException {
        Path in = Files.write(directory.resolve("in"), input);
        Path out = directory.resolve("out");
        CrossTools.run(in, out, CrossTools.QEMU, runner.toString());
        return ByteBuffer.wrap(Files.readAllBytes(out)).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Runs a record for at most {@code limit} cycles, in random slices if {@code slices} is given. */
    private byte[] interpret(byte[] record, Hart hart, long limit, SplittableRandom slices) {
        engine.allCodeChanged();
        RandomProgram.load(record, bus, hart);
        while (hart.trapCause < 0 && hart.cycle < limit) {
            hart.deadline = slices == null ? limit : hart.cycle + 1 + slices.nextInt(3);
            engine.run(hart);
        }
        ByteBuffer out = ByteBuffer.allocate(ANSWER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        MemorySegment.copy(bus.ram, ValueLayout.JAVA_BYTE, RandomProgram.DATA - RandomProgram.BASE, out.array(), 0,
                RandomProgram.DATA_BYTES);
        for (int i = 1; i < 32; i++) {
            out.putLong(RandomProgram.DATA_BYTES + 8 * i, hart.x[i]);
        }
        for (int i = 0; i < 32; i++) {
            out.putLong(RandomProgram.DATA_BYTES + 256 + 8 * i, hart.f[i]);
        }
        out.putLong(RandomProgram.DATA_BYTES + 512, hart.fcsr);
        return out.array();
    }

    private void checkSlices(byte[] record, Hart whole, byte[] expected, long seed) {
        Hart sliced = new Hart(0, 1000);
        byte[] actual = interpret(record, sliced, LIMIT, new SplittableRandom(seed));
        assertArrayEquals(expected, actual, "slices change the result");
        assertEquals(whole.cycle, sliced.cycle);
        assertEquals(whole.instret, sliced.instret);
        assertEquals(whole.pc, sliced.pc);
        assertEquals(Cause.ECALL_FROM_M.code, whole.trapCause, () -> "trap at " + Long.toHexString(whole.pc));
    }

    /** The first difference, or null. gp and tp are the harness's own. */
    private static String difference(byte[] expected, byte[] actual) {
        ByteBuffer e = ByteBuffer.wrap(expected).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer a = ByteBuffer.wrap(actual).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at < ANSWER_BYTES; at += 8) {
            int slot = (at - RandomProgram.DATA_BYTES) / 8;
            boolean compared = at < RandomProgram.DATA_BYTES || slot > 0 && slot <= 64 && slot != 3 && slot != 4;
            if (compared && e.getLong(at) != a.getLong(at)) {
                String where = at < RandomProgram.DATA_BYTES
                        ? String.format("data+0x%x", at)
                        : slot < 32 ? "x" + slot : slot < 64 ? "f" + (slot - 32) : "fcsr";
                return String.format("%s is %016x, QEMU has %016x", where, a.getLong(at), e.getLong(at));
            }
        }
        return null;
    }

    private String tryOn(Path runner, RandomProgram program, List<Integer> code)
            throws IOException, InterruptedException {
        byte[] record = program.record(code);
        Hart hart = new Hart(0, 1000);
        byte[] actual = interpret(record, hart, LIMIT, null);
        if (hart.trapCause != Cause.ECALL_FROM_M.code) {
            return null; // a reduction that breaks the program
        }
        ByteBuffer answer = qemu(runner, record);
        return answer.capacity() == ANSWER_BYTES ? difference(answer.array(), actual) : null;
    }

    /** Turns instructions into nops, ever smaller groups of them, while the program still fails. */
    private void reduce(Path runner, RandomProgram program, long seed) throws IOException, InterruptedException {
        List<Integer> code = new ArrayList<>(program.words);
        String failure = tryOn(runner, program, code);
        for (int group = code.size() / 2; group > 0; group /= 2) {
            for (int at = 0; at < code.size() - RandomProgram.TAIL; at += group) {
                List<Integer> less = new ArrayList<>(code);
                for (int i = at; i < Math.min(at + group, code.size() - RandomProgram.TAIL); i++) {
                    less.set(i, RandomProgram.nopFor(code.get(i)));
                }
                String still = less.equals(code) ? null : tryOn(runner, program, less);
                if (still != null) {
                    code = less;
                    failure = still;
                }
            }
        }
        fail("program of seed " + seed + ": " + failure + "\n" + RandomProgram.listing(code));
    }
}
