/**
 * What instructions compute: integer and IEEE 754 arithmetic as static methods on primitives, shared by every execution
 * engine. Follows the unprivileged manual and IEEE 754-2019. Nothing here knows a hart or has state beyond accrued
 * exception flags.
 */
@Part(name = "machine.exec")
package calvin.machine.exec;

import calvin.sim.state.Part;
