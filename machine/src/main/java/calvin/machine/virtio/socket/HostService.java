package calvin.machine.virtio.socket;

/**
 * What listens at a port of the host (CID 2). A function of the bytes: it keeps no state of its own, so a run with it
 * can be snapshot and replayed.
 */
public interface HostService {
    /** A guest has sent bytes on a stream; what is returned is sent back. */
    byte[] answer(long timePs, byte[] received);

    /** Sends back what it gets. */
    HostService ECHO = (timePs, received) -> received;
    /** Takes everything and says nothing. */
    HostService DISCARD = (timePs, received) -> new byte[0];
}
