package calvin.machine.aia;

/** What of its wire is an interrupt of a source: field SM of sourcecfg (aia 4.5.2, table 4.2). */
enum SourceMode {
    // @formatter:off
    INACTIVE(0, 0, false),
    DETACHED(1, 0, false),
    EDGE1   (4, 1, false),
    EDGE0   (5, 2, false),
    LEVEL1  (6, 1, true),
    LEVEL0  (7, 2, true);
    // @formatter:on

    final int code;
    /** Which state of the wire asserts: 1 high, 2 low, 0 none. */
    private final int asserting;
    private final boolean level;

    private static final SourceMode[] BY_CODE = {INACTIVE, DETACHED, INACTIVE, INACTIVE, EDGE1, EDGE0, LEVEL1, LEVEL0};

    SourceMode(int code, int asserting, boolean level) {
        this.code = code;
        this.asserting = asserting;
        this.level = level;
    }

    /** The mode with this code, 0 to 7; reserved ones are inactive. */
    static SourceMode of(int code) {
        return BY_CODE[code];
    }

    boolean level() {
        return level;
    }

    /** The rectified input value. */
    boolean asserted(boolean high) {
        return asserting == (high ? 1 : 2);
    }
}
