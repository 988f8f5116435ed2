package calvin.machine.nic.verbs;

import calvin.sim.state.Struct;
import calvin.sim.state.Struct.U32;
import calvin.sim.state.Struct.U64;

/** A request packet on its way from the gather DMA to the port; its bytes are the payload of its TRANSMIT event. */
final class TransmissionStruct {
    static final Struct S = Struct.named("nic.transmission");
    static final U32 NEXT = S.u32("next", "free list");
    static final U32 PAIR = S.u32("pair", "index of the queue pair");
    static final U64 GENERATION = S.u64("generation", "0 while free");
    static final U64 PAIR_GENERATION = S.u64("pair_generation", "of the queue pair");
    static final U32 EPOCH = S.u32("epoch", "the queue pair's when the packet was made");
    static final U32 INDEX = S.u32("index", "of the SQ entry");
    static final U32 PAYLOAD = S.u32("payload", "payload bytes");

    static {
        S.reserved(4);
        S.endsAt(40);
    }

    private TransmissionStruct() {}
}
