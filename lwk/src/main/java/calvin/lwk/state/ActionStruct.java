package calvin.lwk.state;

import calvin.sim.state.Struct;
import calvin.sim.state.Struct.U64;

/**
 * What an address space does on one signal; the layout is that of Linux's {@code struct sigaction} on RISC-V, which has
 * no restorer.
 */
public final class ActionStruct {
    /** Signals are 1 to SIGNALS. */
    public static final int SIGNALS = 64;

    // @formatter:off
    public static final Struct S = Struct.named("action");
    public static final U64 HANDLER = S.u64("handler", "0 default, 1 ignore, else va of the handler");
    public static final U64 FLAGS   = S.u64("flags", "SA_* bits");
    public static final U64 MASK    = S.u64("mask", "signals blocked while the handler runs");
    // @formatter:on
    static {
        S.endsAt(24);
    }

    private ActionStruct() {}
}
