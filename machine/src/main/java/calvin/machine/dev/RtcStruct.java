package calvin.machine.dev;

import calvin.sim.state.Struct;
import calvin.sim.state.Struct.U32;
import calvin.sim.state.Struct.U64;
import calvin.sim.state.Struct.U8;

/** State of a {@link GoldfishRtc}. */
final class RtcStruct {
    static final Struct S = Struct.named("rtc");
    static final U64 OFFSET_NS = S.u64("offset_ns", "what software has added to the time");
    static final U64 ALARM_NS = S.u64("alarm_ns", "when the alarm rings");
    static final U32 HIGH = S.u32("high", "upper half of the time, latched by reading the lower");
    static final U8 RUNNING = S.u8("running", "1 while the alarm is set and has not rung");
    static final U8 PENDING = S.u8("pending", "1 from the ring until software clears it");
    static final U8 ENABLED = S.u8("enabled", "1 while a pending ring interrupts");
    static {
        S.reserved(1);
        S.endsAt(24);
    }

    private RtcStruct() {}
}
