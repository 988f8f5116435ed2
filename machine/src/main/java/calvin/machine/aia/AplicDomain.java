package calvin.machine.aia;

import static calvin.machine.aia.AplicStruct.*;

import calvin.machine.bus.Device;
import calvin.machine.bus.RegisterMap;
import calvin.machine.bus.RegisterMap.Access;
import calvin.sim.check.Check;
import calvin.sim.state.Block;
import calvin.sim.state.Derived;
import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;
import calvin.sim.state.Struct.Words;

/**
 * One interrupt domain of an {@link Aplic}: which sources are active here, how their wires are read, whether they are
 * pending and enabled, and where they go.
 *
 * <pre>
 * 0x0000          DOMAINCFG      0x80 in the top byte; IE, DM (fixed), BE (0)
 * 0x0004 + 4(n-1) SOURCECFG[n]   D and child 0, or the source mode
 * 0x1BC0 .. 1BCC  MMSIADDRCFG, MMSIADDRCFGH, SMSIADDRCFG, SMSIADDRCFGH   (root domain with messages)
 * 0x1C00 + 4k     SETIP[k]       0x1CDC SETIPNUM
 * 0x1D00 + 4k     IN_CLRIP[k]    0x1DDC CLRIPNUM
 * 0x1E00 + 4k     SETIE[k]       0x1EDC SETIENUM
 * 0x1F00 + 4k     CLRIE[k]       0x1FDC CLRIENUM
 * 0x2000          SETIPNUM_LE    0x2004 SETIPNUM_BE
 * 0x3000          GENMSI         (with messages)
 * 0x3004 + 4(n-1) TARGET[n]
 * 0x4000 + 32h    IDELIVERY, IFORCE, ITHRESHOLD, +0x18 TOPI, +0x1C CLAIMI   (without messages)
 * </pre>
 *
 * Interrupts: in direct delivery a wire per hart; else messages, sent at once, lower sources first. Timing: none.
 * Timers: none. Priority numbers have 8 bits.
 *
 * <p>Ours, where the specification leaves a choice: DM is what the board says; a source that becomes active targets
 * hart 0 with priority number 1; setting a level-sensitive mode while the wire asserts makes the source pending, an
 * edge-sensitive one does not; reserved modes make it inactive; the addresses of messages are right after reset and
 * can be changed until locked, and a lock leaves them readable; Busy is never seen set.
 *
 * <p>Not emulated: big-endian registers (BE is 0; SETIPNUM_BE works). Spec: aia 4.
 */
public final class AplicDomain implements Device {
    static final int DOMAINCFG = 0;
    static final int SOURCECFG = 0x0004;
    static final int MMSIADDRCFG_AT = 0x1BC0;
    static final int SETIP = 0x1C00;
    static final int SETIPNUM = 0x1CDC;
    static final int IN_CLRIP = 0x1D00;
    static final int CLRIPNUM = 0x1DDC;
    static final int SETIE = 0x1E00;
    static final int SETIENUM = 0x1EDC;
    static final int CLRIE = 0x1F00;
    static final int CLRIENUM = 0x1FDC;
    static final int SETIPNUM_LE = 0x2000;
    static final int SETIPNUM_BE = 0x2004;
    static final int GENMSI_AT = 0x3000;
    static final int TARGET = 0x3004;
    static final int IDC = 0x4000;

    private static final int SET_WORDS = 32;
    private static final long DOMAINCFG_FIXED = 0x8000_0000L;
    private static final long IE = 1 << 8;
    private static final long DM = 1 << 2;
    private static final long DELEGATE = 1 << 10;
    private static final int MODE = 7;
    private static final long LOCKED = 1L << 31;
    /** L, HHXS, LHXS, HHXW, LHXW, high base PPN. */
    private static final long MMSIADDRCFGH_BITS = 0x9F77_FFFFL;
    private static final long SMSIADDRCFGH_BITS = 0x0070_0FFFL;
    private static final long GENMSI_BITS = 0xFFFC_07FFL;

    private final String stateName;
    private final AplicDomain parent;
    private final int sources;
    private final MessageDelivery messages;
    private final IdcUnit idcs;
    private final RegisterMap registers;
    /** {@link AplicStruct}, sourcecfg and target by source, then the {@link IdcUnit}'s. */
    private final Block state;
    @Derived(from = "the board: set once while the machine is built")
    private AplicDomain child;

    /** @param parent whose child 0 this is; null for the root */
    AplicDomain(String stateName, AplicDomain parent, int sources, Delivery delivery) {
        Check.that(sources > 0 && sources <= Aplic.MAX_SOURCES, "an APLIC cannot have so many sources", sources);
        this.stateName = stateName;
        this.parent = parent;
        this.sources = sources;
        int harts = delivery instanceof DirectDelivery direct ? direct.lines().size() : 0;
        int idcAt = S.sizeBytes() + 8 * (sources + 1);
        state = new Block(idcAt + harts * IdcStruct.S.sizeBytes());
        messages = delivery instanceof MessageDelivery sent ? sent : null;
        idcs = delivery instanceof DirectDelivery direct ? new IdcUnit(this, state, idcAt, direct.lines()) : null;
        registers = new RegisterMap(windowBytes(harts));
        declare(harts);
        if (parent != null) {
            parent.child = this;
        }
        clear();
    }

    /** Length of a domain's window; {@code harts} is 0 where messages are sent. */
    public static int windowBytes(int harts) {
        return IDC + (harts * 32 + 4095 & -4096);
    }

    private void declare(int harts) {
        int w = RegisterMap.W4;
        // @formatter:off
        registers
            .register("DOMAINCFG", DOMAINCFG, w, Access.READ_WRITE, "aia 4.5.1")
            .registers("SOURCECFG", SOURCECFG, Aplic.MAX_SOURCES, 4, w, Access.READ_WRITE, "aia 4.5.2")
            .registers("SETIP", SETIP, SET_WORDS, 4, w, Access.READ_WRITE, "aia 4.5.5")
            .register("SETIPNUM", SETIPNUM, w, Access.WRITE_ONLY, "aia 4.5.6")
            .registers("IN_CLRIP", IN_CLRIP, SET_WORDS, 4, w, Access.READ_WRITE, "aia 4.5.7")
            .register("CLRIPNUM", CLRIPNUM, w, Access.WRITE_ONLY, "aia 4.5.8")
            .registers("SETIE", SETIE, SET_WORDS, 4, w, Access.READ_WRITE, "aia 4.5.9")
            .register("SETIENUM", SETIENUM, w, Access.WRITE_ONLY, "aia 4.5.10")
            .registers("CLRIE", CLRIE, SET_WORDS, 4, w, Access.WRITE_ONLY, "aia 4.5.11")
            .register("CLRIENUM", CLRIENUM, w, Access.WRITE_ONLY, "aia 4.5.12")
            .register("SETIPNUM_LE", SETIPNUM_LE, w, Access.WRITE_ONLY, "aia 4.5.13")
            .register("SETIPNUM_BE", SETIPNUM_BE, w, Access.WRITE_ONLY, "aia 4.5.14")
            .registers("TARGET", TARGET, Aplic.MAX_SOURCES, 4, w, Access.READ_WRITE, "aia 4.5.16");
        if (messages != null) {
            registers.register("GENMSI", GENMSI_AT, w, Access.READ_WRITE, "aia 4.5.15");
        }
        if (messages != null && parent == null) {
            registers
                .registers("MMSIADDRCFG", MMSIADDRCFG_AT, 2, 4, w, Access.READ_WRITE, "aia 4.5.3, high half too")
                .registers("SMSIADDRCFG", MMSIADDRCFG_AT + 8, 2, 4, w, Access.READ_WRITE, "aia 4.5.4, high half too");
        }
        // @formatter:on
        if (harts > 0) {
            IdcUnit.declare(registers, harts);
        }
    }

    int sources() {
        return sources;
    }

    // Sets of sources, and words by source.

    boolean has(Words set, int source) {
        return (state.u64(set.offset() + (source >>> 6) * 8L) >>> source & 1) != 0;
    }

    private void set(Words set, int source, boolean on) {
        long at = set.offset() + (source >>> 6) * 8L;
        long bit = 1L << source;
        state.u64(at, on ? state.u64(at) | bit : state.u64(at) & ~bit);
    }

    private long sourceConfig(int source) {
        return state.u32(S.sizeBytes() + 4L * source);
    }

    long target(int source) {
        return state.u32(S.sizeBytes() + 4L * (sources + 1 + source));
    }

    private void setTarget(int source, long value) {
        state.u32(S.sizeBytes() + 4L * (sources + 1 + source), value);
    }

    boolean enabled() {
        return ENABLE.get(state, 0) != 0;
    }

    /** The lowest source in both sets from {@code from} on, or -1. */
    int nextReady(int from) {
        int word = from >>> 6;
        long mask = -1L << from;
        for (; word < WORDS; word++) {
            long ready = state.u64(PENDING.offset() + word * 8L) & state.u64(ENABLED.offset() + word * 8L) & mask;
            if (ready != 0) {
                return word * 64 + Long.numberOfTrailingZeros(ready);
            }
            mask = -1L;
        }
        return -1;
    }

    // Sources.

    /** Whether the source exists as far as this domain can see. */
    private boolean implemented(int source) {
        return source > 0 && source <= sources
                && (parent == null || (parent.sourceConfig(source) & DELEGATE) != 0);
    }

    private SourceMode mode(int source) {
        long config = sourceConfig(source);
        return (config & DELEGATE) != 0 ? SourceMode.INACTIVE : SourceMode.of((int) config & MODE);
    }

    private boolean active(int source) {
        return source > 0 && source <= sources && mode(source) != SourceMode.INACTIVE;
    }

    /** The rectified input value (aia 4.5.2). */
    private boolean asserted(int source) {
        AplicDomain root = parent == null ? this : parent;
        return mode(source).asserted(root.has(LEVEL, source));
    }

    /** The wire of a source; for the root. */
    void setLevel(int source, boolean high) {
        if (has(LEVEL, source) != high) {
            set(LEVEL, source, high);
            AplicDomain domain = child != null && (sourceConfig(source) & DELEGATE) != 0 ? child : this;
            domain.wireChanged(source);
        }
    }

    /** aia 4.7. */
    private void wireChanged(int source) {
        SourceMode mode = mode(source);
        boolean asserted = asserted(source);
        if (asserted && mode != SourceMode.DETACHED) {
            set(PENDING, source, true);
        } else if (mode.level()) {
            set(PENDING, source, false);
        }
        passOn();
    }

    /** Makes a source pending where software may (aia 4.7). */
    private void setPending(int source) {
        if (active(source) && (!mode(source).level() || messages != null && asserted(source))) {
            set(PENDING, source, true);
        }
    }

    private void clearPending(int source) {
        if (active(source) && (!mode(source).level() || messages != null)) {
            set(PENDING, source, false);
        }
    }

    private void configure(int source, long value) {
        if (!implemented(source)) {
            return;
        }
        boolean delegate = (value & DELEGATE) != 0;
        // aia 4.5.2: a leaf cannot delegate; our one child has index 0.
        long config = delegate ? child == null ? 0 : DELEGATE : SourceMode.of((int) value & MODE).code;
        boolean wasActive = active(source);
        if (child != null && !delegate) {
            child.forget(source);
        }
        state.u32(S.sizeBytes() + 4L * source, config);
        if (!active(source)) {
            deactivate(source);
            return;
        }
        if (!wasActive) {
            setTarget(source, messages == null ? 1 : 0);
        }
        if (mode(source).level()) {
            set(PENDING, source, asserted(source));
        }
    }

    private void deactivate(int source) {
        set(PENDING, source, false);
        set(ENABLED, source, false);
        setTarget(source, 0);
    }

    /** The parent has taken the source back. */
    private void forget(int source) {
        state.u32(S.sizeBytes() + 4L * source, 0);
        deactivate(source);
        passOn();
    }

    // Delivery.

    /** Clears the pending bit of a source whose interrupt is taken; a level stays pending in direct delivery. */
    void taken(int source) {
        if (messages != null || !mode(source).level()) {
            set(PENDING, source, false);
        }
    }

    private void passOn() {
        if (messages == null) {
            idcs.update();
            return;
        }
        if (!enabled()) {
            return;
        }
        for (int source = nextReady(1); source > 0; source = nextReady(source + 1)) {
            set(PENDING, source, false);
            send(target(source));
        }
    }

    /** A message to nowhere is lost. */
    private void send(long target) {
        Block root = parent == null ? state : parent.state;
        long high = MMSIADDRCFGH.get(root, 0);
        if (parent == null) {
            messages.send(target, high, MMSIADDRCFG.get(root, 0), high, 0);
        } else {
            messages.send(target, high, SMSIADDRCFG.get(root, 0), SMSIADDRCFGH.get(root, 0), target >>> 12 & 63);
        }
    }

    // Registers.

    @Override
    public RegisterMap registers() {
        return registers;
    }

    @Override
    public long load(long timePs, int offset, int widthBytes) {
        if (offset == DOMAINCFG) {
            return DOMAINCFG_FIXED | (enabled() ? IE : 0) | (messages != null ? DM : 0);
        }
        if (offset < SETIP) {
            return offset < MMSIADDRCFG_AT
                    ? configOf((offset - SOURCECFG) / 4 + 1)
                    : state.u32(MMSIADDRCFG.offset() + (long) offset - MMSIADDRCFG_AT);
        }
        if (offset < IN_CLRIP) {
            return state.u32(PENDING.offset() + (long) offset - SETIP);
        }
        if (offset < SETIE) {
            return inputs((offset - IN_CLRIP) / 4);
        }
        if (offset < CLRIE) {
            return state.u32(ENABLED.offset() + (long) offset - SETIE);
        }
        if (offset == GENMSI_AT) {
            return GENMSI.get(state, 0);
        }
        if (offset >= IDC) {
            return idcs.load(offset - IDC);
        }
        int source = (offset - TARGET) / 4 + 1;
        return source <= sources ? target(source) : 0;
    }

    private long configOf(int source) {
        return source <= sources ? sourceConfig(source) : 0;
    }

    private long inputs(int word) {
        long bits = 0;
        for (int bit = 0; bit < 32; bit++) {
            int source = 32 * word + bit;
            if (active(source) && asserted(source)) {
                bits |= 1L << bit;
            }
        }
        return bits;
    }

    @Override
    public void store(long timePs, int offset, int widthBytes, long value) {
        if (offset >= IDC) {
            idcs.store(offset - IDC, value);
            return;
        }
        if (offset == GENMSI_AT) {
            GENMSI.set(state, 0, value & GENMSI_BITS);
            send(value & GENMSI_BITS);
            return;
        }
        if (offset == DOMAINCFG) {
            // aia 4.5.1: x << 24 | x writes x whatever the byte order was; ours is always little-endian.
            ENABLE.set(state, 0, (value & IE) != 0 ? 1 : 0);
        } else if (offset < MMSIADDRCFG_AT) {
            configure((offset - SOURCECFG) / 4 + 1, value);
        } else if (offset < SETIP) {
            setAddress(offset - MMSIADDRCFG_AT, value);
        } else if (offset < SETIPNUM_LE) {
            storeSets(offset, value);
        } else if (offset < GENMSI_AT) {
            setPending(number(offset == SETIPNUM_BE ? Integer.reverseBytes((int) value) : (int) value));
        } else {
            retarget((offset - TARGET) / 4 + 1, value);
        }
        passOn();
    }

    /** A source's number, or 0 for a number that is none. */
    private int number(int value) {
        return value > 0 && value <= sources ? value : 0;
    }

    private void storeSets(int offset, long value) {
        switch (offset) {
            case SETIPNUM -> setPending(number((int) value));
            case CLRIPNUM -> clearPending(number((int) value));
            case SETIENUM -> setEnabled(number((int) value), true);
            case CLRIENUM -> setEnabled(number((int) value), false);
            default -> {
                int first = (offset & 0x7F) * 8;
                for (long rest = value & 0xFFFF_FFFFL; rest != 0; rest &= rest - 1) {
                    int source = first + Long.numberOfTrailingZeros(rest);
                    switch (offset & 0x1F00) {
                        case SETIP -> setPending(source);
                        case IN_CLRIP -> clearPending(source);
                        case SETIE -> setEnabled(source, true);
                        default -> setEnabled(source, false);
                    }
                }
            }
        }
    }

    private void setEnabled(int source, boolean on) {
        if (active(source)) {
            set(ENABLED, source, on);
        }
    }

    private void setAddress(int at, long value) {
        if ((MMSIADDRCFGH.get(state, 0) & LOCKED) != 0) {
            return;
        }
        state.u32(MMSIADDRCFG.offset() + (long) at, switch (at) {
            case 4 -> value & MMSIADDRCFGH_BITS;
            case 12 -> value & SMSIADDRCFGH_BITS;
            default -> value;
        });
    }

    private void retarget(int source, long value) {
        if (!active(source)) {
            return;
        }
        if (messages == null) {
            // aia 4.5.16.1: priority number 0 becomes 1.
            setTarget(source, value & 0xFFFC_0000L | Math.max(1, value & 0xFF));
        } else {
            setTarget(source, value & (parent == null ? GENMSI_BITS : GENMSI_BITS | 0x3_F000L));
        }
    }

    private void clear() {
        state.zero(0, state.sizeBytes());
        if (messages != null && parent == null) {
            MessageMap map = messages.map();
            MMSIADDRCFG.set(state, 0, map.machineBasePa() >>> 12);
            MMSIADDRCFGH.set(state, 0, map.machineBasePa() >>> 44 | (long) map.hartBits() << 12);
            SMSIADDRCFG.set(state, 0, map.supervisorBasePa() >>> 12);
            SMSIADDRCFGH.set(state, 0, map.supervisorBasePa() >>> 44 | (long) map.guestBits() << 20);
        }
    }

    @Override
    public void reset() {
        clear();
        if (idcs != null) {
            idcs.lower();
        }
    }

    @Override
    public String stateName() {
        return stateName;
    }

    @Override
    public void save(StateWriter out) {
        state.save(out);
    }

    @Override
    public void load(StateReader in) {
        state.load(in);
    }
}
