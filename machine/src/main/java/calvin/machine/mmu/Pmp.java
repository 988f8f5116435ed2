package calvin.machine.mmu;

import calvin.sim.state.Derived;
import calvin.sim.state.Published;
import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;
import java.util.Arrays;

/**
 * Physical memory protection: {@link #ENTRIES} entries with a granularity of 4 KiB, so that a page is permitted as a
 * whole (priv 3.7).
 *
 * <p>The platform's reset value lets S and U reach everything: entry 0 is a readable, writable and executable NAPOT
 * region of the whole address space. NA4 needs a finer granularity and selects OFF. Absent: Smepmp.
 */
public final class Pmp {
    public static final int ENTRIES = 16;

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
    /** G is 10: regions of at least 2^(G+2) bytes. */
    private static final long TOR_MASK = ~0x3FFL;
    private static final long NAPOT_ONES = 0x1FF;

    @Published
    private final int[] config = new int[ENTRIES];
    @Published
    private final long[] address = new long[ENTRIES];
    /** Region of an entry: first byte, and first byte behind it. Empty when off. */
    @Derived(from = "config and address")
    private final long[] from = new long[ENTRIES];
    @Derived(from = "config and address")
    private final long[] end = new long[ENTRIES];
    /** Entries from here on are off. */
    @Derived(from = "config and address")
    private int used;
    /** Some entry binds M mode too. */
    @Derived(from = "config and address")
    private boolean locked;

    public Pmp() {
        reset();
    }

    public void reset() {
        Arrays.fill(config, 0);
        Arrays.fill(address, 0);
        config[0] = NAPOT | EXECUTE | WRITE | READ;
        address[0] = ADDRESS_MASK;
        derive();
    }

    /**
     * Whether the page at {@code pa} may be accessed.
     *
     * @param access    one of {@link Access}
     * @param privilege 0, 1 or 3: effective, without V
     */
    public boolean permits(long pa, int access, int privilege) {
        if (privilege == MACHINE && !locked) {
            return true;
        }
        for (int i = 0; i < used; i++) {
            if (pa >= from[i] && pa < end[i]) {
                int bit = access == Access.READ ? READ : access == Access.WRITE ? WRITE : EXECUTE;
                return (config[i] & bit) != 0 || privilege == MACHINE && (config[i] & LOCKED) == 0;
            }
        }
        return privilege == MACHINE;
    }

    /** pmpcfg of eight entries; {@code position} counts the even registers from 0. */
    public long config(int position) {
        long value = 0;
        for (int i = 0; i < 8 && position * 8 + i < ENTRIES; i++) {
            value |= (long) config[position * 8 + i] << 8 * i;
        }
        return value;
    }

    public void setConfig(int position, long value) {
        for (int i = 0; i < 8 && position * 8 + i < ENTRIES; i++) {
            int entry = position * 8 + i;
            int fresh = (int) (value >>> 8 * i) & (LOCKED | MODE | EXECUTE | WRITE | READ);
            if ((fresh & MODE) == NA4) {
                fresh &= ~MODE;
            }
            boolean reserved = (fresh & (WRITE | READ)) == WRITE;
            if ((config[entry] & LOCKED) == 0 && !reserved) {
                config[entry] = fresh;
            }
        }
        derive();
    }

    /** pmpaddr as it reads at this granularity. */
    public long address(int entry) {
        if (entry >= ENTRIES) {
            return 0;
        }
        // The upper bit of A tells NAPOT from OFF and TOR.
        return (config[entry] & NA4) != 0 ? address[entry] | NAPOT_ONES : address[entry] & TOR_MASK;
    }

    public void setAddress(int entry, long value) {
        if (entry >= ENTRIES || (config[entry] & LOCKED) != 0) {
            return;
        }
        boolean nextLocked = entry + 1 < ENTRIES && (config[entry + 1] & (LOCKED | MODE)) == (LOCKED | TOR);
        if (!nextLocked) {
            address[entry] = value & ADDRESS_MASK;
            derive();
        }
    }

    private void derive() {
        used = 0;
        locked = false;
        for (int i = 0; i < ENTRIES; i++) {
            from[i] = 0;
            end[i] = 0;
            switch (config[i] & MODE) {
                case TOR -> {
                    from[i] = i == 0 ? 0 : (address[i - 1] & TOR_MASK) << 2;
                    end[i] = (address[i] & TOR_MASK) << 2;
                }
                case NAPOT -> {
                    long ones = address[i] | NAPOT_ONES;
                    int trailing = Long.numberOfTrailingZeros(~ones);
                    long size = 1L << Math.min(57, trailing + 3);
                    from[i] = (ones << 2) & -size;
                    end[i] = from[i] + size;
                }
                default -> {
                    continue;
                }
            }
            used = i + 1;
            locked |= (config[i] & LOCKED) != 0;
        }
    }

    public void save(StateWriter out) {
        for (int i = 0; i < ENTRIES; i++) {
            out.u64(config[i]);
            out.u64(address[i]);
        }
    }

    public void load(StateReader in) {
        for (int i = 0; i < ENTRIES; i++) {
            config[i] = (int) in.u64();
            address[i] = in.u64();
        }
        derive();
    }
}
