package calvin.machine.fitting;

/** The interrupt controllers that a board can have. */
public enum InterruptTable {
    // @formatter:off
    /** SiFive's, as on QEMU's virt: wires only. */
    PLIC(new PlicKind());
    // @formatter:on

    private final InterruptKind kind;

    InterruptTable(InterruptKind kind) {
        this.kind = kind;
    }

    public InterruptKind kind() {
        return kind;
    }
}
