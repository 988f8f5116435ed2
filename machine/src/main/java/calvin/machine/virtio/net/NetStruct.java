package calvin.machine.virtio.net;

import calvin.sim.state.Struct;
import calvin.sim.state.Struct.U64;
import calvin.sim.state.Struct.U8;

/** State of a {@link VirtioNet}. */
final class NetStruct {
    static final Struct S = Struct.named("virtio_net");
    static final U64 MAC = S.u64("mac", "address frames are received for, first octet in bits 47..40");
    static final U64 SENT = S.u64("sent", "frames sent since power-on");
    static final U64 RECEIVED = S.u64("received", "frames given to the driver since power-on");
    static final U64 DROPPED = S.u64("dropped", "frames without a buffer, without a driver, or malformed");
    static final U8 ALL_UNICAST = S.u8("all_unicast", "1: frames for other stations are received too");
    static final U8 NO_MULTICAST = S.u8("no_multicast", "1: no multicast frames");
    static final U8 NO_BROADCAST = S.u8("no_broadcast", "1: no broadcast frames");
    static {
        S.reserved(5);
        S.endsAt(40);
    }

    private NetStruct() {}
}
