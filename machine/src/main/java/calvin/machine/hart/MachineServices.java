package calvin.machine.hart;

/** What a hart needs of its machine beyond memory and bus. */
public interface MachineServices {
    /** A store reached a page that {@link calvin.machine.mem.PhysicalMemory#watchStores} names; it has been done. */
    void watchedStore(Hart hart, long pa);

    /** Time of whatever acts now: the event in progress, or the hart that executes. */
    long nowPs();
}
