package calvin.machine.aia;

import static calvin.machine.aia.ImsicFileStruct.*;

import calvin.machine.bus.Device;
import calvin.machine.bus.IrqLine;
import calvin.machine.bus.RegisterMap;
import calvin.machine.bus.RegisterMap.Access;
import calvin.sim.check.Check;
import calvin.sim.state.Block;
import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;
import java.util.List;

/**
 * The interrupt files of one privilege level at every hart, and the pages where messages reach them. At machine level a
 * hart has one file, at supervisor level one and those of its guests; so a board has two of these.
 *
 * <pre>
 * hart * 4096 * P + 4096 * file + 0x000   SETEIPNUM_LE   the identity written becomes pending
 *                               + 0x004   SETEIPNUM_BE   the same with its bytes the other way round
 * </pre>
 *
 * P is the number of files rounded up to a power of two; pages between are read-only zeros. The other registers belong
 * to the harts' CSRs (0x70 eidelivery, 0x72 eithreshold, 0x80 eip0 to 0xBF, 0xC0 eie0 to 0xFF) and are reached by
 * {@link #read} and {@link #write}.
 *
 * <p>Interrupts: a wire per file, high while eidelivery is 1 and an enabled identity below the threshold is pending.
 * Timing: a message has arrived when its write is done. Timers: none. Ours: after reset eidelivery and all else is
 * zero; a threshold keeps as many bits as the largest identity has.
 *
 * <p>Not emulated: eidelivery 0x40000000 (an APLIC or PLIC in the IMSIC's place), which reads as zero when written;
 * access faults for other widths, which are ignored. Spec: aia 3.
 */
public final class Imsic implements Device {
    public static final int PAGE_BYTES = 4096;
    public static final int MAX_IDENTITIES = 2047;
    public static final int MAX_GUESTS = 63;

    private static final int EIDELIVERY_AT = 0x70;
    private static final int EITHRESHOLD_AT = 0x72;
    private static final int EIP_AT = 0x80;
    private static final int EIE_AT = 0xC0;
    private static final int BIG_ENDIAN = 4;

    private final String stateName;
    private final int filesPerHart;
    private final int pagesPerHart;
    private final int identities;
    private final int words;
    private final int fileBytes;
    private final IrqLine[] line;
    private final RegisterMap registers;
    /** {@link ImsicFileStruct} and two sets of identities per file, by hart, then by file. */
    private final Block state;

    /**
     * @param harts        how many harts have files here
     * @param filesPerHart 1, and the number of guests at supervisor level
     * @param identities   largest identity: 63, 127, 191, ... {@link #MAX_IDENTITIES}
     * @param lines        wires by hart, then by file
     */
    public Imsic(String stateName, int harts, int filesPerHart, int identities, List<IrqLine> lines) {
        Check.that(identities >= 63 && identities <= MAX_IDENTITIES && identities % 64 == 63,
                "an interrupt file cannot have so many identities", identities);
        Check.that(lines.size() == harts * filesPerHart, "every file has a wire", lines.size());
        this.stateName = stateName;
        this.filesPerHart = filesPerHart;
        this.identities = identities;
        pagesPerHart = pagesPerHart(filesPerHart);
        words = (identities + 1) / 64;
        fileBytes = S.sizeBytes() + 16 * words;
        line = lines.toArray(new IrqLine[0]);
        state = new Block(line.length * fileBytes);
        int pages = harts * pagesPerHart;
        // @formatter:off
        registers = new RegisterMap(windowBytes(harts, filesPerHart))
            .registers("SETEIPNUM_LE", 0, pages, PAGE_BYTES, RegisterMap.W4, Access.READ_WRITE,
                "aia 3.5: makes an identity pending; reads as zero")
            .registers("SETEIPNUM_BE", BIG_ENDIAN, pages, PAGE_BYTES, RegisterMap.W4, Access.READ_WRITE,
                "aia 3.5: the same, big-endian");
        // @formatter:on
    }

    private static int pagesPerHart(int filesPerHart) {
        return filesPerHart == 1 ? 1 : Integer.highestOneBit(filesPerHart - 1) << 1;
    }

    /** Length of the window of the files of so many harts. */
    public static int windowBytes(int harts, int filesPerHart) {
        return Math.multiplyExact(harts * pagesPerHart(filesPerHart), PAGE_BYTES);
    }

    /** How many bits of a page number choose the file of a hart: 0 at machine level. */
    public static int fileBits(int filesPerHart) {
        return Integer.numberOfTrailingZeros(pagesPerHart(filesPerHart));
    }

    public int filesPerHart() {
        return filesPerHart;
    }

    // The pages.

    @Override
    public RegisterMap registers() {
        return registers;
    }

    @Override
    public long load(long timePs, int offset, int widthBytes) {
        return 0;
    }

    @Override
    public void store(long timePs, int offset, int widthBytes, long value) {
        int page = offset / PAGE_BYTES;
        int file = page % pagesPerHart;
        int identity = offset % PAGE_BYTES == BIG_ENDIAN ? Integer.reverseBytes((int) value) : (int) value;
        if (file < filesPerHart && identity > 0 && identity <= identities) {
            int at = at(page / pagesPerHart, file);
            long word = pendingAt(at) + (identity >>> 6) * 8L;
            state.u64(word, state.u64(word) | 1L << identity);
            update(at);
        }
    }

    // The registers behind a hart's CSRs.

    private int at(int hart, int file) {
        return (hart * filesPerHart + file) * fileBytes;
    }

    private static int pendingAt(int at) {
        return at + S.sizeBytes();
    }

    private int enabledAt(int at) {
        return at + S.sizeBytes() + 8 * words;
    }

    /** @param register select value, 0x70 to 0xFF; of the arrays the even ones */
    public long read(int hart, int file, int register) {
        int at = at(hart, file);
        if (register >= EIP_AT) {
            long word = wordAt(at, register);
            return word < 0 ? 0 : state.u64(word);
        }
        return switch (register) {
            case EIDELIVERY_AT -> EIDELIVERY.get(state, at);
            case EITHRESHOLD_AT -> EITHRESHOLD.get(state, at);
            default -> 0;
        };
    }

    /** As {@link #read}; bits of identities that are not there stay zero. */
    public void write(int hart, int file, int register, long contents) {
        int at = at(hart, file);
        if (register >= EIP_AT) {
            long word = wordAt(at, register);
            if (word >= 0) {
                // Identity 0 does not exist.
                state.u64(word, register == EIP_AT || register == EIE_AT ? contents & ~1L : contents);
            }
        } else if (register == EIDELIVERY_AT) {
            EIDELIVERY.set(state, at, contents == 1 ? 1 : 0);
        } else if (register == EITHRESHOLD_AT) {
            EITHRESHOLD.set(state, at, contents & (Integer.highestOneBit(identities) << 1) - 1L);
        }
        update(at);
    }

    /** Where the word of eip or eie is kept, or -1 for one without identities. */
    private long wordAt(int at, int register) {
        boolean pending = register < EIE_AT;
        int word = register - (pending ? EIP_AT : EIE_AT) >>> 1;
        return word >= words ? -1 : (pending ? pendingAt(at) : enabledAt(at)) + 8L * word;
    }

    /** The lowest identity that is pending, enabled and below the threshold; 0 for none. */
    public int top(int hart, int file) {
        return top(at(hart, file));
    }

    private int top(int at) {
        int pending = pendingAt(at);
        int enabled = enabledAt(at);
        for (int word = 0; word < words; word++) {
            long ready = state.u64(pending + 8L * word) & state.u64(enabled + 8L * word);
            if (ready != 0) {
                int identity = 64 * word + Long.numberOfTrailingZeros(ready);
                long threshold = EITHRESHOLD.get(state, at);
                return threshold == 0 || identity < threshold ? identity : 0;
            }
        }
        return 0;
    }

    /** Takes the top identity back. */
    public void claim(int hart, int file) {
        int at = at(hart, file);
        int identity = top(at);
        if (identity != 0) {
            long word = pendingAt(at) + (identity >>> 6) * 8L;
            state.u64(word, state.u64(word) & ~(1L << identity));
            update(at);
        }
    }

    private void update(int at) {
        boolean raised = EIDELIVERY.get(state, at) == 1 && top(at) != 0;
        if (raised != (RAISED.get(state, at) != 0)) {
            RAISED.set(state, at, raised ? 1 : 0);
            line[at / fileBytes].set(raised);
        }
    }

    @Override
    public void reset() {
        state.zero(0, state.sizeBytes());
        for (IrqLine wire : line) {
            wire.set(false);
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
