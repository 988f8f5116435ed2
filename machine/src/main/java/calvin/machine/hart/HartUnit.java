package calvin.machine.hart;

import static calvin.machine.hart.Status.*;

import calvin.machine.bus.SystemBus;
import calvin.machine.isa.Cause;
import calvin.machine.isa.Csr;
import calvin.machine.mem.PhysicalMemory;
import calvin.machine.mmu.Access;
import calvin.machine.mmu.WalkListener;
import calvin.machine.mmu.Walker;
import calvin.sim.state.Derived;
import calvin.sim.state.Published;
import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;
import calvin.sim.state.Stateful;

/**
 * Everything of one hart that is not executing instructions: CSRs, privilege, traps, interrupts, memory access. Owned
 * by its machine's lane.
 */
public final class HartUnit implements Stateful {
    private final String stateName;
    private final Hart hart;
    private final CsrState state;
    private final CsrUnit csrs;
    private final TrapUnit traps;
    private final MemoryUnit memory;
    private final CacheBlocks cacheBlocks;
    private final SystemUnit system;
    private final MachineServices machine;
    private final CostTable costs;
    /** Stopped for good. */
    @Published
    private boolean halted;
    /** While WRS stalls, the cycle at which it ends by itself; 0 while it does not. */
    @Published
    private long stallEnd;
    @Derived(from = "the debugger")
    private Stepper stepper;
    @Derived(from = "who looks on")
    private HartListener listener;
    @Derived(from = "who looks on")
    private Sampler sampler;
    @Derived(from = "the debugger")
    private boolean held;

    public HartUnit(String stateName, Hart hart, long timePeriodPs, PhysicalMemory memory, SystemBus bus,
            MachineServices machine, CostTable costs) {
        this(stateName, hart, timePeriodPs, memory, bus, machine, costs, HartModel.DEFAULT);
    }

    public HartUnit(String stateName, Hart hart, long timePeriodPs, PhysicalMemory memory, SystemBus bus,
            MachineServices machine, CostTable costs, HartModel model) {
        calvin.sim.check.Check.that(model.problems().isEmpty(), "hart cannot be built", model.problems());
        this.stateName = stateName;
        this.hart = hart;
        this.machine = machine;
        this.costs = costs;
        state = new CsrState(hart, timePeriodPs, model);
        csrs = new CsrUnit(hart, state, this);
        traps = new TrapUnit(hart, state, this);
        this.memory = new MemoryUnit(hart, state, memory, bus, machine, costs);
        system = new SystemUnit(hart, state, this);
        cacheBlocks = new CacheBlocks(this, state, this.memory, memory, bus);
        contextChanged();
    }

    public Hart hart() {
        return hart;
    }

    public HartModel model() {
        return state.model;
    }

    public CostTable costs() {
        return costs;
    }

    MemoryUnit memory() {
        return memory;
    }

    CacheBlocks cacheBlocks() {
        return cacheBlocks;
    }

    SystemUnit system() {
        return system;
    }

    CsrUnit csrs() {
        return csrs;
    }

    TrapUnit traps() {
        return traps;
    }

    // For the machine's run loop.

    /** Takes the exception pending in the hart. */
    public void takeException() {
        traps.takeException();
    }

    /** The code of the interrupt that is to be taken at this instruction boundary, or -1. */
    public int deliverableInterrupt() {
        return state.deliverable();
    }

    public void takeInterrupt(int code) {
        traps.takeInterrupt(code);
    }

    /** The first cycle at which an own timer's interrupt becomes pending, or MAX_VALUE. */
    public long timerCycle() {
        return stallEnd == 0 ? state.timerCycle() : Math.min(stallEnd, state.timerCycle());
    }

    /**
     * Whether waiting ends: any enabled interrupt that is pending ends WFI and WRS, one that is taken ends a hosted
     * kernel's idling; WRS ends with its reservation too.
     */
    public boolean wakes() {
        return !halted && (stallEnds() || (HostedUnit.idle(hart) ? state.deliverable() >= 0 : state.wakes()));
    }

    private boolean stallEnds() {
        return stallEnd != 0 && (hart.cycle >= stallEnd || hart.reservationPa == -1);
    }

    /** Waits as WFI does, and at most until {@code endCycle} or the end of the reservation. */
    void stall(long endCycle) {
        stallEnd = endCycle;
        hart.waiting = true;
    }

    /** Ends the hart's reservation at {@code timePs}: someone else has written there, or its turn is over. */
    public void loseReservation(long timePs) {
        hart.reservationPa = -1;
        if (stallEnd != 0) {
            wake(timePs);
        }
    }

    public boolean halted() {
        return halted;
    }

    /** Stops this hart for good. */
    public void halt() {
        halted = true;
        hart.waiting = true;
    }

    /** Ends waiting at {@code timePs}, which the hart's clock then has reached. */
    public void wake(long timePs) {
        hart.waiting = false;
        stallEnd = 0;
        hart.cycle = Math.max(hart.cycle, Math.ceilDiv(timePs, hart.periodPs));
        if (sampler != null) {
            sampler.woke(hart);
        }
        if (listener != null) {
            listener.wakes(hart);
        }
    }

    /** A wire from a device: MSIP, MTIP, MEIP or SEIP of {@link Status}. */
    public void setLine(long bit, boolean high) {
        state.setLine(bit, high);
        interruptsChanged();
    }

    /** An external wire of this hart, for a device. */
    public calvin.machine.bus.IrqLine line(long bit) {
        return high -> setLine(bit, high);
    }

    /** Gives the hart an IMSIC, and with it Smaia and Ssaia; once, while the machine is built. */
    public void attach(InterruptFiles files) {
        csrs.attach(files);
    }

    /** The wire of a guest's interrupt file, {@code number} from 1. */
    public calvin.machine.bus.IrqLine guestLine(int number) {
        return high -> {
            state.aia.setGuestLine(number, high);
            interruptsChanged();
        };
    }

    /** Puts the hart at {@code pc} in {@code mode} as after reset. */
    public void start(long pc, int mode) {
        state.reset();
        java.util.Arrays.fill(hart.x, 0);
        java.util.Arrays.fill(hart.f, 0);
        hart.fcsr = 0;
        hart.reservationPa = -1;
        hart.pc = pc;
        hart.mode = mode;
        hart.waiting = false;
        stallEnd = 0;
        halted = false;
        hart.trapCause = -1;
        flushTranslations();
        contextChanged();
    }

    // For debuggers, tests and builders: no access checks, no effect on time.

    /** A CSR as software at M level reads it. */
    public long csr(Csr csr) {
        return csrs.read(csr);
    }

    /** As {@link #csr(Csr)}, by number, so that registers of a row are reached too; 0 if there is none. */
    public long csr(int number) {
        return csrs.readNumber(number);
    }

    public void setCsr(Csr csr, long value) {
        csrs.write(csr, value);
    }

    /** Physical address of {@code va} for a load in the hart's present mode, or -1; changes nothing. */
    public long translateForDebug(long va) {
        if ((hart.dataContext & Access.PRIVILEGE) == Hart.MODE_M) {
            return va;
        }
        int context = hart.dataContext | Access.SUM | Access.MXR | Access.PROBE;
        TranslationUnit translation = memory.translation();
        return translation.walk(va, Access.READ, context) == Walker.OK ? translation.walker().pa() : -1;
    }

    /** Which loads and stores of this hart are told to a debugger. */
    public Watches watches() {
        return memory.translation().watches();
    }

    /** Who looks at the hart before each instruction; null for nobody. Takes effect at the next boundary. */
    public void setStepper(Stepper value) {
        stepper = value;
        hart.deadline = 0;
    }

    /** Who hears of traps, returns, hosted kernels and waiting; null for nobody. */
    public void setListener(HartListener value) {
        listener = value;
    }

    public HartListener listener() {
        return listener;
    }

    /** Who looks at the hart now and then; null for nobody. */
    public void setSampler(Sampler value) {
        sampler = value;
    }

    public Sampler sampler() {
        return sampler;
    }

    /** Null for nobody. */
    public Stepper stepper() {
        return stepper;
    }

    /** Ends the hart's run at the next instruction boundary, and lets it do nothing until {@link #release}. */
    public void hold() {
        held = true;
        hart.deadline = 0;
    }

    public void release() {
        held = false;
    }

    public boolean held() {
        return held;
    }

    // For the timed fidelity.

    /** Who prices this hart's accesses from now on; null for nobody. */
    public void setTimer(AccessTimer timer) {
        memory.translation().setTimer(timer);
    }

    /** Cycles that a hosted kernel waits for RAM beyond what the cost table says; 0 at the functional fidelity. */
    long kernelWait(long pa, long bytes, boolean write) {
        AccessTimer timer = memory.translation().timer();
        return timer == null ? 0 : timer.kernelAccess(hart, pa, bytes, write);
    }

    /** What translates loads and stores now, or fetches, as one number; 0 where nothing does. */
    public long translationKey(boolean instruction) {
        return memory.translation().translationKey(instruction);
    }

    /**
     * Walks as a load or fetch of the present mode does, changing nothing and telling {@code listener}.
     *
     * @return binary logarithm of the page's size, or 0 where nothing is mapped
     */
    public int probe(long va, boolean instruction, WalkListener listener) {
        return memory.translation().probe(va, instruction, listener);
    }

    // What changes set off.

    /** Fields of a status register changed: contexts and interrupt enables follow. */
    void statusChanged() {
        contextChanged();
        interruptsChanged();
    }

    /** Mode or a status field that translation depends on changed. */
    void contextChanged() {
        state.counters.modeChanged();
        long status = state.get(Csr.MSTATUS);
        int mode = hart.mode;
        if (mode == Hart.MODE_M && (status & MPRV) != 0) {
            mode = (int) (status >>> MPP_SHIFT & 3);
            if (mode != Hart.MODE_M && (status & MPV) != 0) {
                mode += Hart.MODE_V;
            }
        }
        int fetch = hart.mode | space(hart.mode);
        hart.dataContext = context(mode) | (mode == hart.mode ? fetch & ~0xFF : space(mode));
        hart.fetchContext = fetch;
    }

    /** Addresses of M mode are physical, whatever the translation registers say. */
    private int space(int mode) {
        return mode == Hart.MODE_M ? 0 : memory.translation().space(mode >= Hart.MODE_V);
    }

    /** Context of an access with effective mode {@code mode}, without the address space. */
    int context(int mode) {
        if (mode == Hart.MODE_M) {
            return mode;
        }
        long status = state.get(Csr.MSTATUS);
        long own = mode >= Hart.MODE_V ? state.get(Csr.VSSTATUS) : status;
        return mode | ((own & SUM) != 0 ? Access.SUM : 0) | ((status & MXR) != 0 ? Access.MXR : 0)
                | (mode >= Hart.MODE_V && (own & MXR) != 0 ? Access.VIRTUAL_MXR : 0);
    }

    /**
     * Something that decides on interrupts changed: one that is now to be taken is taken at the next boundary, or ends
     * waiting.
     */
    void interruptsChanged() {
        if (hart.waiting) {
            if (wakes()) {
                wake(machine.nowPs());
            }
        } else if (state.deliverable() >= 0) {
            hart.deadline = 0;
        }
    }

    /** A timer or its enable changed: the run loop must find out anew when the next one fires. */
    void timersChanged() {
        hart.deadline = 0;
        interruptsChanged();
    }

    /** Counts an event that software may have a counter for. */
    void count(HpmEvent event) {
        state.counters.count(event);
    }

    void flushTranslations() {
        memory.translation().flush();
        hart.deadline = 0;
    }

    /** All frames are shared: nothing may be written directly any more. */
    public void flushWrites() {
        memory.translation().flushWrites();
    }

    /** Forgets every translation. */
    public void flush() {
        memory.translation().flush();
    }

    /** Forgets direct ways to the frame at {@code host}; {@code writesOnly} keeps those for reading. */
    public void drop(long host, boolean writesOnly) {
        memory.translation().drop(host, writesOnly);
    }

    /** The bits of the instruction at {@code va} as the hart would fetch it, or 0 if it cannot; changes nothing. */
    public long instructionAt(long va) {
        return memory.instructionAt(va);
    }

    /** Sets the interrupt enable of the present level. */
    void enableInterrupts() {
        switch (hart.mode) {
            case Hart.MODE_M -> state.setBits(Csr.MSTATUS, MIE, true);
            case Hart.MODE_S -> state.setBits(Csr.MSTATUS, SIE, true);
            default -> state.setBits(Csr.VSSTATUS, SIE, true);
        }
        hart.deadline = 0;
    }

    // Stateful.

    @Override
    public String stateName() {
        return stateName;
    }

    @Override
    public void save(StateWriter out) {
        for (int i = 1; i < 32; i++) {
            out.u64(hart.x[i]);
        }
        out.u64s(hart.f);
        out.u64(hart.pc);
        out.u64(hart.fcsr);
        out.u64(hart.mode);
        out.u64(hart.cycle);
        out.u64(hart.instret);
        out.u64(hart.reservationPa);
        out.u64(hart.waiting ? 1 : 0);
        out.u64(halted ? 1 : 0);
        out.u64(stallEnd);
        state.save(out);
    }

    @Override
    public void load(StateReader in) {
        for (int i = 1; i < 32; i++) {
            hart.x[i] = in.u64();
        }
        in.u64s(hart.f);
        hart.pc = in.u64();
        hart.fcsr = (int) in.u64();
        hart.mode = (int) in.u64();
        hart.cycle = in.u64();
        hart.instret = in.u64();
        hart.reservationPa = in.u64();
        hart.waiting = in.u64() != 0;
        halted = in.u64() != 0;
        stallEnd = in.u64();
        state.load(in);
    }

    @Override
    public void dropDerived() {
        hart.x[0] = 0;
        hart.deadline = 0;
        hart.trapCause = -1;
        contextChanged();
        memory.translation().flush();
    }
}
