package calvin.machine.timed;

import calvin.machine.hart.AccessTimer;
import calvin.machine.hart.CostTable;
import calvin.machine.hart.Hart;
import calvin.machine.hart.HartUnit;
import calvin.machine.hart.Watches;
import calvin.machine.timing.PageWalks;
import calvin.machine.timing.TimingSpec;
import calvin.machine.timing.WalkTrace;

/** One hart as the timing model sees it: tells it of accesses, and walks pages for it. */
final class TimedHart implements AccessTimer, PageWalks {
    private final Timing timing;
    private final HartUnit unit;
    private final Hart hart;
    private final CostTable costs;

    TimedHart(Timing timing, HartUnit unit, CostTable costs) {
        this.timing = timing;
        this.unit = unit;
        this.hart = unit.hart();
        this.costs = costs;
    }

    void listen(boolean on) {
        unit.setTimer(on ? this : null);
    }

    boolean runs() {
        return !unit.halted() && !hart.waiting;
    }

    long space(boolean instruction) {
        return unit.translationKey(instruction);
    }

    @Override
    public void accessed(Hart of, int kinds, long va, long pa, int bytes, boolean ram) {
        boolean write = (kinds & Watches.WRITE) != 0;
        if (!ram) {
            hart.cycle += timing.model().deviceCycles(write, costs.deviceAccess());
            return;
        }
        // An atomic is priced as a load of a line that has to be exclusive: the hart waits for the old value.
        if ((kinds & Watches.READ) != 0 && write) {
            timing.model().atomic(hart.id, va, pa, bytes, space(false), hart.timePs(), this);
        } else {
            timing.model().data(hart.id, va, pa, bytes, write, space(false), hart.timePs(), this);
        }
    }

    @Override
    public long kernelAccess(Hart of, long pa, long bytes, boolean write) {
        long waits = 0;
        long end = pa + Math.max(1, bytes);
        for (long at = pa; at < end; at = (at | TimingSpec.LINE_BYTES - 1) + 1) {
            waits += timing.model().kernelData(hart.id, at, write, hart.timePs() + waits * hart.periodPs);
        }
        return waits;
    }

    @Override
    public int walk(long va, boolean instruction, WalkTrace trace) {
        return unit.probe(va, instruction, trace);
    }
}
