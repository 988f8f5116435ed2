package calvin.machine.iommu;

import static calvin.machine.iommu.IommuStruct.*;

import calvin.machine.bus.Dma;
import calvin.machine.bus.IrqLine;
import calvin.sim.state.Block;
import calvin.sim.state.Derived;
import java.util.List;

/** Pending interrupts, and how they reach harts: by wire while fctl.WSI is 1, else by message (iommu 6.17, 6.28). */
final class Interrupts {
    /** Bits of ipsr. */
    static final int COMMANDS = 0;
    static final int FAULTS = 1;
    static final long CAUSES = 3;
    static final long WIRES = 2;
    /** civ and fiv, of two bits each. */
    static final long ICVEC_BITS = 0x33;
    private static final int ENTRY_BYTES = 16;

    private final Block state;
    private final Dma bus;
    private final IrqLine[] line;
    @Derived(from = "the IOMMU: set once while it is built")
    private FaultQueue faults;

    /** @param lines by vector */
    Interrupts(Block state, Dma bus, List<IrqLine> lines) {
        this.state = state;
        this.bus = bus;
        line = lines.toArray(new IrqLine[0]);
    }

    /** Where a message that does not arrive is reported. */
    void reportTo(FaultQueue queue) {
        faults = queue;
    }

    boolean byWire() {
        return (FCTL.get(state, 0) & WIRES) != 0;
    }

    private int vector(int cause) {
        return (int) (ICVEC.get(state, 0) >>> 4 * cause) & 3;
    }

    /** Makes a cause pending; a message is sent when it was not. */
    void raise(int cause) {
        long pending = IPSR.get(state, 0);
        if ((pending >>> cause & 1) == 0) {
            IPSR.set(state, 0, pending | 1L << cause);
            if (!byWire()) {
                send(vector(cause));
            }
        }
        updateWires();
    }

    /** Software has seen these. */
    void clear(long causes) {
        IPSR.set(state, 0, IPSR.get(state, 0) & ~(causes & CAUSES));
        updateWires();
    }

    private void send(int vector) {
        long at = MSI_CFG_TBL.offset() + (long) ENTRY_BYTES * vector;
        if ((state.u32(at + 12) & 1) != 0) {
            HELD.set(state, 0, HELD.get(state, 0) | 1L << vector);
            return;
        }
        long pa = state.u64(at);
        if (!bus.message(pa, (int) state.u32(at + 8))) {
            faults.report(FaultCause.MSI_WRITE_ACCESS_FAULT, pa);
        }
    }

    /** Masks have changed: sends what waited. */
    void sendHeld() {
        for (int vector = 0; vector < VECTORS; vector++) {
            boolean masked = (state.u32(MSI_CFG_TBL.offset() + ENTRY_BYTES * vector + 12L) & 1) != 0;
            long held = HELD.get(state, 0);
            if (!masked && (held >>> vector & 1) != 0) {
                HELD.set(state, 0, held & ~(1L << vector));
                send(vector);
            }
        }
    }

    void lower() {
        for (IrqLine wire : line) {
            wire.set(false);
        }
    }

    void updateWires() {
        long high = 0;
        long pending = byWire() ? IPSR.get(state, 0) : 0;
        for (int cause = COMMANDS; cause <= FAULTS; cause++) {
            if ((pending >>> cause & 1) != 0) {
                high |= 1L << vector(cause);
            }
        }
        long changed = high ^ RAISED.get(state, 0);
        RAISED.set(state, 0, high);
        for (int vector = 0; vector < line.length; vector++) {
            if ((changed >>> vector & 1) != 0) {
                line[vector].set((high >>> vector & 1) != 0);
            }
        }
    }
}
