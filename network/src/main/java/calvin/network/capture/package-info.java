/**
 * Captures of ports as pcapng files that tshark and Wireshark read. Lanes only buffer; files are written between
 * windows.
 */
@Part(name = "network.capture", mayUse = {"network.link"})
package calvin.network.capture;

import calvin.sim.state.Part;
