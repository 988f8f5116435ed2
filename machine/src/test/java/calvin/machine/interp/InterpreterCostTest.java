package calvin.machine.interp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.machine.exec.Doubles;
import calvin.machine.hart.Hart;
import calvin.machine.isa.Decoder;
import calvin.machine.isa.Extension;
import calvin.machine.isa.Op;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What the engine must not cost: garbage, and methods too long for HotSpot to compile. */
class InterpreterCostTest {
    private static final int HUGE_METHOD_BYTES = 8000;

    private final FlatBus bus = new FlatBus(RandomProgram.BASE, 0x4_0000);
    private final Interpreter engine = engine(bus);

    /** The engine under test; the translator's test makes another one. */
    Interpreter engine(FlatBus on) {
        return new Interpreter(on, new CodeCache(), EnumSet.allOf(Extension.class));
    }

    @Test
    void methodsStayBelowTheHugeMethodLimit() throws IOException {
        for (Class<?> type : List.of(Interpreter.class, ColdOps.class, FpOps.class, RareAlu.class, Doubles.class,
                Decoder.class)) {
            try (var bytes = type.getResourceAsStream(type.getSimpleName() + ".class")) {
                ClassFile.of().parse(bytes.readAllBytes()).methods().forEach(method -> method.code().ifPresent(code -> {
                    int length = ((CodeAttribute) code).codeLength();
                    assertTrue(length < HUGE_METHOD_BYTES, type + "." + method.methodName() + " has " + length);
                }));
            }
        }
    }

    /** Random instructions of all kinds, soft floating point and TLB misses among them, over and over. */
    @Test
    void executingAllocatesNothing() {
        bus.watch(engine);
        List<Integer> code = new ArrayList<>(new RandomProgram(42).words);
        byte[] record = new RandomProgram(42).record(code);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Hart hart = new Hart(0, 1000);
        run(record, hart, 200);
        long instructions = 0;
        long allocated = Long.MAX_VALUE;
        for (int round = 0; round < 10; round++) { // the least counts: what linking and compiling leave is not ours
            long start = hart.instret;
            long before = threads.getCurrentThreadAllocatedBytes();
            run(null, hart, 200);
            allocated = Math.min(allocated, threads.getCurrentThreadAllocatedBytes() - before);
            instructions = hart.instret - start;
        }
        assertTrue(instructions > 50_000, "too few instructions to tell: " + instructions);
        assertEquals(0, allocated, "bytes in " + instructions + " instructions");
    }

    private void run(byte[] record, Hart hart, int times) {
        if (record != null) {
            RandomProgram.load(record, bus, hart);
        }
        for (int i = 0; i < times; i++) {
            hart.pc = RandomProgram.CODE;
            hart.trapCause = -1;
            // Begun again with the registers of the last time, it may count a loop down from anything.
            hart.deadline = hart.cycle + 5_000;
            hart.tlbReadTag[(int) (RandomProgram.DATA >>> 12) & Hart.TLB_ENTRIES - 1] = Hart.TLB_EMPTY;
            engine.run(hart);
        }
    }

    /** A bucket per opcode and function keeps decoding flat: rows that share a bucket are few. */
    @Test
    void decodingAllocatesNothing() {
        Decoder decoder = new Decoder(EnumSet.allOf(Extension.class));
        SplittableRandom random = new SplittableRandom(1);
        int[] words = new int[4096];
        for (int i = 0; i < words.length; i++) {
            words[i] = Op.at(random.nextInt(Op.count())).sample(random.nextInt());
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long sum = 0;
        long allocated = Long.MAX_VALUE;
        for (int round = 0; round < 20; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int word : words) {
                sum += decoder.decode(word);
            }
            allocated = Math.min(allocated, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertEquals(0, allocated, "bytes for " + words.length + " words, sum " + sum);
    }
}
