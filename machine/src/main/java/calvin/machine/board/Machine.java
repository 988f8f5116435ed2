package calvin.machine.board;

import calvin.machine.bus.Device;
import calvin.machine.bus.Dma;
import calvin.machine.bus.IrqLine;
import calvin.machine.bus.SystemBus;
import calvin.machine.dev.Aclint;
import calvin.machine.dev.ConsoleSink;
import calvin.machine.dev.Finisher;
import calvin.machine.dev.Htif;
import calvin.machine.dev.Plic;
import calvin.machine.dev.Uart;
import calvin.machine.elf.ElfException;
import calvin.machine.elf.ElfFile;
import calvin.machine.elf.ElfSegment;
import calvin.machine.hart.CostTable;
import calvin.machine.hart.Engine;
import calvin.machine.hart.EngineFactory;
import calvin.machine.hart.Hart;
import calvin.machine.hart.HartRouter;
import calvin.machine.hart.HartUnit;
import calvin.machine.hart.HostedUnit;
import calvin.machine.hart.Status;
import calvin.machine.hosted.HostedKernel;
import calvin.machine.hosted.HostedVector;
import calvin.machine.mem.PhysicalMemory;
import calvin.machine.sbi.FirmwareStruct;
import calvin.sim.check.Check;
import calvin.sim.event.EventQueue;
import calvin.sim.event.Lane;
import calvin.sim.event.Processor;
import calvin.sim.fault.FaultSeam;
import calvin.sim.state.Derived;
import calvin.sim.state.Stateful;
import calvin.sim.time.SimTime;
import calvin.sim.trace.TraceSink;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

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
    /** How much of the end of the first RAM region the device tree may take. */
    private static final int TREE_BYTES = 0x1_0000;

    private final Lane lane;
    private final int node;
    private final BoardSpec board;
    private final PhysicalMemory memory;
    private final SystemBus bus = new SystemBus();
    private final List<HartUnit> units = new ArrayList<>();
    private final List<HartLoop> loops = new ArrayList<>();
    private final List<Engine> engines;
    private final MachineStatus status;
    private final FaultUnit faults;
    private final Plic plic;
    private final Uart uart;
    private final ConsoleSink console;
    private final Services services;
    @Derived(from = "the program loaded")
    private Htif htif;
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
        Check.that(board.problems().isEmpty(), "board cannot be built", board.problems());
        this.lane = lane;
        this.node = node;
        this.board = board;
        this.console = console;
        String name = lane.name();
        memory = new PhysicalMemory(name + "/memory", board.memory());
        status = new MachineStatus(name + "/status");
        faults = new FaultUnit(node, board.harts(), memory, trace);
        services = new Services(this, status, trace);
        for (int i = 0; i < board.harts(); i++) {
            Hart hart = new Hart(i, board.hartPeriodPs());
            units.add(new HartUnit(name + "/hart" + i, hart, board.timePeriodPs(), memory, bus, services, costs));
        }
        engines = engineFactory.create(new HartRouter(units, memory::u16), board.harts());
        for (int i = 0; i < board.harts(); i++) {
            HartUnit unit = units.get(i);
            HostedUnit hosted = new HostedUnit(unit, kernels, memory, bus, services);
            loops.add(new HartLoop(unit, hosted, engines.get(i), status, faults));
            unit.halt();
        }
        memory.setWatcher(new CacheKeeper(units, engines));
        lane.setProcessor(this);
        lane.addPart(status);
        units.forEach(lane::addPart);
        lane.addPart(memory);
        plic = new Plic(name + "/plic", externalLines());
        uart = new Uart(name + "/uart", lane, console, plic.source(AddressMap.UART_IRQ));
        addDevice(AddressMap.FINISHER, new Finisher(name + "/finisher", services));
        addDevice(AddressMap.CLINT, new Aclint(name + "/clint", lane, board.timePeriodPs(), lines(Status.MSIP),
                lines(Status.MTIP)));
        addDevice(AddressMap.PLIC, plic);
        addDevice(AddressMap.UART, uart);
        addDevice(AddressMap.ERROR_UART, new Uart(name + "/uart1", lane, console::writeError, IrqLine.NONE));
        lane.addPart(new Restored());
    }

    /** Comes last among the parts: what is derived from several of them is rebuilt when all are loaded. */
    private final class Restored implements Stateful {
        @Override
        public String stateName() {
            return lane.name() + "/machine";
        }

        @Override
        public void save(calvin.sim.state.StateWriter out) {}

        @Override
        public void load(calvin.sim.state.StateReader in) {}

        @Override
        public void dropDerived() {
            faults.forget();
            for (int i = 0; i < units.size(); i++) {
                units.get(i).flush();
                engines.get(i).allCodeChanged();
            }
        }
    }

    private List<IrqLine> lines(long bit) {
        return units.stream().map(unit -> unit.line(bit)).toList();
    }

    /** Wires by the PLIC's contexts: each hart's M level, then its S level. */
    private List<IrqLine> externalLines() {
        return units.stream().flatMap(unit -> Stream.of(unit.line(Status.MEIP), unit.line(Status.SEIP))).toList();
    }

    // Building.

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
        for (calvin.machine.mem.RamRegion region : board.memory()) {
            Check.that(basePa >= region.endPa() || basePa + device.registers().sizeBytes() <= region.basePa(),
                    "device overlaps RAM", basePa);
        }
        bus.add(basePa, device);
        lane.addPart(device);
    }

    /** A bus master's access to RAM, for devices. */
    public Dma dma() {
        return services;
    }

    /** Where devices answer, for who sends messages. */
    SystemBus bus() {
        return bus;
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
            htif = new Htif(memory, elf.symbol("tohost").getAsLong(), elf.symbol("fromhost").orElse(0), console,
                    services);
        }
        return elf;
    }

    /** Writes the board's device tree to the end of the first RAM region and returns its address. */
    public long placeDeviceTree(String arguments) {
        return placeDeviceTree(Chosen.of(arguments));
    }

    private long placeDeviceTree(Chosen chosen) {
        byte[] tree = DeviceTree.of(board, chosen);
        Check.that(tree.length <= TREE_BYTES, "device tree is too large", tree.length);
        long pa = treePa();
        memory.write(pa, tree, 0, tree.length);
        return pa;
    }

    /** Where the device tree is put; what is loaded lies below. */
    long treePa() {
        return board.memory().getFirst().endPa() - TREE_BYTES;
    }

    /** The board's device tree as a blob. */
    public byte[] deviceTree(String arguments) {
        return DeviceTree.of(board, Chosen.of(arguments));
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
     * Starts the firmware on all harts; hart 0 goes on in S mode at {@code entry} with a0 = 0 and a1 = the device tree,
     * the others wait for HSM. {@code entry} may be a hosted kernel's boot entry.
     */
    public void bootSupervisor(long entry, String arguments) {
        bootSupervisor(entry, placeDeviceTree(arguments));
    }

    /** As {@link #bootSupervisor(long, String)}, with all that the device tree says of the boot. */
    void bootSupervisor(long entry, Chosen chosen) {
        bootSupervisor(entry, placeDeviceTree(chosen));
    }

    /** As {@link #bootSupervisor(long, String)}, with a1 = {@code argument} instead of a device tree. */
    public void bootSupervisor(long entry, long argument) {
        FirmwareStruct.write(memory, AddressMap.RAM, board.harts(), AddressMap.CLINT, AddressMap.UART,
                AddressMap.ERROR_UART, AddressMap.FINISHER);
        for (int hart = 0; hart < board.harts(); hart++) {
            startHart(hart, HostedVector.of(0, HostedVector.BOOT), Hart.MODE_M, hart, argument);
            units.get(hart).hart().x[12] = hart == 0 ? entry : 0;
            units.get(hart).hart().x[13] = AddressMap.RAM;
        }
    }

    /** Types at the console at {@code timePs}, at most once per time. */
    public void type(long timePs, byte[] bytes) {
        uart.type(timePs, bytes);
    }

    /**
     * Whether software has taken all that has been typed up to now. Who types a FIFO (16 bytes) at a time, and then
     * only, keeps the order.
     */
    public boolean typedIsTaken() {
        return uart.drained();
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

    public FaultSeam faults() {
        return faults;
    }

    /** Gives memory back for other machines. Nothing may be done with the machine afterwards. */
    public void close() {
        memory.close();
    }

    // Running.

    @Override
    public long nextTimePs() {
        if (!status.running()) {
            return SimTime.NEVER;
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
            return true;
        }
        long start = nextTimePs();
        long end = SimTime.plus(start / board.quantumPs() * board.quantumPs(), board.quantumPs());
        if (Math.min(end, queue.nextTimePs()) > horizonPs) {
            return false;
        }
        for (int i = 0; i < loops.size(); i++) {
            advance(loops.get(i), queue, end);
            loops.get(i).hart().reservationPa = -1;
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
                hart.reservationPa = -1;
            }
        }
    }
}
