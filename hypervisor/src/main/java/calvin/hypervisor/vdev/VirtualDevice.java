package calvin.hypervisor.vdev;

import calvin.hypervisor.host.VmmHost;
import calvin.machine.hosted.HartPort;

/** Emulates a range of guest-physical addresses, access by access. */
public sealed interface VirtualDevice permits VirtualUart, VirtualFinisher, VirtualCard {
    /**
     * @param vmAt   the machine's control block
     * @param offset from the beginning of the range
     * @param bytes  1, 2, 4 or 8
     * @return the value, zero-extended
     */
    long load(HartPort port, VmmHost host, long vmAt, int offset, int bytes);

    void store(HartPort port, VmmHost host, long vmAt, int offset, int bytes, long value);
}
