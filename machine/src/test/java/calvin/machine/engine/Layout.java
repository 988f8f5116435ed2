package calvin.machine.engine;

import calvin.machine.board.AddressMap;
import calvin.machine.board.BoardSpec;
import calvin.machine.board.Machine;
import calvin.machine.engine.Program.Round;
import calvin.machine.hart.Hart;
import calvin.machine.hart.HartUnit;
import calvin.machine.isa.Csr;
import calvin.machine.mem.PhysicalMemory;
import java.util.SplittableRandom;

/**
 * Where a program and what it needs lie in a machine, and how it sees them.
 *
 * <p>Each of {@link #ROOTS} address spaces (two of S, two of U) maps, from 1 GiB on: the code; the code again, to
 * write; the data; three pages of tables, to write; the CLINT. The entries of the data have random permissions and A
 * and D bits; one space has the data in a large page. As guests, the same spaces lie behind a G stage that maps guest
 * addresses to themselves, the data by small pages of which some are missing.
 */
final class Layout {
    static final int CODE_PAGES = 6;
    static final int DATA_PAGES = 16;
    static final int ROOTS = 4;
    static final long MEMORY_BYTES = 8 << 20;

    private static final long MONITOR = AddressMap.RAM;
    private static final long HART_WORDS = AddressMap.RAM + 0x2000;
    private static final long DONE = AddressMap.RAM + 0x4000;
    private static final long ROUNDS = AddressMap.RAM + 0x5000;
    static final long CODE = AddressMap.RAM + 0x10_0000;
    /** A multiple of 2 MiB. */
    static final long DATA = AddressMap.RAM + 0x20_0000;
    /** 8 pages for each root, then those of the G stage. */
    private static final long TABLES = AddressMap.RAM + 0x40_0000;
    private static final long GUEST_ROOT = TABLES + 0x10_0000;
    private static final long GUEST_TABLES = GUEST_ROOT + 0x4000;
    static final long CODE_VA = 0x4000_0000L;
    private static final long CODE_VIEW_VA = CODE_VA + 0x10_0000;
    private static final long DATA_VA = CODE_VA + 0x20_0000;
    private static final long TABLE_VA = CODE_VA + 0x40_0000;
    private static final long CLINT_VA = CODE_VA + 0x40_8000;

    private static final int V = 1;
    private static final int R = 2;
    private static final int W = 4;
    private static final int X = 8;
    private static final int U = 16;
    private static final int AD = 0xC0;
    private static final int MTIE_MSIE = 0x88;
    private static final long SV39 = 8L << 60;

    private final Program program;
    private final PhysicalMemory memory;
    private final SplittableRandom random;

    private Layout(Program program, PhysicalMemory memory) {
        this.program = program;
        this.memory = memory;
        random = new SplittableRandom(program.seed() ^ 0x5EED);
    }

    static BoardSpec board(Program program) {
        return BoardSpec.hpc(program.harts(), MEMORY_BYTES, 1);
    }

    /** Puts everything into a new machine and starts its harts. */
    static void place(Program program, Machine machine) {
        Layout layout = new Layout(program, machine.memory());
        layout.code();
        layout.data();
        for (int root = 0; root < ROOTS; root++) {
            layout.tables(root);
        }
        layout.guestTables();
        layout.rounds();
        for (int hart = 0; hart < program.harts(); hart++) {
            layout.hart(hart);
            machine.startHart(hart, MONITOR + Monitor.start(), Hart.MODE_M, 0, 0);
            layout.csrs(machine.hart(hart), hart);
        }
    }

    private void code() {
        long at = MONITOR;
        for (int word : Monitor.words()) {
            memory.u32(at, word & 0xFFFF_FFFFL);
            at += 4;
        }
        at = CODE;
        for (int[] unit : program.units()) {
            for (int word : unit) {
                if (Program.length(word) == 2) {
                    memory.u16(at, word & 0xFFFF);
                } else {
                    memory.u16(at, word & 0xFFFF);
                    memory.u16(at + 2, word >>> 16);
                }
                at += Program.length(word);
            }
        }
    }

    private void data() {
        for (int i = 0; i < DATA_PAGES * 512; i++) {
            memory.u64(DATA + 8L * i, switch (random.nextInt(4)) {
                case 0 -> Double.doubleToRawLongBits(random.nextInt(1000) / 8.0);
                case 1 -> random.nextInt(256);
                default -> random.nextLong();
            });
        }
    }

    private static long tables(int root, int page) {
        return TABLES + 0x8000L * root + 0x1000L * page;
    }

    private void entry(long table, int index, long pa, int bits) {
        memory.u64(table + 8L * index, pa >>> 12 << 10 | bits);
    }

    /** Pages of a root: itself, level 1, then the leaves of the code, the data, and the rest. */
    private void tables(int root) {
        int user = root % 2 == 1 ? U : 0;
        entry(tables(root, 0), 1, tables(root, 1), V);
        entry(tables(root, 1), 0, tables(root, 2), V);
        entry(tables(root, 1), 2, tables(root, 4), V);
        if (root == 2) {
            entry(tables(root, 1), 1, DATA, V | R | W | user | AD);
        } else {
            entry(tables(root, 1), 1, tables(root, 3), V);
        }
        for (int i = 0; i < CODE_PAGES; i++) {
            entry(tables(root, 2), i, CODE + 0x1000L * i, V | R | X | user | AD);
            entry(tables(root, 2), 256 + i, CODE + 0x1000L * i, V | R | W | user | AD);
        }
        for (int i = 0; i < 2 * DATA_PAGES; i++) {
            // Some pages seldom, some twice: an alias shows what a TLB forgets.
            long pa = DATA + 0x1000L * (i < DATA_PAGES ? i : random.nextInt(DATA_PAGES));
            int bits = random.nextInt(6) > 0 ? V | R | W | AD : random.nextInt(256);
            entry(tables(root, 3), i, pa, bits & ~U | user);
        }
        entry(tables(root, 4), 0, tables(root, 3), V | R | W | user | AD);
        entry(tables(root, 4), 1, tables(root, 2), V | R | W | user | AD);
        entry(tables(root, 4), 2, GUEST_TABLES + 0x2000, V | R | W | user | AD);
        for (int i = 0; i < 16; i++) {
            entry(tables(root, 4), 8 + i, AddressMap.CLINT + 0x1000L * i, V | R | W | user | AD);
        }
    }

    /** Guest addresses are physical ones, where there is anything. */
    private void guestTables() {
        entry(GUEST_ROOT, 0, GUEST_TABLES, V);
        entry(GUEST_ROOT, 2, GUEST_TABLES + 0x1000, V);
        entry(GUEST_TABLES, (int) (AddressMap.CLINT >>> 21), AddressMap.CLINT, V | R | W | U | AD);
        for (int i = 0; i < 4; i++) {
            entry(GUEST_TABLES + 0x1000, i, AddressMap.RAM + ((long) i << 21), V | R | W | X | U | AD);
        }
        entry(GUEST_TABLES + 0x1000, 1, GUEST_TABLES + 0x2000, V);
        for (int i = 0; i < 512; i++) {
            int bits = random.nextInt(6) > 0 ? V | R | W | U | AD : random.nextInt(256);
            entry(GUEST_TABLES + 0x2000, i, DATA + 0x1000L * i, bits);
        }
    }

    private void rounds() {
        for (int i = 0; i < program.rounds().size(); i++) {
            Round round = program.rounds().get(i);
            long at = ROUNDS + (long) Monitor.ROUND_BYTES * i;
            boolean machine = round.mode() == Hart.MODE_M;
            boolean user = (round.mode() & 3) == Hart.MODE_U;
            boolean virtual = round.mode() >= Hart.MODE_V;
            int root = round.root() & ~1 | (user ? 1 : 0);
            long space = SV39 | (long) round.asid() << 44 | tables(root, 0) >>> 12;
            // SUM, MXR and FS as they come; FS is off in one round of eight.
            long fs = (round.status() & 7) == 0 ? 0 : 0x2000L << (round.status() >>> 4 & 1);
            long status = round.status() & 0xC_0000 | fs;
            memory.u64(at + Monitor.ENTRY, (machine ? CODE : CODE_VA) + round.entry());
            memory.u64(at + Monitor.MSTATUS,
                    status | (round.mode() & 3L) << 11 | 1 << 7 | (virtual ? 1L << 39 : 0));
            memory.u64(at + Monitor.SATP, virtual ? 0 : space);
            memory.u64(at + Monitor.VSATP, space);
            memory.u64(at + Monitor.HGATP, SV39 | (long) (round.asid() % 3) << 44 | GUEST_ROOT >>> 12);
            memory.u64(at + Monitor.VSSTATUS, status);
            memory.u64(at + Monitor.FCSR, round.fcsr());
            long data = machine ? DATA : DATA_VA;
            long[] pointers = {data + 0x2800, data, data + 0x1000 * (round.asid() % 8) + 0x7F8,
                machine ? tables(root, 3) : TABLE_VA, machine ? CODE : CODE_VIEW_VA,
                machine ? AddressMap.CLINT : CLINT_VA};
            for (int k = 0; k < pointers.length; k++) {
                memory.u64(at + Monitor.POINTERS + 8L * k, pointers[k]);
            }
            memory.u64(at + Monitor.TRAP_BUDGET, round.traps());
        }
    }

    private static long words(int hart) {
        return HART_WORDS + 0x1000L * hart;
    }

    private void hart(int hart) {
        long at = words(hart);
        long end = ROUNDS + (long) Monitor.ROUND_BYTES * program.rounds().size();
        memory.u64(at + Monitor.PEEK_AT, MONITOR + Monitor.peek());
        memory.u64(at + Monitor.MSIP_AT, AddressMap.CLINT + 4L * hart);
        memory.u64(at + Monitor.TIMER_AT, AddressMap.CLINT + 0x4000 + 8L * hart);
        memory.u64(at + Monitor.TIMER_DELTA, random.nextInt(1024));
        memory.u64(at + Monitor.TIMER_SHIFT, 2 + random.nextInt(6));
        memory.u64(at + Monitor.ROUNDS_LEFT, program.repeats());
        memory.u64(at + Monitor.NEXT_ROUND,
                ROUNDS + (long) Monitor.ROUND_BYTES * (hart % program.rounds().size()));
        memory.u64(at + Monitor.TABLE, ROUNDS);
        memory.u64(at + Monitor.TABLE_END, end);
        memory.u64(at + Monitor.DONE_AT, DONE);
        memory.u64(at + Monitor.HARTS, program.harts());
        memory.u64(at + Monitor.FINISHER_AT, AddressMap.FINISHER);
    }

    private void csrs(HartUnit unit, int hart) {
        unit.setCsr(Csr.MTVEC, MONITOR + Monitor.handler());
        unit.setCsr(Csr.MSCRATCH, words(hart));
        unit.setCsr(Csr.MIE, MTIE_MSIE);
        unit.setCsr(Csr.PMPADDR, -1L >>> 10);
        unit.setCsr(Csr.PMPCFG, 0x1F);
        unit.setCsr(Csr.MCOUNTEREN, 7);
        unit.setCsr(Csr.SCOUNTEREN, 5);
        unit.setCsr(Csr.HCOUNTEREN, 3);
        if (random.nextBoolean()) { // the walker sets A and D (Svadu), or they fault (Svade)
            unit.setCsr(Csr.MENVCFG, 1L << 61);
            unit.setCsr(Csr.HENVCFG, 1L << 61);
        }
        for (int i = 1; i < 32; i++) {
            unit.hart().x[i] = random.nextInt(3) == 0 ? random.nextInt(4096) : random.nextLong();
            unit.hart().f[i] = Double.doubleToRawLongBits(random.nextDouble());
        }
    }
}
