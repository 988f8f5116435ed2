/**
 * Which task of a hart runs: run queues, round robin, sleepers and the timer. Tasks stay on their hart; there is no
 * balancing. A timer is armed only while two tasks compete or somebody sleeps.
 */
@Part(name = "lwk.sched", mayUse = {"lwk.abi", "lwk.state", "machine.hosted", "machine.isa"})
package calvin.lwk.sched;

import calvin.sim.state.Part;
