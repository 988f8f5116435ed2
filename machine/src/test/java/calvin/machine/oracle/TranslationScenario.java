package calvin.machine.oracle;

import calvin.machine.isa.Assembler;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Random page tables of one or two stages, status bits and PMP regions, and accesses under them: loads, stores,
 * atomics and fetches in each mode (data by MPRV), HLV, HLVX, HSV. Tables are mostly sound, with PTE bits wrong here
 * and there. Data pages hold an ECALL in their first word and a number of their own in the others, so that a fetch ends
 * in a trap and a load tells which page it came from.
 */
final class TranslationScenario {
    /** Frames of 4 KiB for tables and data of one scenario. */
    private static final int DATA_FRAMES = 24;
    private static final int TABLE_FRAMES = 104;
    static final int BYTES = (DATA_FRAMES + TABLE_FRAMES) * 4096;
    private static final int V = 1;
    private static final int R = 2;
    private static final int W = 4;
    private static final int X = 8;
    private static final int U = 16;
    private static final int A = 64;
    private static final int D = 128;
    private static final int ECALL = 0x73;

    private static final long CODE_VA = 0x123_4000;
    // @formatter:off
    private static final String[] KINDS = {"lb a2, 0(a0)", "lbu a2, 0(a0)", "lh a2, 2(a0)", "lhu a2, 2(a0)",
        "lw a2, 4(a0)", "lwu a2, 4(a0)", "ld a2, 8(a0)", "c.lw a2, 4(a0)", "c.ld a2, 8(a0)", "sb a1, 9(a0)",
        "sh a1, 18(a0)", "sw a1, 12(a0)", "sd a1, 16(a0)", "c.sw a1, 12(a0)", "c.sd a1, 16(a0)",
        "amoadd.w a2, a1, (a0)", "amoswap.d.aq a2, a1, (a0)", "lr.d a2, (a0)", "lr.w a2, (a0)",
        "amomaxu.d.aqrl a2, a1, (a0)", "fld fa0, 8(a0)", "fsw fa0, 4(a0)"};
    /** Without HLVX, for which QEMU 7.2 does not ask for permission to execute (priv H, HLVX). */
    private static final String[] HYPERVISOR_KINDS = {"hlv.b a2, (a0)", "hlv.bu a2, (a0)", "hlv.h a2, (a0)",
        "hlv.hu a2, (a0)", "hlv.w a2, (a0)", "hlv.wu a2, (a0)", "hlv.d a2, (a0)", "hsv.b a1, (a0)",
        "hsv.h a1, (a0)", "hsv.w a1, (a0)", "hsv.d a1, (a0)"};
    // @formatter:on

    private final SplittableRandom random;
    private final ByteBuffer space;
    private final long base;
    private int nextTable;
    private final List<Long> vas = new ArrayList<>();
    private final List<Long> gpas = new ArrayList<>();
    private final List<String> setup = new ArrayList<>();
    final List<String> steps = new ArrayList<>();
    /** Whether PMP forbids something. */
    private boolean restricted;

    /**
     * @param base   physical address of the scenario's frames, which are {@code bytes} from {@code offset}
     * @param napot  PTEs may have N set (QEMU then ignores other reserved bits)
     */
    TranslationScenario(long seed, long base, byte[] bytes, int offset, boolean napot, int accesses) {
        random = new SplittableRandom(seed);
        this.base = base;
        space = ByteBuffer.wrap(bytes, offset, BYTES).slice().order(ByteOrder.LITTLE_ENDIAN);
        for (int page = 0; page < DATA_FRAMES; page++) {
            for (int at = 0; at < 4096; at += 8) {
                space.putLong(page * 4096 + at, at % 64 == 0 ? ECALL | (long) ECALL << 32 : (long) page << 32 | at);
            }
        }
        for (int kind = 0; kind < KINDS.length; kind++) {
            int word = Assembler.assemble(KINDS[kind]);
            boolean compressed = KINDS[kind].startsWith("c.");
            space.putInt(8 * kind, compressed ? word & 0xFFFF | ECALL << 16 : word);
            space.putInt(8 * kind + 4, compressed ? ECALL >>> 16 : ECALL);
        }
        nextTable = DATA_FRAMES + 3 & ~3;
        boolean virtual = random.nextInt(3) > 0;
        long satp = 0;
        long vsatp = 0;
        long hgatp = 0;
        if (virtual) {
            int levels = 3 + random.nextInt(3);
            long root = tables(4);
            if (random.nextInt(8) > 0) {
                hgatp = (levels + 5L) << 60 | root >>> 12;
                identity(root, levels, napot);
                for (int i = 0; i < 10; i++) {
                    long gpa = random.nextInt(4) == 0
                            ? wideAddress(levels, 2)
                            : 0x4000_0000L + random.nextInt(64) * 4096L;
                    gpas.add(map(root, levels, gpa, target(), U, napot));
                }
            }
            if (random.nextInt(5) > 0) {
                vsatp = stage(0, napot);
            }
        }
        if (virtual || random.nextInt(3) > 0) {
            satp = stage(1, napot); // not bare with a guest: QEMU 7.2 takes satp's mode for that of vsatp in HLV
        }
        long[][] csrs = {{0x180, satp}, {0x280, vsatp}, {0x680, hgatp}};
        for (long[] csr : csrs) {
            setup.add(String.format(Locale.ROOT, "li t0, 0x%x; csrw 0x%x, t0", csr[1], csr[0]));
        }
        protection();
        setup.add("sfence.vma; hfence.vvma; hfence.gvma");
        for (int i = 0; i < accesses; i++) {
            steps.add(access(virtual, satp, vsatp, hgatp));
        }
    }

    boolean restricted() {
        return restricted;
    }

    String setup() {
        return String.join("\n", setup);
    }

    private long tables(int count) {
        nextTable = nextTable + count - 1 & -count;
        long pa = base + nextTable * 4096L;
        nextTable = Math.min(nextTable + count, DATA_FRAMES + TABLE_FRAMES - 4);
        return pa;
    }

    private long target() {
        return base + (1 + random.nextInt(DATA_FRAMES - 1)) * 4096L;
    }

    /** A whole first stage; its value for satp or vsatp. */
    private long stage(int user, boolean napot) {
        int levels = 3 + random.nextInt(3);
        long root = tables(1);
        for (int i = 0; i < 12; i++) {
            long to = user == 0 && !gpas.isEmpty() && random.nextInt(4) > 0
                    ? gpas.get(random.nextInt(gpas.size())) & -4096
                    : target();
            long va = random.nextInt(3) == 0 ? wideAddress(levels, 0) : 0x1000L * random.nextInt(1 << 19);
            vas.add(map(root, levels, va, to, random.nextBoolean() ? U : 0, napot));
        }
        for (int mode = 0; mode < 2; mode++) {
            put(root, levels, CODE_VA + 4096L * mode, base >>> 2 | V | R | X | A | D | (mode == 0 ? U : 0), 0);
        }
        return (levels + 5L) << 60 | root >>> 12;
    }

    /** A canonical address that uses the upper levels; of a guest physical one, with more bits at the top. */
    private long wideAddress(int levels, int wider) {
        int bits = Math.min(12 + 9 * levels + wider, wider > 0 ? 56 : 64); // a PTE's page number has 44 bits
        long va = random.nextLong() & (1L << bits) - 1 & -4096;
        // QEMU 7.2 wants guest physical addresses sign-extended; priv H, "hgatp" wants the bits above to be zero.
        return wider > 0 ? va & ~(1L << bits - 1) : va << 64 - bits >> 64 - bits;
    }

    /** Lets guest physical addresses of the scenario's own frames be what they are, mostly. */
    private void identity(long root, int levels, boolean napot) {
        for (int frame = 0; frame < DATA_FRAMES + TABLE_FRAMES; frame++) {
            if (random.nextInt(50) > 0) {
                long pa = base + frame * 4096L;
                put(root, levels, pa, pa >>> 2 | V | R | W | X | U | A | (random.nextInt(30) > 0 ? D : 0), 0);
            }
        }
    }

    private long map(long root, int levels, long va, long to, int user, boolean napot) {
        int level = random.nextInt(6) == 0 ? random.nextInt(levels) : 0;
        long pte = to >>> 2 | flags(user);
        if (level > 0 && level < 3 && random.nextInt(5) > 0) { // larger ones would reach the devices of a board
            pte = base >>> 12 + 9 * level << 10 + 9 * level | pte & 0x3FF; // an aligned superpage that holds the frames
            pte &= level == 2 ? ~X : -1; // which holds the program too: nobody is to execute that elsewhere
        }
        if (napot && random.nextInt(5) == 0) {
            pte |= 1L << 63;
            pte = random.nextInt(4) > 0 ? pte & ~(15L << 10) | 8L << 10 : pte;
        }
        if (random.nextInt(40) == 0 && !napot) {
            pte |= 1L << 54 + random.nextInt(9); // reserved, or a memory type that is not enabled
        }
        put(root, levels, va, pte, level);
        return va;
    }

    private int flags(int user) {
        int[] usual = {R | W, R | W | X, R, X, R | X};
        int flags = V | user | A | D | usual[random.nextInt(usual.length)];
        if (random.nextInt(3) == 0) {
            flags ^= 1 << random.nextInt(10);
        }
        return random.nextInt(6) == 0 ? flags & ~(A | D) : flags;
    }

    /** Puts a PTE at {@code level}, making tables on the way; what is in the way is replaced. */
    private void put(long root, int levels, long va, long pte, int level) {
        long table = root;
        for (int at = levels - 1; at >= level; at--) {
            // Addresses of the G stage have two bits more at the top.
            long index = va >>> 12 + 9 * at & (at == levels - 1 && root % 0x4000 == 0 && isGuest(root) ? 0x7FF : 0x1FF);
            int where = (int) (table + 8 * index - base);
            if (at == level) {
                space.putLong(where, pte);
                return;
            }
            long next = space.getLong(where);
            if ((next & V) == 0 || (next & (R | W | X)) != 0) {
                next = tables(1) >>> 2 | V | (random.nextInt(150) == 0 ? 1L << random.nextInt(10) : 0);
                space.putLong(where, next);
            }
            table = (next >>> 10 & 0xFFF_FFFF_FFFFL) << 12;
            if (table < base || table >= base + BYTES) {
                return;
            }
        }
    }

    private long guestRoot = -1;

    private boolean isGuest(long root) {
        if (guestRoot < 0) {
            guestRoot = root;
        }
        return guestRoot == root;
    }

    /** Entry 0 lets everything through; before it come some that do not. */
    private void protection() {
        restricted = random.nextInt(3) == 0;
        for (int entry = 0; entry < 3; entry++) {
            long frame = base + random.nextInt(DATA_FRAMES + TABLE_FRAMES) * 4096L;
            int log2 = 12 + random.nextInt(3);
            long address = frame >>> 2 | (1L << log2 - 3) - 1;
            setup.add(String.format(Locale.ROOT, "li t0, 0x%x; csrw 0x%x, t0", address & ~(1L << log2 - 3),
                    0x3B0 + entry));
        }
        setup.add("li t0, -1; csrw 0x3b3, t0");
        long config = 31L << 24;
        for (int entry = 0; restricted && entry < 3; entry++) {
            int permissions = random.nextInt(8);
            config |= (0x18L | ((permissions & 3) == 2 ? permissions & 5 : permissions)) << 8 * entry;
        }
        setup.add(String.format(Locale.ROOT, "li t0, 0x%x; csrw 0x3a0, t0", config));
    }

    private long address(boolean bare) {
        if (bare) {
            return target() + random.nextInt(512) * 8L; // elsewhere are the devices of a board
        }
        if (random.nextInt(20) == 0 || vas.isEmpty() && gpas.isEmpty()) {
            return random.nextBoolean()
                    ? random.nextLong() >> random.nextInt(40) & ~7
                    : target() + random.nextInt(512) * 8L;
        }
        List<Long> known = vas.isEmpty() || !gpas.isEmpty() && random.nextInt(4) == 0 ? gpas : vas;
        long va = known.get(random.nextInt(known.size()));
        return random.nextInt(12) == 0 ? va ^ 1L << 12 + random.nextInt(36) : va;
    }

    private String access(boolean virtual, long satp, long vsatp, long hgatp) {
        int mode = random.nextInt(2);
        boolean guest = virtual && random.nextInt(4) > 0;
        // QEMU 7.2 takes the MXR of the wrong register under two stages: see PrivilegedQemuTest.
        long status = 0x6000L | (long) mode << 11 | (guest ? 1L << 39 : 0) | (random.nextBoolean() ? 1L << 18 : 0)
                | (!virtual && random.nextBoolean() ? 1L << 19 : 0);
        boolean fetch = random.nextInt(4) == 0;
        boolean hypervisor = virtual && !fetch && random.nextInt(4) == 0;
        long va = address(guest || hypervisor ? vsatp == 0 && hgatp == 0 : satp == 0);
        int kind = random.nextInt(KINDS.length);
        boolean there = !fetch && !hypervisor && random.nextInt(5) > 0; // in the mode itself, not by MPRV
        String instruction = hypervisor ? HYPERVISOR_KINDS[random.nextInt(HYPERVISOR_KINDS.length)] : KINDS[kind];
        if (instruction.contains("amo") || hypervisor || instruction.startsWith("lr")) {
            va += 8L * (1 + random.nextInt(7)); // not over the ECALL
        }
        long hstatus = random.nextBoolean() ? 0x100 : 0;
        va = fetch ? va & -64 : va;
        // QEMU 7.2 ignores vsstatus.SUM where V=0; priv H, HLV: only sstatus.SUM is ignored.
        long vsstatus = 0x6000L | (!there || random.nextBoolean() ? 1L << 18 : 0);
        String start = String.format(Locale.ROOT, """
                    li t0, 0x%x
                    csrw vsstatus, t0
                    li t0, 0x%x
                    csrw hstatus, t0
                    li a0, 0x%x
                    li a1, 0x5a5a00000073
                    li a2, 7
                    li t0, 0x%x
                    csrw mstatus, t0
                """, vsstatus, hstatus, va, status | (fetch || hypervisor || there ? 0 : 1L << 17));
        if (there) {
            boolean bare = guest ? vsatp == 0 : satp == 0;
            long code = bare ? base : CODE_VA + 4096L * mode;
            return start + String.format(Locale.ROOT, "    li t0, 0x%x # %s%n    csrw mepc, t0%n    mret",
                    code + 8L * kind, instruction);
        }
        return start + (fetch ? "    csrw mepc, a0\n    mret" : "    " + instruction);
    }

    /** What an access was, in short. */
    static String describe(String step) {
        String[] lines = step.strip().split("\n");
        return String.join(";", lines).replaceAll("\\s+", " ");
    }

    /** Physical addresses and values of PTEs that are not zero. */
    String tablesText() {
        StringBuilder text = new StringBuilder();
        for (int at = DATA_FRAMES * 4096; at < BYTES; at += 8) {
            if (space.getLong(at) != 0) {
                text.append(String.format(Locale.ROOT, "  %x: %016x%n", base + at, space.getLong(at)));
            }
        }
        return text.toString();
    }
}
