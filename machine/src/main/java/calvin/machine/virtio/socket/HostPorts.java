package calvin.machine.virtio.socket;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which services listen at which ports of the host.
 *
 * @param services by port
 */
public record HostPorts(SortedMap<Long, HostService> services) {
    /** Echo and discard, at the ports that RFC 862 and RFC 863 give them. */
    public static final HostPorts DEFAULT = new HostPorts(new TreeMap<>(Map.of(7L, HostService.ECHO, 9L,
            HostService.DISCARD)));

    public HostPorts {
        services = Collections.unmodifiableSortedMap(new TreeMap<>(services));
    }
}
