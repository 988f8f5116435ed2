/**
 * PCI Express as boards have it: a host bridge with configuration space, windows and interrupt wires, and the functions
 * plugged into it (PCI Local Bus 3.0, PCI Express Base 5.0).
 */
@Part(name = "machine.pci", mayUse = {"machine.bus"})
package calvin.machine.pci;

import calvin.sim.state.Part;
