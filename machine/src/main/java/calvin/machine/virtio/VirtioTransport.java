package calvin.machine.virtio;

/** How a core reaches the driver. */
public interface VirtioTransport {
    /** Chains of this queue have been given back. */
    void queueInterrupt(int queue);

    /** The configuration or the device's status has changed. */
    void configInterrupt();
}
