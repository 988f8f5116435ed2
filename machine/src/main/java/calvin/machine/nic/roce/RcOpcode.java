package calvin.machine.nic.roce;

/**
 * The opcodes of the reliable connected transport, with the extension headers that follow the BTH (ib vol. 1, 9.2 and
 * table 38). Rows of kind {@link Kind#OTHER} are decoded so that a responder can refuse them; this card sends none of
 * them.
 */
public enum RcOpcode {
    // @formatter:off
    //                      code  kind             first  last   imm    RETH   AETH
    SEND_FIRST             (0x00, Kind.SEND,       true,  false, false, false, false),
    SEND_MIDDLE            (0x01, Kind.SEND,       false, false, false, false, false),
    SEND_LAST              (0x02, Kind.SEND,       false, true,  false, false, false),
    SEND_LAST_IMMEDIATE    (0x03, Kind.SEND,       false, true,  true,  false, false),
    SEND_ONLY              (0x04, Kind.SEND,       true,  true,  false, false, false),
    SEND_ONLY_IMMEDIATE    (0x05, Kind.SEND,       true,  true,  true,  false, false),
    WRITE_FIRST            (0x06, Kind.WRITE,      true,  false, false, true,  false),
    WRITE_MIDDLE           (0x07, Kind.WRITE,      false, false, false, false, false),
    WRITE_LAST             (0x08, Kind.WRITE,      false, true,  false, false, false),
    WRITE_LAST_IMMEDIATE   (0x09, Kind.WRITE,      false, true,  true,  false, false),
    WRITE_ONLY             (0x0A, Kind.WRITE,      true,  true,  false, true,  false),
    WRITE_ONLY_IMMEDIATE   (0x0B, Kind.WRITE,      true,  true,  true,  true,  false),
    READ_REQUEST           (0x0C, Kind.OTHER,      true,  true,  false, true,  false),
    ACKNOWLEDGE            (0x11, Kind.REPLY,      true,  true,  false, false, true),
    COMPARE_SWAP           (0x13, Kind.OTHER,      true,  true,  false, false, false),
    FETCH_ADD              (0x14, Kind.OTHER,      true,  true,  false, false, false),
    SEND_LAST_INVALIDATE   (0x16, Kind.OTHER,      false, true,  false, false, false),
    SEND_ONLY_INVALIDATE   (0x17, Kind.OTHER,      true,  true,  false, false, false);
    // @formatter:on

    /** What a packet is to its receiver. */
    public enum Kind {
        SEND, WRITE, REPLY, OTHER
    }

    private static final RcOpcode[] BY_CODE = new RcOpcode[256];

    static {
        for (RcOpcode opcode : values()) {
            BY_CODE[opcode.code] = opcode;
        }
    }

    private final int code;
    private final Kind kind;
    private final boolean first;
    private final boolean last;
    private final boolean immediate;
    private final boolean reth;
    private final int extensionBytes;

    RcOpcode(int code, Kind kind, boolean first, boolean last, boolean immediate, boolean reth, boolean aeth) {
        this.code = code;
        this.kind = kind;
        this.first = first;
        this.last = last;
        this.immediate = immediate;
        this.reth = reth;
        this.extensionBytes = (reth ? Packet.RETH_BYTES : 0) + (aeth ? Packet.AETH_BYTES : 0)
                + (immediate ? Packet.IMMEDIATE_BYTES : 0);
    }

    /** The row of a BTH opcode, or null for one that the reliable connected transport of this card does not know. */
    public static RcOpcode of(int code) {
        return BY_CODE[code & 0xFF];
    }

    /** The request opcode of a packet by its place in its message. */
    public static RcOpcode request(Kind kind, boolean first, boolean last, boolean immediate) {
        boolean send = kind == Kind.SEND;
        if (!last) {
            return first ? (send ? SEND_FIRST : WRITE_FIRST) : (send ? SEND_MIDDLE : WRITE_MIDDLE);
        }
        if (immediate) {
            return first
                    ? (send ? SEND_ONLY_IMMEDIATE : WRITE_ONLY_IMMEDIATE)
                    : (send ? SEND_LAST_IMMEDIATE : WRITE_LAST_IMMEDIATE);
        }
        return first ? (send ? SEND_ONLY : WRITE_ONLY) : (send ? SEND_LAST : WRITE_LAST);
    }

    public int code() {
        return code;
    }

    public Kind kind() {
        return kind;
    }

    /** Whether it begins a message. */
    public boolean first() {
        return first;
    }

    /** Whether it ends a message. */
    public boolean last() {
        return last;
    }

    public boolean immediate() {
        return immediate;
    }

    public boolean reth() {
        return reth;
    }

    /** Bytes of extension headers between the BTH and the payload. */
    public int extensionBytes() {
        return extensionBytes;
    }
}
