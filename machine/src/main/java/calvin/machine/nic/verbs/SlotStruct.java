package calvin.machine.nic.verbs;

import calvin.sim.state.Struct;
import calvin.sim.state.Struct.U32;
import calvin.sim.state.Struct.U64;

/** A place for a fetched SQ entry. The slots of a queue pair form a list from its cursor on. */
final class SlotStruct {
    static final Struct S = Struct.named("nic.slot");
    static final U32 NEXT = S.u32("next", "free list, or the queue pair's next slot");
    static final U32 ARRIVED = S.u32("arrived", "0 while the DMA read is under way");
    static final U64 GENERATION = S.u64("generation", "0 while free");
    static final U32 PAIR = S.u32("pair", "index of the queue pair");
    static final U32 INDEX = S.u32("index", "of the entry in its ring");
    static final int ENTRY_AT = 24;

    static {
        S.reserved(WorkStruct.BYTES);
        S.endsAt(ENTRY_AT + WorkStruct.BYTES);
    }

    private SlotStruct() {}
}
