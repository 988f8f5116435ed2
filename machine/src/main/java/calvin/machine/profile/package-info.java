/**
 * Where a machine's time goes: samples of each hart at fixed cycles, by symbol and by call chain. The same run gives
 * the same profile to the last sample, and is not changed by it.
 */
@Part(name = "machine.profile", mayUse = {"machine.board", "machine.elf", "machine.hart", "machine.hosted",
    "machine.mem"})
package calvin.machine.profile;

import calvin.sim.state.Part;
