package calvin.machine.dev;

import static calvin.machine.dev.RtcStruct.*;

import calvin.machine.bus.Device;
import calvin.machine.bus.IrqLine;
import calvin.machine.bus.RegisterMap;
import calvin.machine.bus.RegisterMap.Access;
import calvin.sim.event.EventQueue;
import calvin.sim.event.EventTarget;
import calvin.sim.event.Lane;
import calvin.sim.state.Block;
import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;
import calvin.sim.time.SimTime;

/**
 * The real-time clock of QEMU's virt board: nanoseconds since 1970, and an alarm.
 *
 * <pre>
 * 0x00 TIME_LOW  0x04 TIME_HIGH  0x08 ALARM_LOW  0x0C ALARM_HIGH
 * 0x10 IRQ_ENABLED  0x14 CLEAR_ALARM  0x18 ALARM_STATUS  0x1C CLEAR_INTERRUPT
 * </pre>
 *
 * The time is a configured epoch plus virtual time, so every run sees the same; it advances with virtual time, also
 * when that runs faster than the host's. Reading TIME_LOW latches TIME_HIGH; writing ALARM_LOW sets the alarm. Timer:
 * one event, at the alarm. Spec: Linux, drivers/rtc/rtc-goldfish.c; QEMU, hw/rtc/goldfish_rtc.c.
 */
public final class GoldfishRtc implements Device, EventTarget {
    /** 2026-01-01 00:00:00 UTC, where a board does not say when it is. */
    public static final long DEFAULT_EPOCH_S = 1_767_225_600L;
    public static final int WINDOW_BYTES = 0x1000;

    private static final int SOURCE = 0x4000_3000;
    private static final int TIME_LOW = 0x00;
    private static final int TIME_HIGH = 0x04;
    private static final int ALARM_LOW = 0x08;
    private static final int ALARM_HIGH = 0x0C;
    private static final int IRQ_ENABLED = 0x10;
    private static final int CLEAR_ALARM = 0x14;
    private static final int ALARM_STATUS = 0x18;
    private static final int CLEAR_INTERRUPT = 0x1C;

    private final String stateName;
    private final EventQueue queue;
    private final int target;
    private final long epochNs;
    private final IrqLine irq;
    private final Block state = new Block(S.sizeBytes());
    // @formatter:off
    private final RegisterMap registers = new RegisterMap(WINDOW_BYTES)
        .register("TIME_LOW",        TIME_LOW,        RegisterMap.W4, Access.READ_WRITE, "goldfish: ns since 1970")
        .register("TIME_HIGH",       TIME_HIGH,       RegisterMap.W4, Access.READ_WRITE, "goldfish: latched")
        .register("ALARM_LOW",       ALARM_LOW,       RegisterMap.W4, Access.READ_WRITE, "goldfish: sets the alarm")
        .register("ALARM_HIGH",      ALARM_HIGH,      RegisterMap.W4, Access.READ_WRITE, "goldfish: before the low")
        .register("IRQ_ENABLED",     IRQ_ENABLED,     RegisterMap.W4, Access.READ_WRITE, "goldfish: bit 0")
        .register("CLEAR_ALARM",     CLEAR_ALARM,     RegisterMap.W4, Access.WRITE_ONLY, "goldfish: any value")
        .register("ALARM_STATUS",    ALARM_STATUS,    RegisterMap.W4, Access.READ_ONLY,  "goldfish: 1 = set")
        .register("CLEAR_INTERRUPT", CLEAR_INTERRUPT, RegisterMap.W4, Access.WRITE_ONLY, "goldfish: any value");
    // @formatter:on

    /** @param epochS the time at the start of the experiment, in seconds since 1970 */
    public GoldfishRtc(String stateName, Lane lane, long epochS, IrqLine irq) {
        this.stateName = stateName;
        this.queue = lane.queue();
        this.target = lane.addTarget(this);
        this.epochNs = epochS * 1_000_000_000L;
        this.irq = irq;
    }

    private long nowNs(long timePs) {
        return epochNs + OFFSET_NS.get(state, 0) + timePs / SimTime.PS_PER_NS;
    }

    @Override
    public RegisterMap registers() {
        return registers;
    }

    @Override
    public void reset() {
        queue.cancelAll(EventQueue.RANK_TIMER, SOURCE);
        state.zero(0, S.sizeBytes());
        irq.set(false);
    }

    @Override
    public long load(long timePs, int offset, int widthBytes) {
        return switch (offset) {
            case TIME_LOW -> {
                long now = nowNs(timePs);
                HIGH.set(state, 0, now >>> 32);
                yield now & 0xFFFF_FFFFL;
            }
            case TIME_HIGH -> HIGH.get(state, 0);
            case ALARM_LOW -> ALARM_NS.get(state, 0) & 0xFFFF_FFFFL;
            case ALARM_HIGH -> ALARM_NS.get(state, 0) >>> 32;
            case IRQ_ENABLED -> ENABLED.get(state, 0);
            default -> RUNNING.get(state, 0);
        };
    }

    @Override
    public void store(long timePs, int offset, int widthBytes, long value) {
        long low = value & 0xFFFF_FFFFL;
        switch (offset) {
            case TIME_LOW -> move(timePs, nowNs(timePs) & ~0xFFFF_FFFFL | low);
            case TIME_HIGH -> move(timePs, nowNs(timePs) & 0xFFFF_FFFFL | low << 32);
            case ALARM_LOW -> {
                ALARM_NS.set(state, 0, ALARM_NS.get(state, 0) & ~0xFFFF_FFFFL | low);
                RUNNING.set(state, 0, 1);
                arm(timePs);
            }
            case ALARM_HIGH -> ALARM_NS.set(state, 0, ALARM_NS.get(state, 0) & 0xFFFF_FFFFL | low << 32);
            case IRQ_ENABLED -> ENABLED.set(state, 0, (int) value & 1);
            case CLEAR_ALARM -> {
                queue.cancelAll(EventQueue.RANK_TIMER, SOURCE);
                RUNNING.set(state, 0, 0);
            }
            default -> PENDING.set(state, 0, 0);
        }
        update();
    }

    private void move(long timePs, long newNs) {
        OFFSET_NS.set(state, 0, OFFSET_NS.get(state, 0) + newNs - nowNs(timePs));
        if (RUNNING.get(state, 0) != 0) {
            arm(timePs);
        }
    }

    private void arm(long timePs) {
        queue.cancelAll(EventQueue.RANK_TIMER, SOURCE);
        long nowNs = nowNs(timePs);
        long alarmNs = ALARM_NS.get(state, 0);
        if (alarmNs <= nowNs) {
            ring();
            return;
        }
        // The difference may exceed a long, and virtual time's end may come first; then it never rings.
        long restNs = alarmNs - nowNs;
        if (restNs > 0 && restNs < (Long.MAX_VALUE - timePs) / SimTime.PS_PER_NS - 1) {
            long ringPs = timePs / SimTime.PS_PER_NS * SimTime.PS_PER_NS + restNs * SimTime.PS_PER_NS;
            queue.push(ringPs, EventQueue.RANK_TIMER, SOURCE, 0, target, 0, 0, 0, null);
        }
    }

    private void ring() {
        RUNNING.set(state, 0, 0);
        PENDING.set(state, 0, 1);
    }

    private void update() {
        irq.set((PENDING.get(state, 0) & ENABLED.get(state, 0)) != 0);
    }

    @Override
    public void onEvent(long timePs, int kind, long a, long b, byte[] payload) {
        ring();
        update();
    }

    @Override
    public String stateName() {
        return stateName;
    }

    @Override
    public void save(StateWriter out) {
        state.save(out);
    }

    @Override
    public void load(StateReader in) {
        state.load(in);
    }
}
