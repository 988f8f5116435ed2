package calvin.machine.dev;

import calvin.sim.state.Struct;
import calvin.sim.state.Struct.U32;
import calvin.sim.state.Struct.Words;

/** State of one context (interrupt target) of a {@link Plic}. */
final class PlicContextStruct {
    static final Struct S = Struct.named("plic_context");
    static final Words ENABLED = S.words("enabled", PlicStruct.WORDS, "sources that interrupt this context");
    static final U32 THRESHOLD = S.u32("threshold", "priorities up to this one do not interrupt");
    static final U32 RAISED = S.u32("raised", "1 while the context's wire is high");
    static {
        S.endsAt(24);
    }

    private PlicContextStruct() {}
}
