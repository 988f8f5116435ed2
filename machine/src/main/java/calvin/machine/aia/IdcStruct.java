package calvin.machine.aia;

import calvin.sim.state.Struct;
import calvin.sim.state.Struct.U32;

/** State of the delivery of an {@link AplicDomain}'s interrupts to one hart. */
final class IdcStruct {
    static final Struct S = Struct.named("aplic_idc");
    static final U32 IDELIVERY = S.u32("idelivery", "1: interrupts reach the hart");
    static final U32 IFORCE = S.u32("iforce", "1: the hart is interrupted whatever is pending");
    static final U32 ITHRESHOLD = S.u32("ithreshold", "priority numbers from this one on do not interrupt; 0: all do");
    static final U32 RAISED = S.u32("raised", "1 while the hart's wire is high");
    static {
        S.endsAt(16);
    }

    private IdcStruct() {}
}
