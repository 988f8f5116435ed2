/**
 * System calls: one row of {@link Call} and one method each, which checks, copies in, acts and copies out. Numbers are
 * those of Linux' asm-generic table and, from 500 on, Kitten's own.
 */
@Part(name = "lwk.call", mayUse = {"lwk.abi", "lwk.state", "lwk.mm", "lwk.sched", "lwk.fs", "lwk.drv",
    "lwk.task", "machine.hosted", "machine.isa"})
package calvin.lwk.call;

import calvin.sim.state.Part;
