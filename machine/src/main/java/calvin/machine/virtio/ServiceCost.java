package calvin.machine.virtio;

/**
 * What using a device costs in virtual time. Requests overlap in all but their transfers: one that arrives at <i>t</i>
 * is done at {@code max(t, end of the transfers before) + bytes * psPerByte + latencyPs}.
 *
 * @param noticePs  from the driver's notification until the device looks at the queue
 * @param latencyPs of a request, without its transfer
 * @param psPerByte of the device's one channel
 */
public record ServiceCost(long noticePs, long latencyPs, long psPerByte) {}
