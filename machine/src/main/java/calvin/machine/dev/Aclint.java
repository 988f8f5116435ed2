package calvin.machine.dev;

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
import java.util.List;

/**
 * Machine-level software interrupts and timers of all harts, in the layout of SiFive's CLINT that QEMU's virt has.
 *
 * <pre>
 * 0x0000 + 4*hart  MSIP      bit 0 drives the hart's MSIP
 * 0x4000 + 8*hart  MTIMECMP  MTIP is high while mtime >= mtimecmp
 * 0xBFF8           MTIME     ticks of the time CSR since the start of the experiment
 * </pre>
 *
 * Timers: one event per hart, at the exact time at which mtime reaches mtimecmp. Not emulated: writing mtime (it is the
 * experiment's time), SSWI. Spec: RISC-V ACLINT 1.0-rc4, chapters 2 and 3.
 */
public final class Aclint implements Device, EventTarget {
    public static final int WINDOW_BYTES = 0x1_0000;
    private static final int MTIMECMP = 0x4000;
    private static final int MTIME = 0xBFF8;
    /** Sources of this device's events; the hart's number is added. */
    private static final int SOURCE = 0x4000_0000;

    private final String stateName;
    private final RegisterMap registers = new RegisterMap(WINDOW_BYTES);
    private final EventQueue queue;
    private final int target;
    private final long timePeriodPs;
    private final IrqLine[] software;
    private final IrqLine[] timer;
    /** mtimecmp of all harts, then msip of all harts. */
    private final Block state;
    private final int harts;

    /**
     * @param software MSIP wires by hart
     * @param timer    MTIP wires by hart
     */
    public Aclint(String stateName, Lane lane, long timePeriodPs, List<IrqLine> software, List<IrqLine> timer) {
        this.stateName = stateName;
        this.queue = lane.queue();
        this.target = lane.addTarget(this);
        this.timePeriodPs = timePeriodPs;
        this.software = software.toArray(new IrqLine[0]);
        this.timer = timer.toArray(new IrqLine[0]);
        harts = software.size();
        state = new Block(12 * harts);
        registers.registers("MSIP", 0, harts, 4, RegisterMap.W4, Access.READ_WRITE,
                "aclint 3: software interrupt of a hart");
        registers.registers("MTIMECMP", MTIMECMP, harts, 8, RegisterMap.W4 | RegisterMap.W8, Access.READ_WRITE,
                "aclint 2: when a hart's timer fires");
        registers.register("MTIME", MTIME, RegisterMap.W4 | RegisterMap.W8, Access.READ_ONLY,
                "aclint 2: time; ours: not writable");
        reset();
    }

    @Override
    public RegisterMap registers() {
        return registers;
    }

    @Override
    public void reset() {
        for (int hart = 0; hart < harts; hart++) {
            queue.cancel(EventQueue.RANK_TIMER, SOURCE + hart, 0);
            // ours: mtimecmp's reset value is undefined; never is the useful one.
            state.u64(8L * hart, -1L);
            setSoftware(hart, 0);
            timer[hart].set(false);
        }
    }

    private void setSoftware(int hart, int value) {
        state.u32(8L * harts + 4L * hart, value & 1);
        software[hart].set((value & 1) != 0);
    }

    @Override
    public long load(long timePs, int offset, int widthBytes) {
        if (offset < MTIMECMP) {
            return state.u32(8L * harts + offset);
        }
        if (offset < MTIMECMP + 8 * harts) {
            int at = offset - MTIMECMP;
            return widthBytes == 8 ? state.u64(at) : state.u32(at);
        }
        long time = timePs / timePeriodPs;
        return widthBytes == 8 ? time : time >>> 8 * (offset - MTIME) & 0xFFFF_FFFFL;
    }

    @Override
    public void store(long timePs, int offset, int widthBytes, long value) {
        if (offset < MTIMECMP) {
            setSoftware(offset / 4, (int) value);
            return;
        }
        int at = offset - MTIMECMP;
        if (widthBytes == 8) {
            state.u64(at, value);
        } else {
            state.u32(at, value);
        }
        arm(timePs, at / 8);
    }

    private void arm(long timePs, int hart) {
        queue.cancel(EventQueue.RANK_TIMER, SOURCE + hart, 0);
        long compare = state.u64(8L * hart);
        boolean due = Long.compareUnsigned(timePs / timePeriodPs, compare) >= 0;
        timer[hart].set(due);
        if (!due && Long.compareUnsigned(compare, Long.MAX_VALUE / timePeriodPs) < 0) {
            queue.push(compare * timePeriodPs, EventQueue.RANK_TIMER, SOURCE + hart, 0, target, hart, 0, 0, null);
        }
    }

    @Override
    public void onEvent(long timePs, int kind, long a, long b, byte[] payload) {
        timer[kind].set(true);
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
