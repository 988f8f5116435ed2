package calvin.machine.mem;

/** What a region's RAM is made of. */
public enum MemoryClass {
    /** Large and near; what a machine has by default. */
    DDR,
    /** High-bandwidth memory: small, several times the bandwidth. */
    HBM
}
