/**
 * Judges captures from outside: reads pcapng and recomputes what RoCEv2 frames must carry. It shares no code with the
 * cards that made the frames, nor with the writer of the captures.
 */
@Part(name = "network.check")
package calvin.network.check;

import calvin.sim.state.Part;
