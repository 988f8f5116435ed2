/**
 * Guests made of Debian's own packages: obtained by the machine's apt in a state of its own (signatures checked,
 * nothing installed, no root), unpacked by dpkg-deb, and put into an initial RAM disk. Runs processes and writes files
 * under the user's cache folder; nothing simulated uses it.
 */
@Part(name = "guests.debian")
package calvin.guests.debian;

import calvin.sim.state.Part;
