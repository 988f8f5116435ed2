package calvin.machine.aia;

import calvin.sim.state.Struct;
import calvin.sim.state.Struct.U32;

/**
 * State of one interrupt file of an {@link Imsic}. The pending bits follow, then the enable bits: identity i is bit
 * i % 64 of word i / 64.
 */
final class ImsicFileStruct {
    static final Struct S = Struct.named("imsic_file");
    static final U32 EIDELIVERY = S.u32("eidelivery", "1: the file interrupts its hart");
    static final U32 EITHRESHOLD = S.u32("eithreshold", "identities from this one on do not interrupt; 0: all do");
    static final U32 RAISED = S.u32("raised", "1 while the file's wire is high");
    static {
        S.reserved(4);
        S.endsAt(16);
    }

    private ImsicFileStruct() {}
}
