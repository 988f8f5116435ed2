package calvin.machine.hart;

import calvin.sim.state.Derived;

/**
 * How a hart was executed: for whoever wants to know where a run's time goes. Nothing that is simulated reads it, so it
 * may differ between engines and between cuts of a run. Owned by the hart's lane.
 */
public final class HartStats {
    /** Instructions retired in translated code. */
    @Derived(from = "how the hart was executed")
    public long translated;
    /** Translations put into the data TLB: what missed it, less what faulted. */
    @Derived(from = "how the hart was executed")
    public long tlbFills;
    /** Times the data TLB was emptied, of everything or of some address spaces or of a page. */
    @Derived(from = "how the hart was executed")
    public long tlbFlushes;
}
