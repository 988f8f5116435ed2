package calvin.machine.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import calvin.machine.board.AddressMap;
import calvin.machine.embed.Emulation;
import calvin.machine.embed.Until;
import calvin.machine.hart.Hart;
import calvin.machine.hart.HartIsa;
import calvin.machine.isa.Csr;
import calvin.machine.isa.Decoder;
import calvin.machine.isa.Disassembler;
import calvin.machine.isa.Op;
import calvin.sim.time.SimTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Guests of noise: random instructions, page tables, CSRs and registers, in every mode, on a machine with all devices
 * of a board. Whatever a guest does, it gets what the architecture says and never a Java exception; and the same
 * twice, on every engine. A program that fails is reduced before it is shown.
 *
 * <p>{@code -Dcalvin.fuzz=N} sets the number of machines (default 120, some 40,000 instructions each),
 * {@code -Dcalvin.seed=N} the first seed.
 */
class RobustnessFuzzTest {
    private static final int MACHINES = Integer.getInteger("calvin.fuzz", 120);
    private static final long SEED = Long.getLong("calvin.seed", 1);
    private static final long RUN_PS = 20 * SimTime.PS_PER_US;
    private static final int WORDS = 2048;
    private static final int[] MODES = {Hart.MODE_M, Hart.MODE_S, Hart.MODE_U, Hart.MODE_V + Hart.MODE_S,
        Hart.MODE_V + Hart.MODE_U};
    private static final Decoder DECODER = new Decoder(HartIsa.EXTENSIONS);

    @Test
    void noGuestMakesTheMachineThrow() {
        long instructions = 0;
        for (long seed = SEED * 1_000_000; seed < SEED * 1_000_000 + MACHINES; seed++) {
            int[] code = code(seed);
            String hash = null;
            for (TestEngines engine : TestEngines.values()) {
                try (Emulation e = machine(seed, code, engine)) {
                    e.runUntil(Until.timePs(RUN_PS));
                    instructions += e.instructions();
                    hash = hash == null ? e.stateHash() : hash;
                    assertEquals(hash, e.stateHash(), "seed " + seed + " ends otherwise on " + engine);
                } catch (RuntimeException | Error thrown) {
                    reduce(seed, code, engine, thrown);
                }
            }
        }
        System.out.println("RobustnessFuzzTest: seed " + SEED + ", " + MACHINES + " machines, " + instructions
                + " instructions");
    }

    /** Mostly valid encodings, most of which do not leave the page. */
    private static int[] code(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] code = new int[WORDS];
        for (int i = 0; i < WORDS; i++) {
            Op op = Op.at(random.nextInt(Op.count()));
            int word = op.sample(random.nextInt());
            boolean again = op.kind == Op.Kind.JUMP || op.kind == Op.Kind.BRANCH;
            code[i] = switch (random.nextInt(12)) {
                case 0 -> random.nextInt();
                case 1 -> Op.CSRRW.sample(random.nextInt()) & ~(0xFFF << 20) | csr(random) << 20;
                case 2 -> Op.LD.sample(random.nextInt());
                case 3 -> Op.SD.sample(random.nextInt());
                default -> again && random.nextInt(3) > 0 ? 0x13 : op.compressed() ? word & 0xFFFF | 1 << 16 : word;
            };
        }
        return code;
    }

    private static int csr(SplittableRandom random) {
        Csr[] all = Csr.values();
        Csr csr = all[random.nextInt(all.length)];
        return csr.number + random.nextInt(csr.count) * csr.stride;
    }

    private static Emulation machine(long seed, int[] code, TestEngines engine) {
        SplittableRandom random = new SplittableRandom(~seed);
        Emulation e = Emulation.virt().harts(1 + random.nextInt(3) / 2).memoryBytes(4 << 20).engine(engine.factory)
                .limitPs(10 * RUN_PS).empty();
        long base = AddressMap.RAM;
        for (int i = 0; i < WORDS; i++) {
            e.memory().u32(base + 4L * i, code[i] & 0xFFFF_FFFFL);
        }
        // Tables behind the code: pointers among themselves, leaves to the code, and noise.
        for (int i = 0; i < 16 * 512; i++) {
            long table = base + (8L + random.nextInt(16) << 12) >>> 2;
            long leaf = base + (random.nextInt(8) == 0 ? random.nextInt(1 << 10) << 12 : 0) >>> 2;
            long pte = switch (random.nextInt(8)) {
                case 0 -> random.nextLong();
                case 1, 2, 3 -> table | 1;
                default -> leaf | 0xCF | (random.nextInt(2) << 4) & random.nextInt();
            };
            e.memory().u64(base + 0x8000 + 8L * i, pte);
        }
        for (int hart = 0; hart < e.machine().board().harts(); hart++) {
            start(e, hart, random);
        }
        return e;
    }

    private static void start(Emulation e, int hart, SplittableRandom random) {
        long base = AddressMap.RAM;
        e.machine().startHart(hart, base + 4L * random.nextInt(WORDS), MODES[random.nextInt(MODES.length)], 0, 0);
        for (Csr csr : Csr.values()) {
            boolean writable = csr.count == 1 && !Csr.readOnly(csr.number);
            if (writable && random.nextInt(3) == 0 && HartIsa.EXTENSIONS.contains(csr.extension)) {
                e.machine().hart(hart).setCsr(csr, random.nextInt(3) == 0 ? random.nextLong() : random.nextInt(0x100));
            }
        }
        for (Csr vector : new Csr[]{Csr.MTVEC, Csr.STVEC, Csr.VSTVEC, Csr.MEPC, Csr.SEPC, Csr.VSEPC}) {
            e.machine().hart(hart).setCsr(vector, base + 4L * random.nextInt(WORDS));
        }
        for (Csr translation : new Csr[]{Csr.SATP, Csr.VSATP, Csr.HGATP}) {
            long mode = random.nextInt(2) * (8L + random.nextInt(3));
            e.machine().hart(hart).setCsr(translation, mode << 60 | (base >>> 12) + 8 + 4 * random.nextInt(3));
        }
        e.setRegister(hart, "mstatus", e.register(hart, "mstatus") | 0x6000);
        long[] devices = {AddressMap.UART, AddressMap.CLINT, 0xC00_0000L, 0x1000_1000L, 0x3000_0000L};
        for (int i = 1; i < 32; i++) {
            e.setRegister(hart, "x" + i, switch (random.nextInt(6)) {
                case 0 -> random.nextLong();
                case 1 -> devices[random.nextInt(devices.length)] + random.nextInt(0x4000);
                case 2 -> random.nextInt(64);
                default -> base + random.nextInt(0x20000);
            });
        }
    }

    /** Turns words into nops, ever smaller groups of them, while the same kind of failure stays. */
    private static void reduce(long seed, int[] code, TestEngines engine, Throwable thrown) {
        if (thrown instanceof AssertionError) {
            throw (AssertionError) thrown;
        }
        int[] small = code.clone();
        for (int group = WORDS / 2; group > 0; group /= 2) {
            for (int at = 0; at < WORDS; at += group) {
                int[] less = small.clone();
                Arrays.fill(less, at, Math.min(WORDS, at + group), 0x13);
                try (Emulation e = machine(seed, less, engine)) {
                    e.runUntil(Until.timePs(RUN_PS));
                } catch (RuntimeException | Error still) {
                    small = still.getClass() == thrown.getClass() ? less : small;
                }
            }
        }
        List<String> listing = new ArrayList<>();
        for (int i = 0; i < WORDS; i++) {
            if (small[i] != 0x13) {
                listing.add(Long.toHexString(AddressMap.RAM + 4L * i) + ": " + Disassembler.disassemble(small[i]));
            }
        }
        fail("seed " + seed + " on " + engine + ": " + thrown + "\n" + String.join("\n", listing), thrown);
    }

    /** Every 16-bit word, and random 32-bit ones: decoding finds what an independent reading of the manual finds. */
    @Test
    void legalityIsThatOfAnIndependentReading() {
        for (int word = 0; word < 0x10000; word++) {
            if ((word & 3) != 3) {
                assertEquals(IsaLegality.compressed(word), DECODER.find(word) != null, Integer.toHexString(word));
            }
        }
        SplittableRandom random = new SplittableRandom(SEED);
        int words = Integer.getInteger("calvin.words", 10_000_000);
        long legal = 0;
        for (int i = 0; i < words; i++) {
            int word = random.nextInt() | 3;
            // Half of them are near valid ones.
            if ((i & 1) == 0) {
                Op op = Op.at(random.nextInt(Op.count()));
                word = op.compressed() ? word : op.sample(word) ^ 1 << 2 + random.nextInt(30);
            }
            boolean found = DECODER.find(word) != null;
            legal += found ? 1 : 0;
            if (found != IsaLegality.wide(word)) {
                fail(String.format("%08x is %s: %s", word, found ? "decoded" : "not decoded",
                        Disassembler.disassemble(word)));
            }
        }
        System.out.println("RobustnessFuzzTest: " + words + " words, " + legal + " of them legal");
    }
}
