package calvin.machine.board;

import calvin.machine.bus.BusListener;
import calvin.machine.bus.Device;
import calvin.machine.bus.Dma;
import calvin.machine.bus.IrqLine;
import calvin.machine.bus.SystemBus;
import calvin.machine.dev.ConsoleSink;
import calvin.machine.dev.Htif;
import calvin.machine.elf.ElfException;
import calvin.machine.elf.ElfFile;
import calvin.machine.elf.ElfSegment;
import calvin.machine.fitting.Fitting;
import calvin.machine.fitting.InterruptKind;
import calvin.machine.fitting.Supplies;
import calvin.machine.hart.CostTable;
import calvin.machine.hart.Engine;
import calvin.machine.hart.EngineFactory;
import calvin.machine.hart.Hart;
import calvin.machine.hart.HartUnit;
import calvin.machine.hart.Status;
import calvin.machine.hart.Stops;
import calvin.machine.hosted.HostedKernel;
import calvin.machine.hosted.HostedVector;
import calvin.machine.mem.PhysicalMemory;
import calvin.machine.sbi.FirmwareStruct;
import calvin.machine.timed.Timing;
import calvin.sim.check.Check;
import calvin.sim.event.EventQueue;
import calvin.sim.event.Lane;
import calvin.sim.event.Processor;
import calvin.sim.fault.FaultSeam;
import calvin.sim.state.Derived;
import calvin.sim.time.SimTime;
import calvin.sim.trace.TraceSink;
import java.util.List;

/**
 * A computer on a lane: harts, RAM, the board's devices, and what is added to it. Built, loaded and started, it is
 * advanced by its lane.
 *
 * <p>One hart runs exactly to the next event. Several run one after the other in slices that end at multiples of the
 * board's quantum or at the next event; a slice that would cross the horizon is left whole for later. LR reservations
 * do not survive the end of a slice, so an SC sees every store of another hart. See ADR 1.
 *
 * <pre>
 * Lane lane = new Lane("node0");
 * Machine machine = new Machine(lane, 0, BoardSpec.virt(1, 64L << 20), List.of(new SbiFirmware()),
 *     Engines.INTERPRETER, console, trace);
 * machine.bootSupervisor(machine.loadElf(file).entry(), "");
 * lane.runUntil(SimTime.PS_PER_S);
 * machine.status();
 * </pre>
 */
public final class Machine implements Processor {
    /** The device tree takes the end of the first RAM region, in steps of this. */
    private static final long TREE_ALIGNMENT = 0x1_0000;
    /** "OSBI", and its version of the struct, which lies in the page below the device tree. */
    private static final long DYNAMIC_MAGIC = 0x4942_534FL;
    private static final long DYNAMIC_VERSION = 2;
    static final long DYNAMIC_INFO_BYTES = 4096;

    private final Lane lane;
    private final int node;
    private final BoardSpec board;
    private final MachineParts parts;
    private final PhysicalMemory memory;
    private final List<HartUnit> units;
    private final List<HartLoop> loops;
    private final MachineStatus status;
    private final Restart restart;
    @Derived(from = "the program loaded")
    private Htif htif;
    /** A slice that a debugger's stop has cut, null mostly. */
    @Derived(from = "nothing: null where no debugger has stopped the machine")
    private Slice slice;
    /** What is started again when software asks for a restart; null for one that cannot be. */
    @Derived(from = "who built the machine")
    private Program program;
    /** The hart that executes now, whose clock is the time of what it does. */
    @Derived(from = "nothing: null between events")
    private Hart acting;

    /**
     * @param lane    of this machine alone; its name prefixes the names of all state
     * @param node    number in the experiment
     * @param kernels hosted kernels by number; number 0 is the firmware, for example {@link
     *                calvin.machine.sbi.SbiFirmware}
     */
    public Machine(Lane lane, int node, BoardSpec board, List<HostedKernel> kernels, EngineFactory engineFactory,
            ConsoleSink console, TraceSink trace) {
        this(lane, node, board, kernels, engineFactory, console, trace, CostTable.DEFAULT);
    }

    public Machine(Lane lane, int node, BoardSpec board, List<HostedKernel> kernels, EngineFactory engineFactory,
            ConsoleSink console, TraceSink trace, CostTable costs) {
        this(lane, node, board, kernels, engineFactory, Supplies.NONE.with(ConsoleSink.class, "", console), trace,
                costs);
    }

    /** @param supplies what the board's devices take from outside; the {@link ConsoleSink} named "" at least */
    public Machine(Lane lane, int node, BoardSpec board, List<HostedKernel> kernels, EngineFactory engineFactory,
            Supplies supplies, TraceSink trace, CostTable costs) {
        Check.that(board.problems().isEmpty(), "board cannot be built", board.problems());
        this.lane = lane;
        this.node = node;
        this.board = board;
        parts = new MachineParts(this, lane, node, board, kernels, engineFactory, supplies, trace, costs);
        memory = parts.memory;
        units = parts.units;
        loops = parts.loops;
        status = parts.status;
        parts.fit();
        restart = new Restart(this, parts, lane);
    }

    // Building.

    /**
     * Starts a program now, and again whenever software asks for a restart. A machine that was started by other means
     * ends instead.
     */
    public void boot(Program value) {
        program = value;
        value.start(this);
    }

    /** Lets a restart end the machine. */
    public void restartEnds() {
        program = null;
    }

    void startProgram() {
        program.start(this);
    }

    void restartAt(long timePs) {
        if (program == null) {
            status.exit(timePs, 0);
        } else {
            restart.at(timePs);
        }
    }

    public Lane lane() {
        return lane;
    }

    public int node() {
        return node;
    }

    public BoardSpec board() {
        return board;
    }

    /** Physical memory, for loaders and for looking. Writes through it cost nothing. */
    public PhysicalMemory memory() {
        return memory;
    }

    /** Puts a device on the bus and its state among the machine's. Its state name must be unique in the experiment. */
    public void addDevice(long basePa, Device device) {
        parts.add(basePa, device);
    }

    /** A bus master's access to RAM, for devices. */
    public Dma dma() {
        return parts.dma();
    }

    /** The machine's fidelity, {@code functional} unless it is switched. */
    public Timing timing() {
        return parts.timing;
    }

    /** Where devices answer, for who sends messages. */
    SystemBus bus() {
        return parts.bus;
    }

    /** A wire into a hart: {@link Status#SEIP} or {@link Status#MEIP}, for interrupt controllers and simple devices. */
    public IrqLine interruptLine(int hart, long bit) {
        return units.get(hart).line(bit);
    }

    /**
     * Copies a file's segments to their physical addresses and, when it has a {@code tohost} symbol, watches that word
     * as HTIF does.
     *
     * @throws ElfException when a segment does not lie in RAM
     */
    public ElfFile loadElf(byte[] file) throws ElfException {
        ElfFile elf = ElfFile.parse(file);
        for (ElfSegment segment : elf.segments()) {
            if (segment.memoryBytes() > 0 && !memory.isRam(segment.pa(), segment.memoryBytes())) {
                throw new ElfException(String.format(java.util.Locale.ROOT,
                        "segment at %#x with %#x bytes does not lie in this machine's"
                                + " RAM, which begins at %#x and has %#x bytes",
                        segment.pa(), segment.memoryBytes(),
                        AddressMap.RAM, board.memoryBytes()));
            }
        }
        elf.loadPhysical(memory);
        if (elf.symbol("tohost").isPresent() && memory.isRam(elf.symbol("tohost").getAsLong(), 8)) {
            htif = new Htif(memory, elf.symbol("tohost").getAsLong(), elf.symbol("fromhost").orElse(0), parts.sink(),
                    parts.services);
        }
        return elf;
    }

    /** Writes the board's device tree to the end of the first RAM region and returns its address. */
    public long placeDeviceTree(String arguments) {
        return placeDeviceTree(deviceTree(arguments));
    }

    private long placeDeviceTree(byte[] tree) {
        long pa = treePa(tree.length);
        memory.write(pa, tree, 0, tree.length);
        return pa;
    }

    private long treePa(int treeBytes) {
        return board.memory().getFirst().endPa() - treeBytes & -TREE_ALIGNMENT;
    }

    /** Where the device tree is put that says this; what is loaded lies below. */
    long treePa(Chosen chosen) {
        return treePa(DeviceTree.of(board, chosen).length);
    }

    /** The board's device tree as a blob, as software in M mode gets it. */
    public byte[] deviceTree(String arguments) {
        return DeviceTree.forFirmware(board, Chosen.of(arguments));
    }

    /** Makes a hart execute from {@code pc} as after reset, with a0 and a1; {@code mode} is one of {@link Hart}'s. */
    public void startHart(int hart, long pc, int mode, long a0, long a1) {
        HartUnit unit = units.get(hart);
        unit.start(pc, mode);
        unit.hart().x[10] = a0;
        unit.hart().x[11] = a1;
    }

    /** Starts all harts in M mode at {@code entry} with a0 = hart number, as a board without firmware does. */
    public void bootBare(long entry) {
        long tree = placeDeviceTree("");
        for (int hart = 0; hart < board.harts(); hart++) {
            startHart(hart, entry, Hart.MODE_M, hart, tree);
        }
    }

    /**
     * Starts all harts in M mode at a firmware's {@code entry}: a0 = hart number, a1 = the device tree, a2 = what
     * OpenSBI's fw_dynamic wants to know of the next stage (OpenSBI, docs/firmware/fw_dynamic.md).
     *
     * @param nextPa where the next stage is entered in S mode
     */
    void bootFirmware(long entry, long nextPa, Chosen chosen) {
        long tree = placeDeviceTree(DeviceTree.forFirmware(board, chosen));
        long[] info = {DYNAMIC_MAGIC, DYNAMIC_VERSION, nextPa, Hart.MODE_S, 0, 0};
        long infoPa = tree - DYNAMIC_INFO_BYTES;
        for (int i = 0; i < info.length; i++) {
            memory.u64(infoPa + 8L * i, info[i]);
        }
        for (int hart = 0; hart < board.harts(); hart++) {
            startHart(hart, entry, Hart.MODE_M, hart, tree);
            units.get(hart).hart().x[12] = infoPa;
        }
    }

    /**
     * Starts the firmware on all harts; hart 0 goes on in S mode at {@code entry} with a0 = 0 and a1 = the device tree,
     * the others wait for HSM. {@code entry} may be a hosted kernel's boot entry.
     */
    public void bootSupervisor(long entry, String arguments) {
        bootSupervisor(entry, Chosen.of(arguments));
    }

    /** As {@link #bootSupervisor(long, String)}, with all that the device tree says of the boot. */
    void bootSupervisor(long entry, Chosen chosen) {
        bootSupervisor(entry, placeDeviceTree(DeviceTree.of(board, chosen)));
    }

    /** As {@link #bootSupervisor(long, String)}, with a1 = {@code argument} instead of a device tree. */
    public void bootSupervisor(long entry, long argument) {
        FirmwareStruct.write(memory, AddressMap.RAM, board.harts(), fittingPa("clint"), fittingPa("uart"),
                fittingPa("uart1"), fittingPa("finisher"));
        InterruptKind interrupts = board.interrupts().kind();
        FirmwareStruct.delegate(memory, AddressMap.RAM, interrupts.delegatingPa(), interrupts.lastWire());
        for (int hart = 0; hart < board.harts(); hart++) {
            startHart(hart, HostedVector.of(0, HostedVector.BOOT), Hart.MODE_M, hart, argument);
            units.get(hart).hart().x[12] = hart == 0 ? entry : 0;
            units.get(hart).hart().x[13] = AddressMap.RAM;
        }
    }

    /** Where a device is, or 0 where the board has none of this name. */
    private long fittingPa(String name) {
        return board.fitting(name).map(Fitting::basePa).orElse(0L);
    }

    /** Types at the console at {@code timePs}, at most once per time. */
    public void type(long timePs, byte[] bytes) {
        parts.consolePort().type(timePs, bytes);
    }

    /**
     * Whether software has taken all that has been typed up to now. Who types a FIFO (16 bytes) at a time, and then
     * only, keeps the order.
     */
    public boolean typedIsTaken() {
        return parts.consolePort().drained();
    }

    // Looking.

    public MachineStatus status() {
        return status;
    }

    /** Whether it runs but will never do anything again: all harts wait, no timer runs, no event is pending. */
    public boolean stuck() {
        return status.running() && nextTimePs() == SimTime.NEVER && lane.queue().size() == 0;
    }

    public HartUnit hart(int number) {
        return units.get(number);
    }

    HartLoop loop(int hart) {
        return loops.get(hart);
    }

    /** Instructions retired by all harts. */
    public long instructions() {
        long sum = 0;
        for (int i = 0; i < units.size(); i++) {
            sum += units.get(i).hart().instret;
        }
        return sum;
    }

    /** How the machine was executed so far. */
    public MachineStats stats() {
        return MachineStats.of(units, parts.keeper.codeChanges());
    }

    public FaultSeam faults() {
        return parts.faults;
    }

    /** Gives memory back for other machines. Nothing may be done with the machine afterwards. */
    public void close() {
        memory.close();
    }

    // For the debugger.

    /**
     * What is left of a slice that a stop has cut.
     *
     * @param endPs when the slice ends
     * @param hart  the hart that has stopped in it; those below have had their turn
     */
    public record Slice(long endPs, int hart) {}

    /** Where the debugger says what stops the machine. {@link Lane#runUntil} returns when it has stopped. */
    public Stops stops() {
        return parts.stops;
    }

    /** Who hears of accesses to devices; null for nobody. */
    public void setBusListener(BusListener listener) {
        parts.bus.setListener(listener);
    }

    /** Number of the hart that acts now, or -1 while an event is handled. */
    public int actingHart() {
        return acting == null ? -1 : acting.id;
    }

    /** Tells the engines that the addresses of {@link #stops} have changed. */
    public void stopsChanged() {
        parts.engines.forEach(Engine::stopsChanged);
    }

    /** The slice that a stop has cut, or null. Together with a snapshot it is all that a stopped machine is. */
    public Slice slice() {
        return slice;
    }

    /** After a restore of a snapshot that was taken in a cut slice. */
    public void slice(Slice cut) {
        slice = cut;
    }

    // Running.

    @Override
    public long nextTimePs() {
        if (!status.running()) {
            return SimTime.NEVER;
        }
        if (slice != null) {
            return Long.MIN_VALUE; // the rest of a slice comes before anything that it has itself made an event of
        }
        long next = SimTime.NEVER;
        for (int i = 0; i < loops.size(); i++) {
            next = Math.min(next, loops.get(i).nextTimePs());
        }
        return next;
    }

    @Override
    public boolean run(EventQueue queue, long horizonPs) {
        if (loops.size() == 1) {
            advance(loops.getFirst(), queue, horizonPs);
            return !parts.stops.stopped();
        }
        if (slice == null) {
            long end = SimTime.plus(nextTimePs() / board.quantumPs() * board.quantumPs(), board.quantumPs());
            if (Math.min(end, queue.nextTimePs()) > horizonPs) {
                return false;
            }
            return runSlice(queue, end, 0);
        }
        return runSlice(queue, slice.endPs(), slice.hart());
    }

    private boolean runSlice(EventQueue queue, long endPs, int first) {
        slice = null;
        for (int i = first; i < loops.size(); i++) {
            advance(loops.get(i), queue, endPs);
            if (parts.stops.stopped()) {
                slice = new Slice(endPs, i);
                return false;
            }
            units.get(i).loseReservation(Math.min(endPs, queue.nextTimePs()));
        }
        return true;
    }

    private void advance(HartLoop loop, EventQueue queue, long limitPs) {
        acting = loop.hart();
        loop.advance(queue, limitPs);
        acting = null;
    }

    /**
     * Time of what happens now: the acting hart's, or that of the event taken last. Not the lane's, which may be at a
     * horizon already.
     */
    long nowPs() {
        return acting != null ? acting.timePs() : lane.queue().nowPs();
    }

    void watchedStore(Hart hart) {
        if (htif != null) {
            htif.stored(hart.timePs());
        }
    }

    /** Ends reservations on {@code [pa, pa + length)}: another master has written there. */
    void breakReservations(long pa, long length) {
        for (int i = 0; i < units.size(); i++) {
            Hart hart = units.get(i).hart();
            if (hart.reservationPa + 7 >= pa && hart.reservationPa < pa + length) {
                units.get(i).loseReservation(nowPs());
            }
        }
    }
}
