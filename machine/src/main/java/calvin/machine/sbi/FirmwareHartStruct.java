package calvin.machine.sbi;

import calvin.sim.state.Struct;
import calvin.sim.state.Struct.U64;

/** What the firmware knows of one hart, and what others have asked of it. */
final class FirmwareHartStruct {
    static final Struct S = Struct.named("sbi_hart");
    /** {@link #STARTED} is not zero, so that zeroed memory means stopped. */
    static final U64 STATE = S.u64("state", "0 stopped, 1 started, 2 start pending");
    static final U64 START_PC = S.u64("start_pc", "where a starting hart begins");
    static final U64 START_ARGUMENT = S.u64("start_argument", "its a1");
    static final U64 REQUESTS = S.u64("requests",
            "1 interrupt the kernel, 2 SFENCE.VMA, 4 FENCE.I, 8 start, 16 HFENCE");
    static {
        S.endsAt(32);
    }

    static final int STOPPED = 0;
    static final int STARTED = 1;
    static final int START_PENDING = 2;

    static final int INTERRUPT = 1;
    static final int FENCE_TRANSLATIONS = 2;
    static final int FENCE_INSTRUCTIONS = 4;
    static final int START = 8;
    static final int FENCE_GUESTS = 16;

    private FirmwareHartStruct() {}
}
