/**
 * ELF64 executables for RISC-V: parsing and loading (System V gABI and the RISC-V psABI).
 */
@Part(name = "machine.elf")
package calvin.machine.elf;

import calvin.sim.state.Part;
