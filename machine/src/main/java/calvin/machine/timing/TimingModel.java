package calvin.machine.timing;

import calvin.machine.isa.Op;
import calvin.machine.isa.Op.Kind;
import calvin.machine.isa.OpIndex;
import calvin.machine.isa.Slot;
import calvin.sim.check.Check;
import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;
import calvin.sim.state.Stateful;

/**
 * The {@code timed} fidelity of one machine. An engine asks before and after each instruction how many cycles the hart
 * stands still, and tells of every access to memory in between; devices tell of their own.
 *
 * <p>Harts of a machine run in slices of its quantum, one after the other, so one may meet what another has booked up
 * to a quantum later: bandwidth is kept by windows of time for that reason, and latencies err by at most a quantum.
 *
 * <p>Everything is a function of addresses and times given to it, and all it remembers is saved: the same run gives the
 * same times, also when it was resumed from a snapshot. What programs compute does not change, but for what they read
 * from clocks.
 *
 * <p>Left out: branch prediction (a taken branch costs its cycle), instruction prefetch, write-back traffic, refresh.
 */
public final class TimingModel implements Stateful {
    private final String stateName;
    private final TimingSpec spec;
    private final MachineShape shape;
    private final MemorySystem memory;
    /** By core. */
    private final Translations[] translations;
    /** By hart. */
    private final Pipeline[] pipelines;
    private final WalkTrace trace = new WalkTrace();

    public TimingModel(String stateName, TimingSpec spec, MachineShape shape) {
        Check.that(spec.problems().isEmpty(), "timing tables cannot be used", spec.problems());
        this.stateName = stateName;
        this.spec = spec;
        this.shape = shape;
        memory = new MemorySystem(spec, shape);
        translations = new Translations[shape.cores()];
        for (int i = 0; i < translations.length; i++) {
            translations[i] = new Translations(spec.tlb());
        }
        pipelines = new Pipeline[shape.harts()];
        for (int i = 0; i < pipelines.length; i++) {
            pipelines[i] = new Pipeline(spec);
        }
    }

    private int core(int hart) {
        return hart / shape.hartsPerCore();
    }

    private long cycles(long ps) {
        return Math.ceilDiv(Math.max(0, ps), shape.periodPs());
    }

    /** A hart that shares the core with this one, or -1: who runs there slows this one down. */
    public int sibling(int hart) {
        int first = core(hart) * shape.hartsPerCore();
        for (int i = first; i < Math.min(first + shape.hartsPerCore(), shape.harts()); i++) {
            if (i != hart) {
                return i;
            }
        }
        return -1;
    }

    /**
     * Cycles to wait before the instruction in {@code slot} can issue: its line has to be fetched, its operands have to
     * be there. Asked again for the same instruction, before it was executed, the answer is 0.
     *
     * @param pc     virtual address
     * @param pcPa   physical address
     * @param space  of {@link #space}, 0 when addresses are not translated
     * @param shared another hart of the core runs too
     */
    public long before(int hart, long slot, long pc, long pcPa, long space, boolean shared, long nowPs,
            PageWalks walks) {
        Pipeline pipeline = pipelines[hart];
        pipeline.begin();
        if (pipeline.waitedFor(pc)) {
            return 0;
        }
        long atPs = nowPs;
        if (pipeline.newLine(pcPa >>> TimingSpec.LINE_SHIFT)) {
            atPs += translatePs(hart, pc, space, true, atPs, walks);
            atPs += memory.access(core(hart), pcPa, false, true, atPs)
                    - spec.firstInstruction().latencyCycles() * shape.periodPs();
        }
        atPs = Math.max(atPs, pipeline.operandsPs(slot));
        if (shared) {
            atPs += spec.sharedIssueCycles() * shape.periodPs();
        }
        return cycles(atPs - nowPs);
    }

    /** An access of the instruction to RAM. One that crosses lines is two. */
    public void data(int hart, long va, long pa, int bytes, boolean write, long space, long nowPs, PageWalks walks) {
        Pipeline pipeline = pipelines[hart];
        long latencyPs = translatePs(hart, va, space, false, nowPs, walks);
        latencyPs += memory.access(core(hart), pa, write, false, nowPs + latencyPs);
        if ((pa + bytes - 1 ^ pa) >>> TimingSpec.LINE_SHIFT != 0) {
            latencyPs += memory.access(core(hart), pa + bytes - 1, write, false, nowPs + latencyPs);
        }
        if (write) {
            pipeline.store(nowPs, latencyPs);
        } else {
            pipeline.load(nowPs, latencyPs, spec.firstData().latencyCycles() * shape.periodPs());
        }
    }

    /** An atomic on RAM: its line has to be exclusive, and its old value is waited for. */
    public void atomic(int hart, long va, long pa, int bytes, long space, long nowPs, PageWalks walks) {
        long latencyPs = translatePs(hart, va, space, false, nowPs, walks);
        latencyPs += memory.access(core(hart), pa, true, false, nowPs + latencyPs);
        pipelines[hart].load(nowPs, latencyPs, spec.firstData().latencyCycles() * shape.periodPs());
    }

    /** An access of a hosted kernel by physical address, for which it waits: the latency in cycles. */
    public long kernelData(int hart, long pa, boolean write, long nowPs) {
        long latencyPs = memory.access(core(hart), pa, write, false, nowPs);
        return cycles(write ? 0 : latencyPs);
    }

    /** Cycles that an access to a device takes beyond what it costs at the functional fidelity. */
    public long deviceCycles(boolean write, long alreadyCycles) {
        return Math.max(0, cycles(write ? spec.deviceWritePs() : spec.deviceReadPs()) - alreadyCycles);
    }

    /** Cycles that the hart stands still after the instruction. */
    public long after(int hart, long slot, long nowPs) {
        Pipeline pipeline = pipelines[hart];
        int op = Slot.op(slot);
        if (op <= 0 || op >= OpIndex.ILLEGAL) {
            pipeline.restart();
            return 0;
        }
        Kind kind = Op.at(op - 1).kind;
        boolean serial = kind == Kind.ATOMIC || kind == Kind.HYPLOAD;
        long stillPs = pipeline.end(slot, nowPs, (Latencies.cycles(slot) - 1) * shape.periodPs(), serial);
        if (kind == Kind.ORDER && op != OpIndex.PAUSE || op == OpIndex.FENCE_I) {
            stillPs = Math.max(stillPs, pipeline.drainPs(nowPs));
        }
        return cycles(stillPs);
    }

    /** A trap was taken or a hosted kernel ran. */
    public void restart(int hart) {
        pipelines[hart].restart();
    }

    /** A translation fence of the hart. */
    public void fence(int hart, long va, long space, boolean vaGiven) {
        translations[core(hart)].forget(va, space, vaGiven);
    }

    /** A device's own access to RAM. */
    public void device(long pa, long bytes, boolean write) {
        memory.device(pa, bytes, write);
    }

    /** A small number for an address space; 0 is for untranslated addresses. */
    public static long space(long atp, long guestAtp) {
        long mixed = atp * 0x9E37_79B9_7F4A_7C15L + guestAtp * 0xC2B2_AE3D_27D4_EB4FL;
        return mixed >>> 40 | 1;
    }

    private long translatePs(int hart, long va, long space, boolean instruction, long nowPs, PageWalks walks) {
        if (space == 0) {
            return 0;
        }
        Translations caches = translations[core(hart)];
        int found = caches.find(va, space, instruction);
        if (found >= 0) {
            return found * shape.periodPs();
        }
        trace.clear();
        int pageShift = walks.walk(va, instruction, trace);
        long walkPs = spec.tlb().secondCycles() * shape.periodPs();
        for (int i = 0; i < trace.count();) {
            int end = i;
            while (trace.guest(i) && trace.guest(end) && !trace.leaf(end) && end + 1 < trace.count()) {
                end++;
            }
            if (!trace.guest(i) || !caches.guestPageKnown(trace.entryPa(end))) {
                for (int j = i; j <= end; j++) {
                    if (trace.leaf(j) || !caches.pointerKnown(trace.entryPa(j))) {
                        walkPs += memory.walkerRead(core(hart), trace.entryPa(j), nowPs + walkPs);
                    }
                }
            }
            i = end + 1;
        }
        if (pageShift > 0) {
            caches.fill(va, space, instruction, pageShift);
        }
        return walkPs;
    }

    @Override
    public String stateName() {
        return stateName;
    }

    @Override
    public void save(StateWriter out) {
        memory.save(out);
        for (Translations core : translations) {
            core.save(out);
        }
        for (Pipeline hart : pipelines) {
            hart.save(out);
        }
    }

    @Override
    public void load(StateReader in) {
        memory.load(in);
        for (Translations core : translations) {
            core.load(in);
        }
        for (Pipeline hart : pipelines) {
            hart.load(in);
        }
    }
}
