package calvin.machine.board;

import calvin.machine.bus.Device;
import calvin.machine.bus.Dma;
import calvin.machine.bus.IrqLine;
import calvin.machine.bus.SystemBus;
import calvin.machine.dev.ConsoleSink;
import calvin.machine.dev.MachineEnd;
import calvin.machine.dev.Uart;
import calvin.machine.fitting.Fitting;
import calvin.machine.fitting.FittingTable;
import calvin.machine.fitting.Supplies;
import calvin.machine.fitting.Workbench;
import calvin.machine.hart.CostTable;
import calvin.machine.hart.Engine;
import calvin.machine.hart.EngineFactory;
import calvin.machine.hart.Hart;
import calvin.machine.hart.HartModel;
import calvin.machine.hart.HartRouter;
import calvin.machine.hart.HartUnit;
import calvin.machine.hart.HostedUnit;
import calvin.machine.hart.Stops;
import calvin.machine.hosted.HostedKernel;
import calvin.machine.mem.PhysicalMemory;
import calvin.machine.mem.RamRegion;
import calvin.machine.timed.Timing;
import calvin.machine.timing.TimingSpec;
import calvin.sim.check.Check;
import calvin.sim.event.Lane;
import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;
import calvin.sim.state.Stateful;
import calvin.sim.trace.TraceSink;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** The parts of a machine, put together as its board says and in the order in which their state is kept. */
final class MachineParts implements Workbench {
    private final Lane lane;
    private final Machine machine;
    private final BoardSpec board;
    private final Supplies supplies;
    final PhysicalMemory memory;
    final CacheKeeper keeper;
    final SystemBus bus = new SystemBus();
    final List<HartUnit> units = new ArrayList<>();
    final List<HartLoop> loops = new ArrayList<>();
    final List<Engine> engines = new ArrayList<>();
    final Timing timing;
    final MachineStatus status;
    final FaultUnit faults;
    final Stops stops = new Stops();
    final Services services;
    private final Dma dma;
    private IntFunction<IrqLine> wires = number -> IrqLine.NONE;
    private IntFunction<Dma> translated;
    private Uart console;
    /** What fittings offer each other while the machine is built. */
    private Supplies offers = Supplies.NONE;

    MachineParts(Machine machine, Lane lane, int node, BoardSpec board, List<HostedKernel> kernels,
            EngineFactory engineFactory, Supplies supplies, TraceSink trace, CostTable costs) {
        this.machine = machine;
        this.lane = lane;
        this.board = board;
        this.supplies = supplies;
        String name = lane.name();
        memory = new PhysicalMemory(name + "/memory", board.memory());
        status = new MachineStatus(name + "/status");
        faults = new FaultUnit(node, board.harts(), memory, trace);
        services = new Services(machine, status, trace);
        for (int i = 0; i < board.harts(); i++) {
            Hart hart = new Hart(i, board.hartPeriodPs());
            units.add(new HartUnit(name + "/hart" + i, hart, board.timePeriodPs(), memory, bus, services, costs,
                    board.hartModel()));
        }
        timing = new Timing(name + "/timing", TimingSpec.DEFAULT, Shapes.of(board), costs);
        HartRouter router = new HartRouter(units, memory::u16, stops);
        List<Engine> executing = engineFactory.create(router, board.harts());
        for (int i = 0; i < board.harts(); i++) {
            HartUnit unit = units.get(i);
            HostedUnit hosted = new HostedUnit(unit, kernels, memory, bus, services);
            engines.add(timing.engine(unit, executing.get(i), router, Engines.DECODER));
            loops.add(new HartLoop(unit, hosted, engines.get(i), status, faults, stops));
            unit.halt();
        }
        keeper = new CacheKeeper(units, engines);
        memory.setWatcher(keeper);
        lane.setProcessor(machine);
        lane.addPart(status);
        units.forEach(lane::addPart);
        lane.addPart(memory);
        lane.addPart(timing);
        dma = timing.heard(services);
    }

    private void build(boolean first) {
        for (Fitting fitting : board.fittings()) {
            if (FittingTable.of(fitting).comesFirst() == first) {
                FittingTable.of(fitting).build(fitting, this);
            }
        }
    }

    /** Builds what the board is fitted with. */
    void fit() {
        wires = board.interrupts().kind().build(this);
        build(true);
        build(false);
        lane.addPart(new Restored());
    }

    /** Comes last among the parts: what is derived from several of them is rebuilt when all are loaded. */
    private final class Restored implements Stateful {
        @Override
        public String stateName() {
            return lane.name() + "/machine";
        }

        @Override
        public void save(StateWriter out) {}

        @Override
        public void load(StateReader in) {}

        @Override
        public void dropDerived() {
            faults.forget();
            machine.slice(null);
            for (int i = 0; i < units.size(); i++) {
                units.get(i).flush();
                engines.get(i).allCodeChanged();
            }
        }
    }

    Uart consolePort() {
        return console;
    }

    /** Where the console's output goes. */
    ConsoleSink sink() {
        return supplies.get(ConsoleSink.class, "");
    }

    @Override
    public Lane lane() {
        return lane;
    }

    @Override
    public String stateName(String fitting) {
        return lane.name() + "/" + fitting;
    }

    @Override
    public HartModel model() {
        return board.hartModel();
    }

    @Override
    public int harts() {
        return board.harts();
    }

    @Override
    public long timePeriodPs() {
        return board.timePeriodPs();
    }

    @Override
    public HartUnit hart(int number) {
        return units.get(number);
    }

    @Override
    public IrqLine line(int hart, long bit) {
        return units.get(hart).line(bit);
    }

    @Override
    public IrqLine wire(int number) {
        return number == 0 ? IrqLine.NONE : wires.apply(number);
    }

    @Override
    public PhysicalMemory memory() {
        return memory;
    }

    @Override
    public Dma dma() {
        return dma;
    }

    @Override
    public Dma dma(int deviceId) {
        return translated == null ? services : translated.apply(deviceId);
    }

    @Override
    public boolean translates() {
        return translated != null;
    }

    @Override
    public void translate(IntFunction<Dma> ports) {
        translated = ports;
    }

    @Override
    public MachineEnd end() {
        return services;
    }

    @Override
    public Supplies supplies() {
        return supplies;
    }

    @Override
    public void add(long basePa, Device device) {
        for (RamRegion region : board.memory()) {
            Check.that(basePa >= region.endPa() || basePa + device.registers().sizeBytes() <= region.basePa(),
                    "device overlaps RAM", basePa);
        }
        bus.add(basePa, device);
        lane.addPart(device);
    }

    @Override
    public <T> void offer(Class<T> type, String fitting, T part) {
        offers = offers.with(type, fitting, part);
    }

    @Override
    public <T> T offered(Class<T> type, String fitting) {
        return offers.get(type, fitting);
    }

    @Override
    public void console(Uart uart) {
        console = uart;
    }
}
