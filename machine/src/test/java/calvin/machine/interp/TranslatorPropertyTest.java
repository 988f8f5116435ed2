package calvin.machine.interp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.machine.hart.Hart;
import calvin.machine.isa.Decoder;
import calvin.machine.isa.Extension;
import calvin.machine.jit.MachinePromoter;
import calvin.machine.jit.RegionCache;
import calvin.machine.jit.Tuning;
import java.lang.foreign.ValueLayout;
import java.util.EnumSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Random programs on the interpreter and on the translator, which translates all it can: every register, count, trap
 * and byte of memory must agree at every cut, wherever the cuts are.
 */
class TranslatorPropertyTest {
    private static final Decoder DECODER = new Decoder(EnumSet.allOf(Extension.class));
    /** Of a round: begun again with the registers of the last one, a program may count a loop down from anything. */
    private static final long CYCLES = 20_000;

    private final RegionCache regions = new RegionCache(DECODER, Tuning.EAGER);

    /** One engine with its own memory and hart. */
    private final class Side {
        final FlatBus bus = new FlatBus(RandomProgram.BASE, 0x4_0000);
        final Hart hart = new Hart(0, 1000);
        final Interpreter engine;

        Side(boolean translates, byte[] record) {
            engine = translates
                    ? new Interpreter(bus, new CodeCache(), DECODER, new MachinePromoter(regions, bus))
                    : new Interpreter(bus, new CodeCache(), DECODER);
            bus.watch(engine);
            RandomProgram.load(record, bus, hart);
        }

        void run(long deadline) {
            hart.deadline = deadline;
            engine.run(hart);
        }
    }

    @Test
    void bothEnginesAgreeOnRandomProgramsHoweverTheyAreCut() {
        for (long seed = 1; seed <= 6; seed++) {
            RandomProgram program = new RandomProgram(seed);
            byte[] record = program.record(program.words);
            Side plain = new Side(false, record);
            Side translated = new Side(true, record);
            SplittableRandom random = new SplittableRandom(seed);
            for (int round = 0; round < 40; round++) {
                restart(plain);
                restart(translated);
                long enough = plain.hart.cycle + CYCLES;
                while (plain.hart.trapCause < 0 && plain.hart.cycle < enough) {
                    long cut = plain.hart.cycle + 1 + random.nextInt(round < 20 ? 2000 : 40);
                    plain.run(cut);
                    translated.run(cut);
                    compare(plain, translated, seed, round);
                }
            }
        }
        assertTrue(regions.made() > 10, "regions were made: " + regions.made());
    }

    private static void restart(Side side) {
        side.hart.pc = RandomProgram.CODE;
        side.hart.x[4] = RandomProgram.CODE;
        side.hart.trapCause = -1;
    }

    private static void compare(Side plain, Side translated, long seed, int round) {
        String where = "seed " + seed + ", round " + round + ", pc " + Long.toHexString(plain.hart.pc);
        assertEquals(plain.hart.pc, translated.hart.pc, where);
        for (int i = 0; i < 32; i++) {
            assertEquals(plain.hart.x[i], translated.hart.x[i], where + " x" + i);
            assertEquals(plain.hart.f[i], translated.hart.f[i], where + " f" + i);
        }
        assertEquals(plain.hart.cycle, translated.hart.cycle, where);
        assertEquals(plain.hart.instret, translated.hart.instret, where);
        assertEquals(plain.hart.fcsr, translated.hart.fcsr, where);
        assertEquals(plain.hart.reservationPa, translated.hart.reservationPa, where);
        assertEquals(plain.hart.trapCause, translated.hart.trapCause, where);
        assertEquals(plain.hart.trapValue, translated.hart.trapValue, where);
        assertArrayEquals(plain.bus.ram.asSlice(RandomProgram.DATA - RandomProgram.BASE, 0x1000)
                .toArray(ValueLayout.JAVA_BYTE),
                translated.bus.ram.asSlice(RandomProgram.DATA - RandomProgram.BASE, 0x1000)
                        .toArray(ValueLayout.JAVA_BYTE),
                where);
    }
}
