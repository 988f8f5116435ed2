package calvin.machine.timing;

/** How exactly a machine's clock follows what its instructions do. What they compute is the same. */
public enum Fidelity {
    /** Every instruction takes one cycle. */
    FUNCTIONAL,
    /** Caches, TLBs, NUMA distance and memories take their time: {@link TimingModel}. */
    TIMED
}
