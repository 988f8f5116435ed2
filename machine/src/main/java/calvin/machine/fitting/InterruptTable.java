package calvin.machine.fitting;

/** The interrupt controllers that a board can have. */
public enum InterruptTable {
    // @formatter:off
    /** SiFive's, as on QEMU's virt: wires only. */
    PLIC(new PlicKind()),
    /** An APLIC with a wire to every hart. */
    APLIC(new AplicKind()),
    /** An IMSIC at every hart, and an APLIC that sends messages there. */
    AIA(new AiaKind());
    // @formatter:on

    private final InterruptKind kind;

    InterruptTable(InterruptKind kind) {
        this.kind = kind;
    }

    public InterruptKind kind() {
        return kind;
    }
}
