package calvin.machine.virtio;

import calvin.sim.state.Struct;
import calvin.sim.state.Struct.U16;
import calvin.sim.state.Struct.U32;
import calvin.sim.state.Struct.U64;
import calvin.sim.state.Struct.U8;

/** State common to all virtio devices; one QueueStruct per queue follows. */
final class CoreStruct {
    static final Struct S = Struct.named("virtio");
    static final U64 DRIVER_FEATURES = S.u64("driver_features", "bits the driver has accepted");
    static final U64 POSTED = S.u64("posted", "events posted since reset");
    static final U64 FREE_PS = S.u64("free_ps", "end of the channel's last transfer");
    static final U32 DEVICE_SELECT = S.u32("device_select", "which half of the offered features is read");
    static final U32 DRIVER_SELECT = S.u32("driver_select", "which half of the accepted features is meant");
    static final U32 QUEUE_SELECT = S.u32("queue_select", "queue whose registers are meant");
    static final U32 GENERATION = S.u32("generation", "changes of the configuration space");
    static final U16 CONFIG_VECTOR = S.u16("config_vector", "MSI-X vector of configuration changes, 0xffff = none");
    static final U8 STATUS = S.u8("status", "device status field");
    static final U8 INTERRUPTS = S.u8("interrupts", "bit 0: used buffers, bit 1: configuration");
    static {
        S.reserved(4);
        S.endsAt(48);
    }

    private CoreStruct() {}
}
