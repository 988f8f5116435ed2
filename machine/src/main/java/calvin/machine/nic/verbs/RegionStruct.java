package calvin.machine.nic.verbs;

import calvin.sim.state.Struct;
import calvin.sim.state.Struct.U32;
import calvin.sim.state.Struct.U64;

/** A memory region: one contiguous range. Its key is {@code (index + 1) << 8 | 8 bits of generation}. */
final class RegionStruct {
    static final Struct S = Struct.named("nic.mr");
    static final U32 NEXT = S.u32("next", "free list");
    static final U32 KEY = S.u32("key", "lkey and rkey");
    static final U64 GENERATION = S.u64("generation", "0 while free");
    static final U64 VA = S.u64("va", "what work requests call its first byte");
    static final U64 LENGTH = S.u64("length", "bytes");
    static final U64 PA = S.u64("pa", "its first byte");
    static final U32 DOMAIN = S.u32("pd", "protection domain");
    static final U32 ACCESS = S.u32("access", "IBV_ACCESS_* bits");

    static {
        S.endsAt(48);
    }

    private RegionStruct() {}
}
