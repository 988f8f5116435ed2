/**
 * The instruction set as tables: instructions, CSRs, trap causes; and what is derived from the tables: decoder,
 * assembler, disassembler. Follows the unprivileged and privileged manuals. Nothing here has state.
 */
@Part(name = "machine.isa")
package calvin.machine.isa;

import calvin.sim.state.Part;
