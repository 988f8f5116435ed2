package calvin.machine.hart;

/** What a hart and its hosted kernels need of their machine beyond memory and bus. */
public interface MachineServices {
    /** A store reached a page that {@link calvin.machine.mem.PhysicalMemory#watchStores} names; it has been done. */
    void watchedStore(Hart hart, long pa);

    /** Time of whatever acts now: the event in progress, or the hart that executes. */
    long nowPs();

    /** Number of the machine in its experiment. */
    int node();

    /** A kernel of this machine gave up. */
    void panic(Hart hart, String message);

    void taskStarted(long timePs, long task);

    void taskEnded(long timePs, long task, long code);

    void vmExit(long timePs, int code, long cycles, int vcpu);
}
