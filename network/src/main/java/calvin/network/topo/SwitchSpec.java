package calvin.network.topo;

/**
 * What a switch is like.
 *
 * @param forwardingPs    from the first bit of a frame reaching a port to its first bit leaving another that is free,
 *                        at equal speeds; with {@code storeAndForward} counted from the last bit
 * @param bufferBytes     what each outgoing port may hold of waiting frames (without FCS); the frame on the line does
 *                        not count
 * @param storeAndForward whether a frame is passed on only when all of it has come
 */
public record SwitchSpec(long forwardingPs, long bufferBytes, boolean storeAndForward) {}
