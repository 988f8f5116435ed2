package calvin.machine.hart;

import calvin.machine.bus.Device;
import calvin.machine.bus.RegisterMap;
import calvin.machine.bus.SystemBus;
import calvin.machine.isa.Assembler;
import calvin.machine.isa.Cause;
import calvin.machine.isa.Csr;
import calvin.machine.mem.PhysicalMemory;
import calvin.machine.mem.RamRegion;
import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;
import java.util.ArrayList;
import java.util.List;

/** One hart with memory and a device, without an engine: tests do what instructions would. */
final class Bench implements MachineServices {
    static final long RAM = 0x8000_0000L;
    static final long DEVICE = 0x1000_0000L;
    static final int VS = Hart.MODE_V + Hart.MODE_S;
    static final int VU = Hart.MODE_V + Hart.MODE_U;

    final PhysicalMemory memory = new PhysicalMemory("memory", List.of(new RamRegion(RAM, 16 << 20, 0)));
    final SystemBus bus = new SystemBus();
    final Hart hart = new Hart(0, 1000);
    final HartUnit unit;
    final HartRouter router;
    final List<String> services = new ArrayList<>();
    long nowPs;

    /** A hart whose firmware has permitted what Smstateen governs. */
    Bench() {
        this(HartModel.DEFAULT.withStateOpenAtReset(true));
    }

    Bench(HartModel model) {
        unit = new HartUnit("hart", hart, 10_000, memory, bus, this, CostTable.DEFAULT, model);
        router = new HartRouter(List.of(unit), memory::u16, new Stops());
        bus.add(DEVICE, new EchoDevice());
        hart.pc = RAM;
    }

    /** A device with one register that keeps what was stored. */
    private static final class EchoDevice implements Device {
        private final RegisterMap registers = new RegisterMap(4096).register("ECHO", 8, RegisterMap.W4 | RegisterMap.W8,
                RegisterMap.Access.READ_WRITE, "ours");
        private long kept;

        @Override
        public RegisterMap registers() {
            return registers;
        }

        @Override
        public long load(long timePs, int offset, int widthBytes) {
            return widthBytes == 8 ? kept : kept & 0xFFFF_FFFFL;
        }

        @Override
        public void store(long timePs, int offset, int widthBytes, long value) {
            kept = value;
        }

        @Override
        public void reset() {
            kept = 0;
        }

        @Override
        public String stateName() {
            return "echo";
        }

        @Override
        public void save(StateWriter out) {
            out.u64(kept);
        }

        @Override
        public void load(StateReader in) {
            kept = in.u64();
        }
    }

    void mode(int mode) {
        hart.mode = mode;
        unit.contextChanged();
    }

    long read(Csr csr) {
        return router.csr(hart, csr.number, 2, 0, true, false);
    }

    void write(Csr csr, long value) {
        router.csr(hart, csr.number, 1, value, false, true);
    }

    /** Writes a CSR whatever the mode is. */
    void poke(Csr csr, long value) {
        unit.setCsr(csr, value);
    }

    long peek(Csr csr) {
        return unit.csr(csr);
    }

    /** The pending exception, which is dropped; null when there is none. */
    Cause fault() {
        Cause cause = hart.trapCause < 0 ? null : Cause.exception(hart.trapCause);
        hart.trapCause = -1;
        return cause;
    }

    /** Puts an instruction where pc is. */
    void instruction(String text) {
        memory.u32(hart.pc, Assembler.assemble(text) & 0xFFFF_FFFFL);
    }

    @Override
    public void watchedStore(Hart of, long pa) {
        services.add("stored " + Long.toHexString(pa));
    }

    @Override
    public long nowPs() {
        return nowPs;
    }

    @Override
    public int node() {
        return 7;
    }

    @Override
    public void panic(Hart of, String message) {
        services.add("panic " + message);
    }

    @Override
    public void taskStarted(long timePs, long task) {
        services.add("started " + task);
    }

    @Override
    public void taskEnded(long timePs, long task, long code) {
        services.add("ended " + task + " " + code);
    }

    @Override
    public void vmExit(long timePs, int code, long cycles, int vcpu) {
        services.add("exit " + code);
    }
}
