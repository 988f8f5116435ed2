package calvin.machine.pci;

import calvin.sim.state.Stateful;

/** What can be plugged into a slot. Its state includes its function's. */
public interface PciCard extends Stateful {
    PciFunction function();

    /** Back to the state after power-on. */
    void reset();
}
