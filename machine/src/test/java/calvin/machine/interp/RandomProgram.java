package calvin.machine.interp;

import calvin.machine.hart.Hart;
import calvin.machine.isa.Assembler;
import calvin.machine.isa.Decoder;
import calvin.machine.isa.Disassembler;
import calvin.machine.isa.Extension;
import calvin.machine.isa.Op;
import calvin.machine.isa.Slot;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A random user-mode program with its initial registers and data, made from the instruction table: all of I, M, A, F,
 * D, C, Zba, Zbb, Zbc, Zbs, forward branches and jumps, and loops that end. It runs at {@link #CODE} and leaves through
 * the address at {@code 0(gp)}.
 *
 * <p>x2, x8 and x9 point into the data and x3 at the save area; none of them, nor the loop counter x4, is written.
 */
final class RandomProgram {
    static final long BASE = 0x4000_0000L;
    /** Not page-aligned, so that instructions cross a page boundary. */
    static final long CODE = BASE + 0x802;
    static final int CODE_BYTES = 4096;
    static final long DATA = BASE + 0x1_0000;
    static final int DATA_BYTES = 4096;
    /** Exit address, then x1 to x31; f0 to f31 at 256; fcsr at 512; rounds left, where to begin. */
    static final long SAVE = BASE + 0x2_0000;
    static final int SAVE_BYTES = 1024;
    /** How often a program runs through, and the instructions at its end that see to it. */
    private static final int ROUNDS = Integer.getInteger("calvin.rounds", 40);
    static final int TAIL = 8;
    /** Where the exit address points in the interpreter's run. */
    static final long EXIT = BASE + 0x3_0000;
    static final int RECORD_BYTES = CODE_BYTES + DATA_BYTES + SAVE_BYTES;

    private static final Decoder DECODER = new Decoder(EnumSet.of(Extension.I, Extension.M, Extension.A, Extension.F,
            Extension.D, Extension.C, Extension.ZBA, Extension.ZBB, Extension.ZBC, Extension.ZBS));
    private static final List<Op> OPS = new ArrayList<>();
    static {
        for (Op op : Op.values()) {
            switch (op.kind) {
                case ALU, MULT, DIVIDE, FP, FPDIV, FMA, LOAD, STORE, ATOMIC -> {
                    if (DECODER.find(op.match) != null || DECODER.find(op.sample(-1)) == op) {
                        OPS.add(op);
                    }
                }
                default -> {
                }
            }
        }
    }

    private final SplittableRandom random;
    private final FloatVectors doubles;
    private final FloatVectors singles;
    /** Encodings in order, with branches already resolved. */
    final List<Integer> words = new ArrayList<>();
    private final ByteBuffer data = ByteBuffer.allocate(DATA_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final ByteBuffer save = ByteBuffer.allocate(SAVE_BYTES).order(ByteOrder.LITTLE_ENDIAN);

    RandomProgram(long seed) {
        random = new SplittableRandom(seed);
        doubles = FloatVectors.doubles(seed + 1);
        singles = FloatVectors.singles(seed + 2);
        while (data.hasRemaining()) {
            data.putLong(random.nextInt(3) == 0 ? doubles.next() : doubles.integer());
        }
        for (int i = 1; i < 32; i++) {
            save.putLong(8 * i, doubles.integer());
        }
        save.putLong(8 * 4, CODE); // how the program is entered
        save.putLong(8 * 2, DATA + 512).putLong(8 * 3, SAVE).putLong(8 * 8, DATA + 2048).putLong(8 * 9, DATA + 2560);
        for (int i = 0; i < 32; i++) {
            save.putLong(256 + 8 * i, random.nextBoolean() ? doubles.next() : singles.next() | FpOps.BOX);
        }
        save.putLong(512, random.nextInt(5) << 5);
        save.putLong(520, ROUNDS).putLong(528, CODE);
        int units = 150 + random.nextInt(100);
        for (int i = 0; i < units; i++) {
            unit();
        }
        // Again from the start, with what is now in registers and memory, until the count in the save area is zero.
        add("ld tp, 520(gp)");
        add("addi tp, tp, -1");
        add("sd tp, 520(gp)");
        add("beq tp, zero, .+12");
        add("ld tp, 528(gp)");
        add("jalr zero, 0(tp)");
        add("ld tp, 0(gp)");
        add("c.jr tp");
    }

    private void add(String text) {
        words.add(Assembler.assemble(text));
    }

    private void unit() {
        switch (random.nextInt(24)) {
            case 0 -> skip();
            case 1 -> loop();
            case 2 -> linkedSkip();
            case 3 -> maskedAccess();
            case 4 -> status();
            case 5 -> reserved();
            default -> words.add(instruction());
        }
    }

    private int[] body(int most) {
        return random.ints(random.nextInt(most) + 1).map(ignored -> instruction()).toArray();
    }

    private static int bytes(int[] body) {
        int bytes = 0;
        for (int word : body) {
            bytes += length(word);
        }
        return bytes;
    }

    private static int length(int word) {
        return Decoder.isCompressed(word) ? 2 : 4;
    }

    private void addAll(int[] body) {
        for (int word : body) {
            words.add(word);
        }
    }

    /** A branch over a few instructions, compressed or not. */
    private void skip() {
        int[] body = body(6);
        int a = random.nextInt(32);
        int b = random.nextInt(32);
        String[] names = {"beq", "bne", "blt", "bge", "bltu", "bgeu"};
        switch (random.nextInt(4)) {
            case 0 -> add((random.nextBoolean() ? "c.beqz x" : "c.bnez x") + (8 + a % 8) + ", .+" + (bytes(body) + 2));
            case 1 -> add("c.j .+" + (bytes(body) + 2));
            default -> add(names[random.nextInt(6)] + " x" + a + ", x" + b + ", .+" + (bytes(body) + 4));
        }
        addAll(body);
    }

    private void loop() {
        int[] body = body(8);
        add("addi tp, zero, " + (2 + random.nextInt(4)));
        addAll(body);
        if (random.nextBoolean()) {
            add("addi tp, tp, -1");
            add("bne tp, zero, .-" + (bytes(body) + 4));
        } else {
            add("c.addi tp, -1");
            add("bltu zero, tp, .-" + (bytes(body) + 2));
        }
    }

    /** JAL or AUIPC with JALR, forward. */
    private void linkedSkip() {
        int[] body = body(4);
        if (random.nextBoolean()) {
            add("jal x" + destination() + ", .+" + (bytes(body) + 4));
        } else {
            int register = 10 + random.nextInt(6);
            add("auipc x" + register + ", 0");
            add("jalr x" + destination() + ", " + (bytes(body) + 8) + "(x" + register + ")");
        }
        addAll(body);
    }

    /** An access to an address computed from a random register. */
    private void maskedAccess() {
        int register = 10 + random.nextInt(6);
        add("andi x" + register + ", x" + random.nextInt(32) + ", " + random.nextInt(0x400));
        add("add x" + register + ", x" + register + ", s0");
        String[] loads = {"lb", "lbu", "lh", "lhu", "lw", "lwu", "ld"};
        String[] stores = {"sb", "sh", "sw", "sd"};
        if (random.nextBoolean()) {
            add(loads[random.nextInt(7)] + " x" + destination() + ", 0(x" + register + ")");
        } else {
            add(stores[random.nextInt(4)] + " x" + random.nextInt(32) + ", 0(x" + register + ")");
        }
        add("addi x" + register + ", zero, 0"); // addresses differ in no way that matters, but keep values portable
    }

    /** Reads or writes the floating-point status; never a reserved rounding mode. */
    private void status() {
        switch (random.nextInt(4)) {
            case 0 -> add("csrrwi x" + destination() + ", frm, " + random.nextInt(5));
            case 1 -> add("csrrwi x" + destination() + ", fflags, " + random.nextInt(32));
            case 2 -> add("csrrs x" + destination() + ", fcsr, zero");
            default -> add("csrrci x" + destination() + ", fflags, " + random.nextInt(32));
        }
    }

    /** A reservation, used and found used up. */
    private void reserved() {
        String size = random.nextBoolean() ? ".w" : ".d";
        int a = destination();
        int b = destination();
        add("lr" + size + " x" + a + ", (s1)");
        add("addi x" + (b == 0 ? 5 : b) + ", x" + a + ", 1");
        add("sc" + size + " x" + destination() + ", x" + (b == 0 ? 5 : b) + ", (s1)");
        if (random.nextInt(4) == 0) {
            add("sc" + size + " x" + destination() + ", x" + a + ", (s1)");
        }
    }

    /** A register that may be written. */
    private int destination() {
        int register = random.nextInt(32);
        return writable(register) ? register : 10 + register % 8;
    }

    private static boolean writable(int register) {
        return register != 2 && register != 3 && register != 4 && register != 8 && register != 9;
    }

    /** One instruction that stays within the rules, drawn evenly over the table's rows. */
    private int instruction() {
        while (true) {
            Op op = OPS.get(random.nextInt(OPS.size()));
            int word = op.sample(random.nextInt());
            boolean based = op.kind.touchesMemory();
            if (based && !op.compressed()) {
                int base = op.kind == Op.Kind.ATOMIC ? 8 + random.nextInt(2) : random.nextBoolean() ? 8 : 9;
                word = word & ~(31 << 15) | base << 15;
                word = op.kind == Op.Kind.ATOMIC ? word : word & ~(3 << 30); // offsets 0 to 1023
            } else if (based && op.syntax.contains("rs1'")) {
                word &= ~(6 << 7); // x8 or x9
            }
            if (acceptable(op, word)) {
                return word;
            }
        }
    }

    private static boolean acceptable(Op op, int word) {
        if (DECODER.find(word) != op || op.mnemonic.startsWith("lr.") || op.mnemonic.startsWith("sc.")
                || op == Op.AUIPC || op == Op.CTZW) { // QEMU before 8.0 counts past bit 31 in CTZW
            return false;
        }
        long slot = DECODER.decode(word);
        boolean integer = op.expansion.syntax.startsWith("rd");
        return !integer || Slot.rd(slot) == Slot.SINK || writable(Slot.rd(slot));
    }

    /** What the test program under QEMU reads; {@code words} may be this program's or a reduced version of it. */
    byte[] record(List<Integer> code) {
        ByteBuffer record = ByteBuffer.allocate(RECORD_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int word : code) {
            if (length(word) == 2) {
                record.putShort((short) word);
            } else {
                record.putInt(word);
            }
        }
        record.position(CODE_BYTES);
        return record.put(data.array()).put(save.array()).array();
    }

    /** Puts a record where the program under QEMU puts it; it leaves to an ECALL. */
    static void load(byte[] record, FlatBus bus, Hart hart) {
        ByteBuffer in = ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN);
        int save = CODE_BYTES + DATA_BYTES;
        bus.write(CODE, Arrays.copyOf(record, CODE_BYTES));
        bus.write(DATA, Arrays.copyOfRange(record, CODE_BYTES, save));
        bus.write(SAVE, Arrays.copyOfRange(record, save, record.length));
        bus.ram.set(ValueLayout.JAVA_LONG_UNALIGNED, SAVE - BASE, EXIT);
        bus.ram.set(ValueLayout.JAVA_INT_UNALIGNED, EXIT - BASE, Assembler.assemble("ecall"));
        for (int i = 1; i < 32; i++) {
            hart.x[i] = in.getLong(save + 8 * i);
        }
        for (int i = 0; i < 32; i++) {
            hart.f[i] = in.getLong(save + 256 + 8 * i);
        }
        hart.fcsr = (int) in.getLong(save + 512);
        hart.pc = CODE;
    }

    /** Instructions other than nops, with their addresses. */
    static String listing(List<Integer> code) {
        StringBuilder text = new StringBuilder();
        long pc = CODE;
        for (int word : code) {
            String line = Disassembler.disassemble(word);
            if (!line.equals("c.nop 0") && !line.equals("addi zero, zero, 0")) {
                text.append(String.format("  %x: %s%n", pc, line));
            }
            pc += length(word);
        }
        return text.toString();
    }

    /** A nop of the same length. */
    static int nopFor(int word) {
        return length(word) == 2 ? 0x0001 : 0x13;
    }
}
