package calvin.hypervisor.exit;

import calvin.machine.hosted.HartPort;
import calvin.machine.isa.Csr;
import calvin.machine.isa.Decoder;
import calvin.machine.isa.Extension;
import calvin.machine.isa.Op;
import calvin.machine.isa.Slot;
import java.util.EnumSet;

/**
 * The load or store that faulted, packed into an int, and its completion. It is taken from htinst where the hart gives
 * a transformed instruction (priv H, "Transformed Instruction or Pseudoinstruction for mtinst or htinst"), else read at
 * sepc through the guest's page tables.
 *
 * <pre> bits 1..0 log2 of the width, 2 store, 3 sign-extends, 8..4 register, 9 instruction of 4 bytes (else 2) </pre>
 *
 * Left out: atomics, floating-point and vector accesses to devices; they are {@link #NONE}.
 */
public final class MmioAccess {
    public static final int NONE = -1;
    private static final int STORE = 4;
    private static final int SIGNED = 8;
    private static final int REGISTER_SHIFT = 4;
    private static final int LONG_FORM = 0x200;
    private static final long SSTATUS_MXR = 1L << 19;
    private static final Decoder DECODER = new Decoder(EnumSet.allOf(Extension.class));

    private MmioAccess() {}

    /** The access that the trap just taken was about, or {@link #NONE}. */
    public static int decode(HartPort port) {
        long htinst = port.csr(Csr.HTINST.number);
        if (htinst == 0) {
            return fetch(port);
        }
        if ((htinst & 1) == 0) {
            // A pseudoinstruction: the hart walked the guest's own page tables. No instruction to complete.
            return NONE;
        }
        // Transformed: bit 1 tells the length, the rest is the 32-bit form without an offset.
        return ofInstruction((int) htinst | 2, (htinst & 2) != 0 ? 2 : 1);
    }

    /** The access that an instruction makes; {@code halfwords} is its real length. */
    static int ofInstruction(int word, int halfwords) {
        Op op = DECODER.find(word);
        if (op == null) {
            return NONE;
        }
        int kind = kind(op.compressed() ? op.expansion : op);
        if (kind == NONE) {
            return NONE;
        }
        int length = halfwords == 2 ? LONG_FORM : 0;
        if (op.compressed()) {
            long slot = op.slot(word & 0xFFFF);
            return kind | ((isStore(kind) ? Slot.rs2(slot) : Slot.rd(slot)) & 31) << REGISTER_SHIFT | length;
        }
        // unpriv 2.2: rs2 and rd have their places in every 32-bit load and store.
        return kind | (word >>> (isStore(kind) ? 20 : 7) & 31) << REGISTER_SHIFT | length;
    }

    private static int kind(Op op) {
        return switch (op) {
            case LB -> SIGNED;
            case LBU -> 0;
            case LH -> SIGNED | 1;
            case LHU -> 1;
            case LW -> SIGNED | 2;
            case LWU -> 2;
            case LD -> 3;
            case SB -> STORE;
            case SH -> STORE | 1;
            case SW -> STORE | 2;
            case SD -> STORE | 3;
            default -> NONE;
        };
    }

    /** The bits of the guest's instruction at sepc, or 0 when they cannot be read. */
    static int instruction(HartPort port) {
        long sepc = port.csr(Csr.SEPC.number);
        // With MXR, HLV reads what HLVX reads and more (priv H, hlvx); code pages need not be readable.
        long sstatus = port.csr(Csr.SSTATUS.number);
        port.csr(Csr.SSTATUS.number, sstatus | SSTATUS_MXR);
        port.badAccess();
        int low = (int) port.guestLoad(sepc, 1);
        int high = Decoder.isCompressed(low) ? 0 : (int) port.guestLoad(sepc + 2, 1);
        boolean bad = port.badAccess();
        port.csr(Csr.SSTATUS.number, sstatus);
        return bad ? 0 : high << 16 | low;
    }

    private static int fetch(HartPort port) {
        int word = instruction(port);
        return word == 0 ? NONE : ofInstruction(word, Decoder.isCompressed(word) ? 1 : 2);
    }

    public static boolean isStore(int access) {
        return (access & STORE) != 0;
    }

    public static int bytes(int access) {
        return 1 << (access & 3);
    }

    public static int register(int access) {
        return access >>> REGISTER_SHIFT & 31;
    }

    /** What the guest stores, zero-extended. */
    public static long storeValue(HartPort port, int access) {
        int unused = 64 - 8 * bytes(access);
        return port.x(register(access)) << unused >>> unused;
    }

    /** Gives a load its value and moves sepc past the instruction. */
    public static void complete(HartPort port, int access, long loaded) {
        if (!isStore(access)) {
            int unused = 64 - 8 * bytes(access);
            long shifted = loaded << unused;
            port.x(register(access), (access & SIGNED) != 0 ? shifted >> unused : shifted >>> unused);
        }
        port.csr(Csr.SEPC.number, port.csr(Csr.SEPC.number) + ((access & LONG_FORM) != 0 ? 4 : 2));
    }
}
