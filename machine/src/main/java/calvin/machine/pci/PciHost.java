package calvin.machine.pci;

import calvin.machine.bus.Device;
import calvin.machine.bus.IrqLine;
import calvin.machine.bus.RegisterMap;
import calvin.machine.bus.RegisterMap.Access;
import calvin.sim.check.Check;
import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;
import java.util.List;

/**
 * A PCI Express host bridge: one bus whose configuration space is memory (ECAM), and four interrupt wires.
 *
 * <pre>
 * offset = bus &lt;&lt; 20 | slot &lt;&lt; 15 | function &lt;&lt; 12 | register
 * </pre>
 *
 * Slot 0 is the bridge itself, with the identity of QEMU's generic host; slots 1 to 31 take cards of one function. What
 * is not there reads as all ones. INTA of slot <i>s</i> is wire <i>s</i> mod 4. What the functions' BARs answer is
 * reached through {@link PciWindow}s. Timing: configuration accesses take no time. Left out: bridges and buses behind
 * them, hot plug, error reporting, functions beside number 0. Spec: PCI Express Base 5.0, 7.2.2; PCI Firmware 3.2.
 */
public final class PciHost implements Device {
    public static final int ECAM_BYTES = 0x1000_0000;
    public static final int SLOTS = 32;
    public static final int WIRES = 4;

    private static final int FUNCTION_SHIFT = 12;
    private static final int SLOT_SHIFT = 15;
    private static final int VENDOR = 0x1B36;
    private static final int HOST_BRIDGE = 0x0008;
    private static final int HOST_CLASS = 0x06_00_00;

    private final String stateName;
    private final IrqLine[] wires;
    private final PciCard[] cards = new PciCard[SLOTS];
    private final PciFunction bridge = new PciFunction(VENDOR, HOST_BRIDGE, HOST_CLASS, 0, 0x1AF4, 0x1100);
    private final RegisterMap registers = new RegisterMap(ECAM_BYTES).registers("Configuration", 0, ECAM_BYTES / 4, 4,
            RegisterMap.W1 | RegisterMap.W2 | RegisterMap.W4, Access.READ_WRITE,
            "PCI Express 5.0, 7.2.2: configuration space of the functions");

    /** @param wires four, at the board's interrupt controller */
    public PciHost(String stateName, List<IrqLine> wires) {
        Check.that(wires.size() == WIRES, "a host bridge has four interrupt wires", wires.size());
        this.stateName = stateName;
        this.wires = wires.toArray(new IrqLine[0]);
    }

    /** Puts a card into a slot, 1 to 31. Its state is its owner's to register. */
    public void plug(int slot, PciCard card) {
        Check.that(slot > 0 && slot < SLOTS && cards[slot] == null, "slot is taken or does not exist", slot);
        cards[slot] = card;
        card.function().connect(() -> drive(slot % WIRES));
    }

    /** The requester id of a slot's function: bus, device and function numbers. */
    public static int requesterId(int slot) {
        return slot << 3;
    }

    private void drive(int wire) {
        boolean high = false;
        for (int slot = wire == 0 ? WIRES : wire; slot < SLOTS; slot += WIRES) {
            high |= cards[slot] != null && cards[slot].function().asserts();
        }
        wires[wire].set(high);
    }

    /** The function in a slot, or null. */
    PciFunction function(int slot) {
        return slot == 0 ? bridge : cards[slot] == null ? null : cards[slot].function();
    }

    private PciFunction target(int offset) {
        // Only bus 0 and functions 0 are there.
        return (offset >>> FUNCTION_SHIFT & 7) != 0 || offset >>> SLOT_SHIFT >= SLOTS
                ? null
                : function(offset >>> SLOT_SHIFT);
    }

    @Override
    public RegisterMap registers() {
        return registers;
    }

    @Override
    public long load(long timePs, int offset, int widthBytes) {
        PciFunction function = target(offset);
        return function == null ? (1L << 8 * widthBytes) - 1 : function.load(timePs, offset & 0xFFF, widthBytes);
    }

    @Override
    public void store(long timePs, int offset, int widthBytes, long value) {
        PciFunction function = target(offset);
        if (function != null) {
            function.store(timePs, offset & 0xFFF, widthBytes, value);
        }
    }

    @Override
    public void reset() {
        bridge.reset();
        for (PciCard card : cards) {
            if (card != null) {
                card.reset();
            }
        }
    }

    @Override
    public String stateName() {
        return stateName;
    }

    @Override
    public void save(StateWriter out) {
        bridge.save(out);
    }

    @Override
    public void load(StateReader in) {
        bridge.load(in);
    }
}
