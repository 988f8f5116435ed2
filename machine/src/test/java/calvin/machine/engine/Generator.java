package calvin.machine.engine;

import calvin.machine.engine.Program.Round;
import calvin.machine.hart.Hart;
import calvin.machine.hart.HartIsa;
import calvin.machine.isa.Assembler;
import calvin.machine.isa.Decoder;
import calvin.machine.isa.Op;
import calvin.machine.isa.Slot;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Makes programs of everything that engines must agree on: integer, compressed, atomic and floating-point instructions
 * in loops, calls and jumps; loads and stores in, across and outside of mapped pages; CSRs; code that changes code;
 * stores to page tables, with fences and without; interrupts between harts; waiting.
 *
 * <p>Registers that only units made for it write: x1 (link), x2, x8 and x9 (data), x4, x21, x22 (loop counters), x18
 * (page tables), x19 (the code, to write), x20 (the CLINT), x24 and x25 (saved links).
 */
final class Generator {
    /** Bytes that all units together may have. */
    static final int CODE_BYTES = Layout.CODE_PAGES * 4096 - 64;
    private static final int RESERVED = 1 << 1 | 1 << 2 | 1 << 4 | 1 << 8 | 1 << 9 | 1 << 18 | 1 << 19 | 1 << 20
            | 1 << 21 | 1 << 22 | 1 << 24 | 1 << 25;
    private static final Decoder DECODER = new Decoder(HartIsa.EXTENSIONS);
    private static final List<Op> ALL = new ArrayList<>();
    private static final List<Op> INTEGER = new ArrayList<>();
    private static final List<Op> FLOAT = new ArrayList<>();
    private static final List<Op> MEMORY = new ArrayList<>();
    private static final List<Op> ATOMIC = new ArrayList<>();
    static {
        for (Op op : Op.values()) {
            if (DECODER.find(op.match) == null && DECODER.find(op.sample(-1)) != op) {
                continue;
            }
            List<Op> list = switch (op.kind) {
                case ALU, MULT, DIVIDE -> INTEGER;
                case FP, FPDIV, FMA -> FLOAT;
                case LOAD, STORE -> MEMORY;
                case ATOMIC -> ATOMIC;
                default -> null;
            };
            if (list != null) {
                list.add(op);
                ALL.add(op);
            }
        }
    }
    private static final String[] CSRS = {"fcsr", "frm", "fflags", "cycle", "time", "instret", "sscratch", "sepc",
        "scause", "sstatus"};

    private final SplittableRandom random;
    private final long seed;
    private final List<int[]> units = new ArrayList<>();
    private final List<Integer> functions = new ArrayList<>();
    private final List<Integer> patchable = new ArrayList<>();
    private final Scribe scribe;
    private int at;

    private Generator(long seed) {
        this.seed = seed;
        random = new SplittableRandom(seed);
        scribe = new Scribe(random);
    }

    static Program program(long seed) {
        return new Generator(seed).make();
    }

    private Program make() {
        int harts = random.nextInt(4) == 0 ? 2 : 1;
        int wanted = 2 + random.nextInt(5);
        for (int i = 0; i < wanted; i++) {
            function(i);
        }
        List<Integer> entries = new ArrayList<>();
        int size = random.nextInt(3) == 0 ? CODE_BYTES : 2000 + random.nextInt(6000);
        while (at < size - 2000) {
            entries.add(at);
            int count = 5 + random.nextInt(40);
            for (int i = 0; i < count && at < size - 1000; i++) {
                unit(2);
            }
            emit("ecall");
        }
        List<Round> rounds = new ArrayList<>();
        int[] modes = {Hart.MODE_M, Hart.MODE_S, Hart.MODE_U, Hart.MODE_V + Hart.MODE_S, Hart.MODE_V + Hart.MODE_U};
        int count = 4 + random.nextInt(12);
        for (int i = 0; i < count; i++) {
            rounds.add(new Round(entries.get(random.nextInt(entries.size())), modes[random.nextInt(5)],
                    random.nextInt(Layout.ROOTS), random.nextInt(20), random.nextInt(), random.nextInt(5) << 5,
                    1 + random.nextInt(300)));
        }
        return new Program(seed, harts, units, rounds, 200);
    }

    private void emit(String... texts) {
        emit(scribe.assemble(texts));
    }

    private void emit(int[] words) {
        units.add(words);
        at += Program.bytes(words);
    }

    /** Called with jal ra; calls those before it. */
    private void function(int depth) {
        functions.add(at);
        String saved = depth == 0 ? "x24" : "x25";
        boolean nested = depth > 0 && random.nextBoolean();
        if (nested) {
            emit("addi " + saved + ", ra, 0");
        }
        int count = 2 + random.nextInt(6);
        for (int i = 0; i < count; i++) {
            if (nested && i == 1) {
                call(functions.getFirst());
            } else {
                unit(0);
            }
        }
        emit(nested ? "jalr zero, 0(" + saved + ")" : random.nextBoolean() ? "c.jr ra" : "jalr zero, 0(ra)");
    }

    private void call(int function) {
        emit("jal ra, .-" + (at - function));
    }

    /** One thing; loops only while {@code depth} is above 0. */
    private void unit(int depth) {
        int kind = random.nextInt(100);
        if (kind >= 80 && depth < 2 && random.nextInt(6) > 0) {
            kind = 30; // what is slow is rare in loops and functions, which run often
        }
        if (kind < 22 && depth > 0) {
            loop(depth);
        } else if (kind < 26 && depth > 0) {
            call(functions.get(random.nextInt(functions.size())));
        } else if (kind < 44) {
            emit(new int[]{instruction(INTEGER)});
        } else if (kind < 50) {
            emit(new int[]{instruction(ALL)});
        } else if (kind < 58) {
            emit(new int[]{instruction(MEMORY)});
        } else if (kind < 64) {
            skip();
        } else if (kind < 68) {
            emit(scribe.computedJump());
        } else if (kind < 74) {
            emit(scribe.access());
        } else if (kind < 78) {
            emit(new int[]{instruction(FLOAT)});
        } else if (kind < 80) {
            emit(scribe.reservation());
        } else if (kind < 86) {
            patch();
        } else if (kind < 90) {
            emit(scribe.tableStore());
        } else if (kind < 93) {
            emit(scribe.csr(CSRS[random.nextInt(CSRS.length)]));
        } else if (kind < 96) {
            emit(scribe.device());
        } else {
            emit(scribe.system());
        }
    }

    /** A branch over a few instructions, compressed or not. */
    private void skip() {
        int[] body = body(INTEGER, 1 + random.nextInt(5));
        emit(scribe.branchOver(Program.bytes(body)));
        emit(body);
    }

    private int[] body(List<Op> ops, int count) {
        int[] words = new int[count];
        for (int i = 0; i < count; i++) {
            words[i] = instruction(random.nextInt(4) == 0 ? MEMORY : ops);
        }
        return words;
    }

    /** Counts down in a register of its depth; the distance of its branch keeps the body below 4 KiB. */
    private void loop(int depth) {
        String counter = depth == 2 ? "x21" : "x22";
        int times = random.nextInt(4) == 0 ? 200 + random.nextInt(1500) : 2 + random.nextInt(60);
        emit("addi " + counter + ", zero, " + times);
        int top = at;
        switch (random.nextInt(5)) {
            case 0 -> emit(body(FLOAT, 1 + random.nextInt(6)));
            case 1 -> emit(scribe.stream());
            case 2 -> emit(body(INTEGER, 1 + random.nextInt(12)));
            default -> {
                int count = 1 + random.nextInt(6);
                for (int i = 0; i < count && at - top < 1500; i++) {
                    unit(depth - 1);
                }
            }
        }
        if (random.nextInt(8) == 0 && !functions.isEmpty()) {
            call(functions.get(random.nextInt(functions.size())));
        }
        emit("addi " + counter + ", " + counter + ", -1");
        if (at - top < 4000) {
            emit("bne " + counter + ", zero, .-" + (at - top));
        }
    }

    /** Makes a place where an instruction changes, or changes one. */
    private void patch() {
        if (patchable.isEmpty() || random.nextInt(3) == 0) {
            int register = 10 + random.nextInt(8);
            if (at % 4 != 0) {
                emit("c.nop 0");
            }
            patchable.add(at);
            emit("addi x" + register + ", x" + register + ", " + (random.nextInt(4000) - 2000));
        } else {
            emit(scribe.patch(patchable.get(random.nextInt(patchable.size()))));
        }
    }

    /** An instruction of a row drawn evenly, which keeps the rules on registers. */
    private int instruction(List<Op> ops) {
        while (true) {
            Op op = ops.get(random.nextInt(ops.size()));
            int word = op.sample(random.nextInt());
            if (op.kind.touchesMemory()) {
                int base = new int[]{2, 8, 8, 8, 9, 9}[random.nextInt(6)];
                if (!op.compressed()) {
                    word = word & ~(31 << 15) | base << 15;
                    if (op.kind != Op.Kind.ATOMIC && random.nextInt(3) > 0) {
                        word &= op.kind == Op.Kind.STORE ? ~(0xFE000000) | 7 << 25 : ~(0xF80 << 20);
                    }
                } else if (op.syntax.contains("rs1'")) {
                    word &= ~(6 << 7); // x8 or x9
                }
            }
            if (acceptable(op, word)) {
                return word;
            }
        }
    }

    private static boolean acceptable(Op op, int word) {
        if (DECODER.find(word) != op) {
            return false;
        }
        long slot = DECODER.decode(word);
        boolean integer = op.expansion.syntax.startsWith("rd");
        int rd = Slot.rd(slot);
        // amocas.q writes a pair
        return !integer || rd == Slot.SINK || (RESERVED >>> rd & 3) == 0;
    }

    /** Whether units may use a register for what they compute. */
    static boolean free(int register) {
        return (RESERVED >>> register & 1) == 0;
    }

    static int assemble(String text) {
        return Assembler.assemble(text);
    }
}
