/**
 * Joins processes over TCP: {@link calvin.network.transport.Mesh} is the seam between the workers of one run, {@link
 * calvin.network.transport.WorkerServer} and {@link calvin.network.transport.WorkerClient} bring a plan to the workers
 * and their results back. An edge: threads, sockets and host time live here and have no effect on what is simulated.
 *
 * <p>Messages are length-prefixed, big-endian and of bounded size. Peers prove that they belong to the run by a token
 * compared in constant time. It goes over the wire in clear, as do the messages: between hosts, use a network that you
 * trust.
 */
@Part(name = "network.transport", mayUse = {"sim.event", "sim.wire"})
package calvin.network.transport;

import calvin.sim.state.Part;
