package calvin.machine.nic.verbs;

/** What a card counts since power-on. Part of its state. */
public enum Counter {
    // @formatter:off
    FRAMES_SENT             ("frames put on the wire"),
    BYTES_SENT              ("their bytes, without FCS"),
    FRAMES_LOOPED           ("frames to the card itself"),
    FRAMES_RECEIVED         ("frames taken from the wire or the loop, also those dropped afterwards"),
    BYTES_RECEIVED          ("their bytes, without FCS"),
    PACKETS_SENT            ("request packets sent, repeated ones included"),
    PAYLOAD_SENT            ("payload bytes in them"),
    PAYLOAD_RECEIVED        ("payload bytes accepted in sequence"),
    ACKS_SENT               ("positive acknowledgements"),
    NAKS_SENT               ("negative acknowledgements except RNR"),
    RNR_NAKS_SENT           ("receiver-not-ready acknowledgements"),
    ACKS_RECEIVED           ("positive acknowledgements"),
    NAKS_RECEIVED           ("negative acknowledgements except RNR"),
    RNR_NAKS_RECEIVED       ("receiver-not-ready acknowledgements"),
    TIMEOUTS                ("acknowledgement timers that ran out"),
    RETRANSMITS             ("times a queue pair went back"),
    PACKETS_REPEATED        ("packets it went back over"),
    DOORBELLS               ("send doorbells that reached their queue pair"),
    DOORBELLS_REFUSED       ("send doorbells of the wrong page, for no queue pair, or with an impossible index"),
    CQ_ARMS                 ("writes to CQ_ARM"),
    WORK_FETCHED            ("SQ entries read"),
    RECEIVE_RECORDS_READ    ("RQ doorbell records read"),
    COMPLETIONS             ("CQ entries written"),
    COMPLETIONS_IN_ERROR    ("of these with an error status"),
    COMPLETIONS_LOST        ("CQ entries not written because the queue had overrun or gone"),
    CQ_OVERRUNS             ("completion queues that overran"),
    QP_ERRORS               ("queue pairs that went to ERR by themselves"),
    DMA_ERRORS              ("DMA accesses to what is not memory"),
    COMMANDS                ("BAR0 commands"),
    COMMANDS_REFUSED        ("of these with an errno");
    // @formatter:on

    private final String meaning;

    Counter(String meaning) {
        this.meaning = meaning;
    }

    public String meaning() {
        return meaning;
    }
}
