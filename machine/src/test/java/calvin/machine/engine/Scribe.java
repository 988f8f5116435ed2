package calvin.machine.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Writes the units of random programs that take more than one instruction. */
final class Scribe {
    private static final String[] LOADS = {"lb", "lbu", "lh", "lhu", "lw", "lwu", "ld"};
    private static final String[] STORES = {"sb", "sh", "sw", "sd"};
    private static final String[] BRANCHES = {"beq", "bne", "blt", "bge", "bltu", "bgeu"};
    /** R, W, X, U, A, D and V of a page-table entry, and its lowest page number bit. */
    private static final int[] ENTRY_BITS = {2, 4, 4, 16, 64, 128, 128, 1, 1 << 10};

    private final SplittableRandom random;

    Scribe(SplittableRandom random) {
        this.random = random;
    }

    int[] assemble(String... texts) {
        int[] words = new int[texts.length];
        for (int i = 0; i < words.length; i++) {
            words[i] = Generator.assemble(texts[i]);
        }
        return words;
    }

    private int[] assemble(List<String> texts) {
        return assemble(texts.toArray(String[]::new));
    }

    private int any() {
        return random.nextInt(32);
    }

    /** One that may be written and is none of the first arguments, x10 to x15. */
    private int scratch() {
        return 10 + random.nextInt(6);
    }

    int[] branchOver(int bytes) {
        return switch (random.nextInt(5)) {
            case 0 -> assemble(
                    (random.nextBoolean() ? "c.beqz x" : "c.bnez x") + (8 + any() % 8) + ", .+" + (bytes + 2));
            case 1 -> assemble("c.j .+" + (bytes + 2));
            case 2 -> assemble("jal x" + (random.nextBoolean() ? 0 : scratch()) + ", .+" + (bytes + 4));
            default -> assemble(BRANCHES[random.nextInt(6)] + " x" + any() + ", x" + any() + ", .+" + (bytes + 4));
        };
    }

    /** To one of four places, by a register. */
    int[] computedJump() {
        int a = scratch();
        int b = 16 + random.nextInt(2);
        return assemble("andi x" + a + ", x" + any() + ", 12", "auipc x" + b + ", 0",
                "add x" + a + ", x" + a + ", x" + b,
                "jalr x" + (random.nextBoolean() ? 0 : 5) + ", 12(x" + a + ")", "addi x" + b + ", x" + b + ", 1",
                "xori x" + b + ", x" + b + ", 33", "add x28, x28, x" + b, "addi x28, x28, 5");
    }

    /** A load or store at a computed place in the data, or seldom at any address at all. */
    int[] access() {
        int a = scratch();
        List<String> texts = new ArrayList<>();
        if (random.nextInt(12) > 0) {
            texts.add("andi x" + a + ", x" + any() + ", " + random.nextInt(0x7FF));
            if (random.nextInt(3) == 0) {
                texts.add("slli x" + a + ", x" + a + ", " + random.nextInt(6));
            }
            texts.add("add x" + a + ", x" + a + ", s0");
        }
        int offset = random.nextInt(64) - 32;
        texts.add(random.nextBoolean()
                ? LOADS[random.nextInt(7)] + " x" + (16 + random.nextInt(2)) + ", " + offset + "(x" + a + ")"
                : STORES[random.nextInt(4)] + " x" + any() + ", " + offset + "(x" + a + ")");
        return assemble(texts);
    }

    /** The body of a loop that goes through the data. */
    int[] stream() {
        int step = new int[]{1, 4, 8, 8, 8, 64, 512}[random.nextInt(7)];
        List<String> texts = new ArrayList<>(List.of("sub x23, x23, s0", "addi x23, x23, " + step, "slli x23, x23, 49",
                "srli x23, x23, 49", "add x23, x23, s0"));
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            int offset = 8 * random.nextInt(4);
            texts.add(switch (random.nextInt(5)) {
                case 0 -> "ld x10, " + offset + "(x23)";
                case 1 -> "sd x11, " + offset + "(x23)";
                case 2 -> "fld f10, " + offset + "(x23)";
                case 3 -> "fsd f11, " + offset + "(x23)";
                default -> "lw x12, " + offset + "(x23)";
            });
            texts.add(random.nextInt(3) == 0 ? "fadd.d f11, f11, f10" : "add x11, x11, x10");
        }
        return assemble(texts);
    }

    int[] reservation() {
        String size = random.nextBoolean() ? ".w" : ".d";
        String base = random.nextBoolean() ? "(s0)" : "(s1)";
        List<String> texts = new ArrayList<>(List.of("lr" + size + " x10, " + base, "addi x11, x10, 1"));
        if (random.nextInt(4) == 0) {
            texts.add("sd x11, 64(s0)");
        }
        texts.add("sc" + size + " x12, x11, " + base);
        return assemble(texts);
    }

    /** Another immediate for the ADDI at an offset of the code, through its writable view. */
    int[] patch(int offset) {
        List<String> texts = new ArrayList<>();
        texts.add("lui x16, " + (offset + 0x800 >> 12));
        texts.add("addi x16, x16, " + (offset << 20 >> 20));
        texts.add("add x16, x16, s3");
        if (random.nextBoolean()) {
            texts.add("lw x17, 0(x16)");
            texts.add("lui x15, " + (1 << random.nextInt(6)) * 256); // a bit of the immediate
            texts.add("xor x17, x17, x15");
            texts.add("sw x17, 0(x16)");
        } else {
            texts.add("sb x" + any() + ", 3(x16)"); // the high bits of the immediate
        }
        if (random.nextBoolean()) {
            texts.add("fence.i");
        }
        return assemble(texts);
    }

    /** Changes an entry of a page table, mostly of the data, and seldom says so; may change it back. */
    int[] tableStore() {
        boolean data = random.nextInt(6) > 0;
        int page = data ? 0 : 1 + random.nextInt(2);
        int entry = data ? random.nextInt(Layout.DATA_PAGES) : random.nextInt(512);
        int bit = ENTRY_BITS[random.nextInt(ENTRY_BITS.length)];
        List<String> texts = new ArrayList<>(List.of("lui x16, " + page, "add x16, x16, s2"));
        if (entry > 255) {
            texts.add("addi x16, x16, 1024");
            texts.add("addi x16, x16, 1024");
            entry -= 256;
        }
        List<String> change = List.of("ld x17, " + 8 * entry + "(x16)", "addi x15, zero, " + bit,
                "xor x17, x17, x15", "sd x17, " + 8 * entry + "(x16)");
        texts.addAll(change);
        if (random.nextInt(3) > 0) {
            texts.add(fence());
        }
        if (random.nextInt(3) > 0 || !data) {
            texts.add("ld x14, " + random.nextInt(2000) + "(s0)");
            texts.add("sd x14, " + random.nextInt(2000) + "(s1)");
            texts.addAll(change);
        }
        return assemble(texts);
    }

    private String fence() {
        return switch (random.nextInt(6)) {
            case 0 -> "sfence.vma zero, zero";
            case 1 -> "sfence.vma s0, zero";
            case 2 -> "sfence.vma zero, x10";
            case 3 -> "hfence.gvma zero, zero";
            case 4 -> "hfence.vvma s0, zero";
            default -> "sfence.vma s1, x11";
        };
    }

    int[] csr(String name) {
        int register = scratch();
        if (name.equals("sstatus")) { // SUM, MXR and FS; the rest is the monitor's
            return assemble("lui x" + register + ", " + new int[]{0x40, 0x80, 4, 2}[random.nextInt(4)],
                    (random.nextBoolean() ? "csrrs x" : "csrrc x") + register + ", sstatus, x" + register);
        }
        return switch (random.nextInt(4)) {
            case 0 -> assemble("csrrwi x" + register + ", " + name + ", " + any());
            case 1 -> assemble("csrrci x" + register + ", " + name + ", " + any());
            default -> assemble("csrrs x" + register + ", " + name + ", x0");
        };
    }

    /** A software interrupt to a hart, or a look at the time. */
    int[] device() {
        return switch (random.nextInt(4)) {
            case 0 -> assemble("addi x16, zero, 1", "sw x16, " + 4 * random.nextInt(2) + "(s4)");
            case 1 -> assemble("lw x16, " + 4 * random.nextInt(2) + "(s4)");
            default -> assemble("lui x16, 12", "add x16, x16, s4", "ld x17, -8(x16)");
        };
    }

    int[] system() {
        return switch (random.nextInt(10)) {
            case 0 -> assemble("wfi");
            case 1, 2 -> assemble("pause");
            case 3 -> assemble("fence rw, rw");
            case 4 -> assemble("fence.i");
            case 5 -> assemble("ebreak");
            case 6 -> new int[]{random.nextInt() | 0x7F};
            case 7 -> assemble(fence());
            case 8 -> assemble("hlv.d x16, (s0)");
            default -> assemble("wrs.nto");
        };
    }
}
