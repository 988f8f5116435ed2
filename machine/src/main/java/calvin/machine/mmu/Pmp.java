package calvin.machine.mmu;

import calvin.sim.state.Derived;
import calvin.sim.state.Published;
import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;
import java.util.Arrays;

/**
 * Physical memory protection with a granularity of 4 bytes (G = 0; priv 3.7). The lowest entry that matches any byte of
 * an access decides on it, and must match all of it. A page that no border divides is permitted as a whole and may be
 * kept in a TLB: {@link #undivided}.
 *
 * <p>The platform's reset value lets S and U reach everything: entry 0 is a readable, writable and executable NAPOT
 * region of the whole address space. Absent: Smepmp.
 */
public final class Pmp {
    public static final int DEFAULT_ENTRIES = 16;
    /** The CSRs' numbers allow this many. */
    public static final int MAX_ENTRIES = 64;

    private static final int READ = 1;
    private static final int WRITE = 2;
    private static final int EXECUTE = 4;
    private static final int MODE = 3 << 3;
    private static final int TOR = 1 << 3;
    private static final int NA4 = 2 << 3;
    private static final int NAPOT = 3 << 3;
    private static final int LOCKED = 1 << 7;
    private static final int MACHINE = 3;
    private static final long ADDRESS_MASK = (1L << 54) - 1;
    private static final long PAGE_MASK = 4095;

    private final int entries;
    private final boolean openAtReset;
    @Published
    private final int[] config;
    @Published
    private final long[] address;
    /** Region of an entry: first byte, and first byte behind it. Both 0 when it matches nothing. */
    @Derived(from = "config and address")
    private final long[] from;
    @Derived(from = "config and address")
    private final long[] end;
    /** Entries from here on are off. */
    @Derived(from = "config and address")
    private int used;
    /** Some entry binds M mode too. */
    @Derived(from = "config and address")
    private boolean locked;
    /** Some border lies inside a page. */
    @Derived(from = "config and address")
    private boolean fine;

    public Pmp() {
        this(DEFAULT_ENTRIES, true);
    }

    /**
     * @param entries     0, 16 or 64
     * @param openAtReset entry 0 lets everything through at reset; otherwise all entries are off
     */
    public Pmp(int entries, boolean openAtReset) {
        this.entries = entries;
        this.openAtReset = openAtReset;
        config = new int[entries];
        address = new long[entries];
        from = new long[entries];
        end = new long[entries];
        reset();
    }

    public void reset() {
        Arrays.fill(config, 0);
        Arrays.fill(address, 0);
        if (openAtReset && entries > 0) {
            config[0] = NAPOT | EXECUTE | WRITE | READ;
            address[0] = ADDRESS_MASK;
        }
        derive();
    }

    /**
     * Whether the bytes at {@code pa} may be accessed at once.
     *
     * @param access    one of {@link Access}
     * @param privilege 0, 1 or 3: effective, without V
     */
    public boolean permits(long pa, int bytes, int access, int privilege) {
        if (privilege == MACHINE && !locked && !fine) {
            return true;
        }
        for (int i = 0; i < used; i++) {
            if (pa < end[i] && pa + bytes > from[i]) {
                if (pa < from[i] || pa + bytes > end[i]) {
                    return false;
                }
                int bit = access == Access.READ ? READ : access == Access.WRITE ? WRITE : EXECUTE;
                return (config[i] & bit) != 0 || privilege == MACHINE && (config[i] & LOCKED) == 0;
            }
        }
        // priv 3.7.1: without a matching entry S and U fail, if any entry is implemented.
        return privilege == MACHINE || entries == 0;
    }

    /** Whether one entry, or none, decides on all of the page at {@code pa}, so that its bytes are permitted alike. */
    public boolean undivided(long pa) {
        if (!fine) {
            return true;
        }
        long page = pa & ~PAGE_MASK;
        for (int i = 0; i < used; i++) {
            if (page < end[i] && page + PAGE_MASK >= from[i]) {
                return page >= from[i] && page + PAGE_MASK < end[i];
            }
        }
        return true;
    }

    /** pmpcfg of eight entries; {@code position} counts the even registers from 0. */
    public long config(int position) {
        long value = 0;
        for (int i = 0; i < 8 && position * 8 + i < entries; i++) {
            value |= (long) config[position * 8 + i] << 8 * i;
        }
        return value;
    }

    public void setConfig(int position, long value) {
        for (int i = 0; i < 8 && position * 8 + i < entries; i++) {
            int entry = position * 8 + i;
            int fresh = (int) (value >>> 8 * i) & (LOCKED | MODE | EXECUTE | WRITE | READ);
            boolean reserved = (fresh & (WRITE | READ)) == WRITE;
            if ((config[entry] & LOCKED) == 0 && !reserved) {
                config[entry] = fresh;
            }
        }
        derive();
    }

    /** pmpaddr; entries that are not implemented read zero. */
    public long address(int entry) {
        return entry >= entries ? 0 : address[entry];
    }

    public void setAddress(int entry, long value) {
        if (entry >= entries || (config[entry] & LOCKED) != 0) {
            return;
        }
        boolean nextLocked = entry + 1 < entries && (config[entry + 1] & (LOCKED | MODE)) == (LOCKED | TOR);
        if (!nextLocked) {
            address[entry] = value & ADDRESS_MASK;
            derive();
        }
    }

    private void derive() {
        used = 0;
        locked = false;
        fine = false;
        for (int i = 0; i < entries; i++) {
            long below = i == 0 ? 0 : address[i - 1] << 2;
            long own = address[i] << 2;
            long size = 1L << Math.min(57, Long.numberOfTrailingZeros(~address[i]) + 3);
            switch (config[i] & MODE) {
                case TOR -> set(i, below, own);
                case NA4 -> set(i, own, own + 4);
                case NAPOT -> set(i, own & -size, (own & -size) + size);
                default -> set(i, 0, 0);
            }
        }
    }

    private void set(int entry, long first, long behind) {
        boolean some = first < behind;
        from[entry] = some ? first : 0;
        end[entry] = some ? behind : 0;
        if (some) {
            used = entry + 1;
            locked |= (config[entry] & LOCKED) != 0;
            fine |= ((first | behind) & PAGE_MASK) != 0;
        }
    }

    public void save(StateWriter out) {
        for (int i = 0; i < entries; i++) {
            out.u64(config[i]);
            out.u64(address[i]);
        }
    }

    public void load(StateReader in) {
        for (int i = 0; i < entries; i++) {
            config[i] = (int) in.u64();
            address[i] = in.u64();
        }
        derive();
    }
}
