package calvin.machine.fitting;

import calvin.machine.bus.IrqLine;
import calvin.machine.hart.HartModel;
import java.util.Optional;
import java.util.function.IntFunction;

/** What a kind of interrupt controller is: how it is built and described. Has no state. */
public interface InterruptKind {
    /** Wires are numbered from 1 to this. */
    int lastWire();

    /** Where its windows begin and end, for boards to keep devices out of them: pairs of base and exclusive end. */
    long[] windows(int harts, HartModel model);

    /**
     * Builds the controller, puts it on the bus and connects it to the harts.
     *
     * @return the wires into it by number
     */
    IntFunction<IrqLine> build(Workbench bench);

    /** Writes its nodes into {@code /soc}. */
    void describe(TreeWriter tree);

    /** Label (see {@link TreeWriter#phandle}) of the node that takes wires. */
    String label();

    /** What {@code interrupts} says of a wire that is active while high. */
    long[] cells(int wire);

    /** Label of the node that takes messages, for {@code msi-parent}; empty where there are none. */
    default Optional<String> messageLabel() {
        return Optional.empty();
    }

    /** Whether it gives harts Smaia and Ssaia, which the device tree then must say. */
    default boolean aia() {
        return false;
    }

    /**
     * Where the machine-level domain of an APLIC is whose sources 1 to {@link #lastWire} firmware delegates to child 0,
     * for kernels in S mode to have; 0 where there is none.
     */
    default long delegatingPa() {
        return 0;
    }
}
