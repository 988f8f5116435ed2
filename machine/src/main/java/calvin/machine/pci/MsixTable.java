package calvin.machine.pci;

import calvin.machine.bus.Device;
import calvin.machine.bus.Dma;
import calvin.machine.bus.RegisterMap;
import calvin.machine.bus.RegisterMap.Access;
import calvin.sim.check.Check;
import calvin.sim.state.Block;
import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;

/**
 * The MSI-X table and pending bits of a function, as a BAR.
 *
 * <pre>
 * 0x000 + 16*vector  address low, address high, data, control (bit 0: masked)
 * 0x800              pending bits
 * </pre>
 *
 * A masked vector's message waits in its pending bit until the mask is taken away. Messages take no time. Spec: PCI
 * 3.0, 6.8.2.
 */
public final class MsixTable implements Device {
    public static final int MAX_VECTORS = 64;
    static final int CAPABILITY = 0x11;
    static final int PENDING_AT = 0x800;
    private static final int ENTRY_BYTES = 16;
    private static final int CONTROL = 12;
    private static final int ENABLE = 0x8000;
    private static final int MASK_ALL = 0x4000;

    private final PciFunction function;
    private final int capabilityAt;
    private final int vectors;
    private final Dma dma;
    /** The entries, then the pending bits as one word. */
    private final Block state;
    private final RegisterMap registers = new RegisterMap(0x1000);

    MsixTable(PciFunction function, int capabilityAt, int vectors, Dma dma) {
        Check.that(vectors >= 1 && vectors <= MAX_VECTORS, "MSI-X vectors", vectors);
        this.function = function;
        this.capabilityAt = capabilityAt;
        this.vectors = vectors;
        this.dma = dma;
        state = new Block(vectors * ENTRY_BYTES + 8);
        registers.registers("Entry", 0, 2 * vectors, 8, RegisterMap.W4 | RegisterMap.W8, Access.READ_WRITE,
                "PCI 3.0, 6.8.2.6: where and what a vector's message is, and its mask");
        registers.register("Pending", PENDING_AT, RegisterMap.W4 | RegisterMap.W8, Access.READ_ONLY,
                "PCI 3.0, 6.8.2.10: messages waiting");
        reset();
    }

    public int vectors() {
        return vectors;
    }

    public boolean enabled() {
        return (function.load(capabilityAt + 2, 2) & ENABLE) != 0;
    }

    /** Sends a vector's message, now or when it is unmasked. Nothing happens while MSI-X is off. */
    public void raise(int vector) {
        if (vector >= vectors || !enabled()) {
            return;
        }
        long entry = (long) vector * ENTRY_BYTES;
        if ((function.load(capabilityAt + 2, 2) & MASK_ALL) != 0 || (state.u32(entry + CONTROL) & 1) != 0) {
            pending(pending() | 1L << vector);
        } else {
            dma.message(state.u64(entry), (int) state.u32(entry + 8));
        }
    }

    private long pending() {
        return state.u64((long) vectors * ENTRY_BYTES);
    }

    private void pending(long bits) {
        state.u64((long) vectors * ENTRY_BYTES, bits);
    }

    /** Sends what waited for a mask that is gone. */
    void configured() {
        long waiting = pending();
        if (waiting == 0 || !enabled()) {
            return;
        }
        pending(0);
        for (; waiting != 0; waiting &= waiting - 1) {
            raise(Long.numberOfTrailingZeros(waiting));
        }
    }

    @Override
    public RegisterMap registers() {
        return registers;
    }

    @Override
    public long load(long timePs, int offset, int widthBytes) {
        int at = offset < PENDING_AT ? offset : vectors * ENTRY_BYTES + offset - PENDING_AT;
        return widthBytes == 8 ? state.u64(at) : state.u32(at);
    }

    @Override
    public void store(long timePs, int offset, int widthBytes, long value) {
        if (widthBytes == 8) {
            state.u64(offset, value);
        } else {
            state.u32(offset, value);
        }
        configured();
    }

    @Override
    public void reset() {
        state.zero(0, state.sizeBytes());
        for (int i = 0; i < vectors; i++) {
            state.u32((long) i * ENTRY_BYTES + CONTROL, 1);
        }
    }

    /** Part of its function's state. */
    @Override
    public String stateName() {
        return "msix";
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
