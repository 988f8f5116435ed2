package calvin.machine.hart;

/**
 * What the counters of a hart can count. The code is what software writes to the low bits of mhpmevent; all events are
 * exact, and the same on every run, engine and restored snapshot.
 *
 * <p>So misses of TLBs and steps of page walks are not among them: what a TLB of this machine holds is no state, and a
 * restored snapshot begins with empty ones.
 */
enum HpmEvent {
    // @formatter:off
    NONE                  ( 0, "nothing"),
    CYCLES                ( 1, "cycles of the hart's clock, also while it waits"),
    INSTRUCTIONS          ( 2, "instructions retired"),
    EXCEPTIONS            ( 3, "exceptions taken, to any level"),
    INTERRUPTS            ( 4, "interrupts taken, to any level"),
    CALLS                 ( 5, "environment calls taken, part of exceptions"),
    PAGE_FAULTS           ( 6, "page faults taken, part of exceptions"),
    GUEST_PAGE_FAULTS     ( 7, "guest-page faults taken, part of exceptions"),
    DEVICE_LOADS          ( 8, "loads that reached a device"),
    DEVICE_STORES         ( 9, "stores that reached a device"),
    TRANSLATION_FENCES    (10, "SFENCE.VMA, HFENCE and SINVAL instructions"),
    SPACE_SWITCHES        (11, "writes that changed satp, vsatp or hgatp"),
    WAITS                 (12, "times WFI or WRS stalled"),
    HOSTED_ENTRIES        (13, "entries of hosted kernels on this hart");
    // @formatter:on

    /** Software's name of the event. */
    final int code;
    /** What one count is. */
    final String meaning;

    HpmEvent(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    /** The event with this code, or null. */
    static HpmEvent of(long code) {
        HpmEvent[] all = ALL;
        return code < 0 || code >= all.length ? null : all[(int) code];
    }

    private static final HpmEvent[] ALL = values();
    static {
        for (HpmEvent event : ALL) {
            calvin.sim.check.Check.that(ALL[event.code] == event, "events are in the order of their codes", event);
        }
    }
}
