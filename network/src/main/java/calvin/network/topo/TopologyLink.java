package calvin.network.topo;

import calvin.network.link.LinkSpec;

/**
 * A cable with its two ports.
 *
 * @param index counts the links from 0 in the order in which they were declared
 * @param left  number of the port at one end
 * @param right number of the port at the other
 */
public record TopologyLink(int index, int left, int right, LinkSpec spec) {}
