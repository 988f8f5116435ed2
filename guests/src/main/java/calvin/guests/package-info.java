/**
 * What runs inside a machine: the catalogue of prebuilt guest images. Their sources are C and assembler in {@code
 * guests/src/main/c}, rebuilt byte for byte by {@code guests/build-images.sh}.
 */
@Part(name = "guests")
package calvin.guests;

import calvin.sim.state.Part;
