package calvin.machine.virtio.socket;

/** What a socket device is connected to: takes whole packets, header and payload. */
public interface SocketPeer {
    /** Told once, while it is built. */
    void connect(VirtioSocket device);

    /** The guest has sent a packet, which is the peer's now. */
    void onPacket(long timePs, byte[] packet);
}
