package calvin.machine.nic.verbs;

import calvin.sim.state.Struct;
import calvin.sim.state.Struct.U32;
import calvin.sim.state.Struct.U64;

/** A protection domain; its number is its pool index plus one. */
final class DomainStruct {
    static final Struct S = Struct.named("nic.pd");
    static final U32 NEXT = S.u32("next", "free list");
    static final U32 USERS = S.u32("users", "memory regions and queue pairs in it");
    static final U64 GENERATION = S.u64("generation", "0 while free");

    static {
        S.endsAt(Pool.HEADER_BYTES);
    }

    private DomainStruct() {}
}
