package calvin.machine.virtio.queue;

import calvin.sim.state.Struct;
import calvin.sim.state.Struct.U16;
import calvin.sim.state.Struct.U64;
import calvin.sim.state.Struct.U8;

/** What a device remembers of one virtqueue. */
public final class QueueStruct {
    public static final Struct S = Struct.named("virtqueue");
    static final U16 SIZE = S.u16("size", "entries, as the driver chose");
    static final U16 VECTOR = S.u16("vector", "MSI-X vector of the queue, 0xffff = none");
    static final U16 NEXT = S.u16("next", "available-ring index of the next chain to take");
    static final U16 USED = S.u16("used", "used-ring index of the next chain to give back");
    static final U16 SIGNALLED = S.u16("signalled", "used index when the driver's need was last examined");
    static final U8 READY = S.u8("ready", "1 while the driver lets the device use the queue");
    static final U8 NOTICED = S.u8("noticed", "1 while an event is pending at which the queue is looked at");
    static {
        S.reserved(4);
    }
    static final U64 DESCRIPTORS = S.u64("descriptors", "pa of the descriptor table");
    static final U64 DRIVER_AREA = S.u64("driver_area", "pa of the available ring");
    static final U64 DEVICE_AREA = S.u64("device_area", "pa of the used ring");
    static {
        S.endsAt(40);
    }

    private QueueStruct() {}
}
