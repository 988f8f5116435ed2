package calvin.machine.timed;

import calvin.machine.hart.Engine;
import calvin.machine.hart.Hart;
import calvin.machine.hart.HartBus;
import calvin.machine.hosted.HostedVector;
import calvin.machine.isa.Decoder;
import calvin.machine.isa.OpIndex;
import calvin.machine.isa.Slot;
import calvin.machine.timing.TimingModel;
import calvin.sim.state.Derived;
import java.util.Arrays;

/**
 * Runs one hart at whatever fidelity its machine has. At {@code functional} it is the engine underneath. At {@code
 * timed} it lets that engine execute one instruction at a time and asks the model what each one waits for.
 *
 * <p>A run that is cut between an instruction's waiting and its execution does not wait again: the model remembers for
 * which instruction the hart has waited.
 *
 * <p>Cost: a decoded instruction from a small cache, an entry of the engine and a walk for each access: some millions
 * of instructions a second.
 */
final class TimedEngine implements Engine {
    private static final int ENTRIES = 4096;
    private static final long PAGE_MASK = 4095;

    private final Timing timing;
    private final TimedHart timed;
    private final Engine inner;
    private final HartBus bus;
    private final Decoder decoder;
    /** Physical address of the instruction in each place of {@link #slots}, or -1. */
    @Derived(from = "the bytes of code pages")
    private final long[] slotPa = new long[ENTRIES];
    @Derived(from = "the bytes of code pages")
    private final long[] slots = new long[ENTRIES];
    /** Page and fetch context that {@link #pagePa} was found for, or -1. */
    @Derived(from = "page tables")
    private long pageTag = -1;
    @Derived(from = "page tables")
    private long pagePa;
    @Derived(from = "Hart.translationGeneration when pagePa was found")
    private long generation;

    TimedEngine(Timing timing, TimedHart timed, Engine inner, HartBus bus, Decoder decoder) {
        this.timing = timing;
        this.timed = timed;
        this.inner = inner;
        this.bus = bus;
        this.decoder = decoder;
        Arrays.fill(slotPa, -1);
    }

    @Override
    public void run(Hart hart) {
        if (!timing.on()) {
            inner.run(hart);
            return;
        }
        while (hart.cycle < hart.deadline && !HostedVector.contains(hart.pc)) {
            long pa = pa(hart, hart.pc);
            long slot = pa < 0 ? 0 : slot(hart, pa);
            if (hart.trapCause >= 0 || !step(hart, slot, pa)) {
                break;
            }
        }
        if (hart.trapCause >= 0) {
            timing.model().restart(hart.id);
        }
    }

    /** Waits for and executes one instruction; false when the run ends here. */
    private boolean step(Hart hart, long slot, long pa) {
        TimingModel model = timing.model();
        hart.cycle += model.before(hart.id, slot, hart.pc, pa, timed.space(true), timing.sharesCore(hart.id),
                hart.timePs(), timed);
        long until = hart.deadline;
        if (hart.cycle >= until) {
            return false;
        }
        int op = Slot.op(slot);
        boolean fence = op >= OpIndex.SFENCE_VMA && op <= OpIndex.HINVAL_GVMA;
        long fenced = fence ? hart.x[Slot.rs1(slot)] : 0;
        long one = hart.cycle + 1;
        hart.deadline = one;
        inner.run(hart);
        // Whoever lowered the deadline meanwhile wants the run to end.
        hart.deadline = hart.deadline == one ? until : Math.min(until, hart.deadline);
        if (hart.trapCause >= 0 || bus.stops().stopped()) {
            return false;
        }
        hart.cycle += model.after(hart.id, slot, hart.timePs());
        if (fence) {
            model.fence(hart.id, fenced, timed.space(false), Slot.rs1(slot) != 0 && op != OpIndex.HFENCE_GVMA
                    && op != OpIndex.HINVAL_GVMA);
        }
        return !hart.waiting;
    }

    /** Physical address of the instruction at {@code va}, or -1 with a trap pending. */
    private long pa(Hart hart, long va) {
        long tag = va & ~PAGE_MASK | hart.fetchContext;
        if (pageTag != tag || generation != hart.translationGeneration) {
            long pa = bus.fetchPa(hart, va);
            if (pa < 0) {
                return -1;
            }
            pageTag = tag;
            pagePa = pa & ~PAGE_MASK;
            generation = hart.translationGeneration;
        }
        return pagePa | va & PAGE_MASK;
    }

    private long slot(Hart hart, long pa) {
        int place = (int) (pa >>> 1) & ENTRIES - 1;
        if (slotPa[place] == pa) {
            return slots[place];
        }
        int low = bus.fetchHalf(pa);
        if (Decoder.isCompressed(low)) {
            slotPa[place] = pa;
            slots[place] = decoder.decode(low);
        } else if ((pa & PAGE_MASK) != PAGE_MASK - 1) {
            slotPa[place] = pa;
            slots[place] = decoder.decode(low | bus.fetchHalf(pa + 2) << 16);
        } else {
            // It goes on in the next page, which may be anywhere and change without this one.
            long nextPa = pa(hart, hart.pc + 2);
            return nextPa < 0 ? 0 : decoder.decode(low | bus.fetchHalf(nextPa) << 16);
        }
        return slots[place];
    }

    @Override
    public void stopsChanged() {
        inner.stopsChanged();
    }

    @Override
    public void codeChanged(long pagePa) {
        Arrays.fill(slotPa, -1);
        inner.codeChanged(pagePa);
    }

    @Override
    public void allCodeChanged() {
        Arrays.fill(slotPa, -1);
        pageTag = -1;
        inner.allCodeChanged();
    }
}
