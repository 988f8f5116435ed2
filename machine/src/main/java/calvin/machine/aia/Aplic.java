package calvin.machine.aia;

import calvin.machine.bus.Dma;
import calvin.machine.bus.IrqLine;
import calvin.sim.check.Check;
import java.util.List;

/**
 * An APLIC: a domain at machine level where wires arrive, and below it one at supervisor level to which software there
 * may delegate sources. Both pass interrupts on in the same way, which the board chooses: by a wire to each hart, or by
 * messages to IMSICs.
 */
public final class Aplic {
    public static final int MAX_SOURCES = 1023;

    private final AplicDomain machine;
    private final AplicDomain supervisor;

    private Aplic(AplicDomain machine, AplicDomain supervisor) {
        this.machine = machine;
        this.supervisor = supervisor;
    }

    /**
     * One that interrupts harts directly.
     *
     * @param stateName      of the domains' states, with {@code -m} and {@code -s} behind it
     * @param sources        sources are 1 to this
     * @param machineLines   MEIP wires by hart
     * @param supervisorLines SEIP wires by hart
     */
    public static Aplic direct(String stateName, int sources, List<IrqLine> machineLines,
            List<IrqLine> supervisorLines) {
        AplicDomain root = new AplicDomain(stateName + "-m", null, sources, new DirectDelivery(machineLines));
        return new Aplic(root,
                new AplicDomain(stateName + "-s", root, sources, new DirectDelivery(supervisorLines)));
    }

    /** One that sends messages to the files of {@code map}; software may move them. */
    public static Aplic messages(String stateName, int sources, MessageMap map, Dma dma) {
        AplicDomain root = new AplicDomain(stateName + "-m", null, sources, new MessageDelivery(map, dma));
        return new Aplic(root, new AplicDomain(stateName + "-s", root, sources, new MessageDelivery(map, dma)));
    }

    /** The root domain. */
    public AplicDomain machine() {
        return machine;
    }

    /** Its child. */
    public AplicDomain supervisor() {
        return supervisor;
    }

    /** The wire of a source. */
    public IrqLine source(int number) {
        Check.that(number > 0 && number <= machine.sources(), "no such interrupt source", number);
        return high -> machine.setLevel(number, high);
    }
}
