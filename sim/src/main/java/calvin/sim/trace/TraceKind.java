package calvin.sim.trace;

/**
 * What a trace record says: one row per kind, with the meaning of its three arguments. A <em>work key</em> is {@code
 * qpn << 32 | index of the work request in its queue}; an <em>origin</em> is that of {@link calvin.sim.wire.Frame}.
 */
public enum TraceKind {
    // @formatter:off
    DOORBELL_RUNG    ("work key of the newest entry", "-",      "-"),
    DOORBELL_SEEN    ("work key of the newest entry", "-",      "-"),
    WORK_FETCHED     ("work key",                     "opcode", "message bytes"),
    FRAME_SENT       ("work key, -1 for ACK and NAK", "origin", "frame bytes"),
    SWITCH_RECEIVED  ("-",                            "origin", "frame bytes"),
    SWITCH_SENT      ("-",                            "origin", "frame bytes"),
    FRAME_RECEIVED   ("-",                            "origin", "frame bytes"),
    PAYLOAD_WRITTEN  ("receiving qpn",                "origin", "payload bytes"),
    COMPLETION       ("qpn",                          "cause's origin, or -1", "opcode | status << 8 | byte_len << 32"),
    RETRANSMIT       ("qpn",                          "first PSN", "frames to repeat"),
    FRAME_DROPPED    ("reason",                       "origin", "frame bytes"),
    TASK_STARTED     ("task id",                      "-",      "-"),
    TASK_ENDED       ("task id",                      "exit code", "-"),
    VM_EXIT          ("exit code",                    "cycles", "vcpu"),
    FAULT_APPLIED    ("fault id",                     "before", "after");
    // @formatter:on

    private final String a;
    private final String b;
    private final String c;

    TraceKind(String a, String b, String c) {
        this.a = a;
        this.b = b;
        this.c = c;
    }

    /** Meanings of the three arguments. */
    public String[] arguments() {
        return new String[]{a, b, c};
    }
}
