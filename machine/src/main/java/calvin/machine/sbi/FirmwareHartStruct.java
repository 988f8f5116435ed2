package calvin.machine.sbi;

import calvin.sim.state.Struct;
import calvin.sim.state.Struct.U64;
import calvin.sim.state.Struct.Words;

/** What the firmware knows of one hart, and what others have asked of it. */
final class FirmwareHartStruct {
    /** Firmware counters of a hart. */
    static final int COUNTERS = 16;

    static final Struct S = Struct.named("sbi_hart");
    /** {@link #STARTED} is not zero, so that zeroed memory means stopped. */
    static final U64 STATE = S.u64("state", "0 stopped, 1 started, 2 start pending, 4 suspended");
    static final U64 START_PC = S.u64("start_pc", "where a starting or resuming hart begins; 0 behind its call");
    static final U64 START_ARGUMENT = S.u64("start_argument", "its a1");
    static final U64 REQUESTS = S.u64("requests",
            "1 interrupt the kernel, 2 start, 0x100 << function: RFENCE's fences");
    static final U64 SUSPEND_STATUS = S.u64("suspend_status", "mstatus of a hart suspended with its state kept");
    static final U64 SUSPEND_PC = S.u64("suspend_pc", "mepc of it");
    static final U64 COUNTING = S.u64("counting", "PMU: bit set of counters that have an event");
    static final U64 RUNNING = S.u64("running", "PMU: bit set of firmware counters that count, by counter index");
    static final Words EVENT = S.words("event", COUNTERS, "PMU: event of each firmware counter");
    static final Words VALUE = S.words("value", COUNTERS, "PMU: value of each firmware counter");
    static {
        S.endsAt(64 + 2 * 8 * COUNTERS);
    }

    static final int STOPPED = 0;
    static final int STARTED = 1;
    static final int START_PENDING = 2;
    static final int SUSPENDED = 4;

    static final int INTERRUPT = 1;
    static final int START = 2;
    /** Of RFENCE's function 0; the others follow. */
    static final int FENCE = 0x100;
    static final int FENCE_INSTRUCTIONS = FENCE;
    /** SFENCE.VMA, of all or one address space. */
    static final int FENCE_TRANSLATIONS = FENCE << 1 | FENCE << 2;
    /** HFENCE.GVMA and HFENCE.VVMA, of all or one. */
    static final int FENCE_GUESTS = FENCE << 3 | FENCE << 4 | FENCE << 5 | FENCE << 6;

    private FirmwareHartStruct() {}
}
