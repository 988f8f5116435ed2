package calvin.machine.embed;

import calvin.machine.board.BoardSpec;
import calvin.machine.board.Machine;
import calvin.machine.board.MachineStatus;
import calvin.machine.dev.ConsoleSink;
import calvin.machine.elf.ElfException;
import calvin.machine.elf.ElfFile;
import calvin.machine.hart.EngineFactory;
import calvin.machine.hart.Hart;
import calvin.machine.hart.HartUnit;
import calvin.machine.isa.Csr;
import calvin.machine.isa.Registers;
import calvin.machine.mem.PhysicalMemory;
import calvin.machine.sbi.SbiFirmware;
import calvin.sim.event.Lane;
import calvin.sim.state.StateHash;
import calvin.sim.state.Stateful;
import calvin.sim.time.SimTime;
import calvin.sim.trace.TraceSink;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A machine that runs under control of the program around it.
 *
 * <pre>
 * try (Emulation e = Emulation.virt().harts(2).load(elf)) {
 *     assertTrue(e.runUntil(Until.output("ready")));
 *     assertTrue(e.runUntil(Until.ended()));
 *     assertEquals(0, e.exitCode());
 *     assertEquals(42, e.register(0, "a0"));
 *     assertEquals(7, e.u64(e.symbol("counter")));
 * }
 * </pre>
 *
 * <p>The same calls give the same run, always. Between runs everything may be looked at and changed, which takes no
 * virtual time. One thread at a time; several emulations are independent of each other. Memory is off the heap and
 * given back by {@link #close}.
 *
 * <p>{@link #machine} is the machine itself, for what has no shorthand here.
 */
public final class Emulation implements AutoCloseable {
    private final Lane lane = new Lane("node0");
    private final Machine machine;
    private final long limitPs;
    private final Console console = new Console();
    private final Map<String, Long> symbols = new TreeMap<>();

    private static final class Console implements ConsoleSink {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public void write(long timePs, int value) {
            bytes.write(value);
        }
    }

    Emulation(BoardSpec board, EngineFactory engine, long limitPs, List<EmulationSetup.Fitting> devices) {
        this.limitPs = limitPs;
        machine = new Machine(lane, 0, board, List.of(new SbiFirmware()), engine, console, TraceSink.NONE);
        devices.forEach(fitting -> machine.addDevice(fitting.basePa(), fitting.device()));
    }

    /** A {@code virt} board: the address map of QEMU's. */
    public static EmulationSetup virt() {
        return new EmulationSetup(false);
    }

    /** An {@code hpc} board. */
    public static EmulationSetup hpc() {
        return new EmulationSetup(true);
    }

    ElfFile loadElf(byte[] elf) {
        try {
            ElfFile file = machine.loadElf(elf);
            addSymbols(file.symbols());
            return file;
        } catch (ElfException refused) {
            throw new IllegalArgumentException(refused.getMessage(), refused);
        }
    }

    void addSymbols(Map<String, Long> more) {
        symbols.putAll(more);
    }

    // Running.

    /**
     * Runs until {@code what} is the case.
     *
     * @return false if it never will: the machine has ended or is stuck, or the time limit of the setup has passed
     */
    public boolean runUntil(Until what) {
        long endPs = SimTime.plus(lane.timePs(), limitPs);
        return switch (what) {
            case Until.Ended() -> {
                advance(endPs);
                yield !machine.status().running();
            }
            case Until.Time(long timePs) -> {
                advance(timePs);
                yield lane.timePs() >= timePs;
            }
            case Until.Instructions(long count) -> runInstructions(count, endPs);
            case Until.Output(String text) -> runToOutput(text, endPs);
            case Until.Pc(int hart, long va) -> runToPc(hart, va, endPs);
            case Until.Symbol(int hart, String name) -> runToPc(hart, symbol(name), endPs);
        };
    }

    /** As {@link #runUntil} with {@link Until#ended}, and the exit code; fails if the machine does not end. */
    public long runToExit() {
        if (!runUntil(Until.ended())) {
            throw new IllegalStateException("does not end within " + SimTime.format(limitPs) + "; hart 0 is at 0x"
                    + Long.toHexString(machine.hart(0).hart().pc) + "; it has printed: " + output());
        }
        return exitCode();
    }

    private boolean going(long endPs) {
        return machine.status().running() && lane.timePs() < endPs && lane.nextTimePs() != SimTime.NEVER;
    }

    private void advance(long endPs) {
        while (going(endPs)) {
            lane.runUntil(Math.min(endPs, SimTime.plus(lane.timePs(), SimTime.PS_PER_MS)));
        }
    }

    private boolean runInstructions(long count, long endPs) {
        BoardSpec board = machine.board();
        long left = count - machine.instructions();
        while (left > 0 && going(endPs)) {
            long cycles = Math.max(1, left / board.harts());
            long stepPs = board.harts() == 1
                    ? cycles * board.hartPeriodPs()
                    : Math.max(board.quantumPs(), cycles * board.hartPeriodPs());
            lane.runUntil(Math.min(endPs, SimTime.plus(Math.max(lane.timePs(), lane.nextTimePs()), stepPs)));
            left = count - machine.instructions();
        }
        return left <= 0;
    }

    private boolean runToOutput(String text, long endPs) {
        while (!output().contains(text)) {
            if (!going(endPs)) {
                return false;
            }
            int before = console.bytes.size();
            while (console.bytes.size() == before && going(endPs)) {
                lane.runUntil(Math.min(endPs, SimTime.plus(Math.max(lane.timePs(), lane.nextTimePs()),
                        machine.board().quantumPs())));
            }
        }
        return true;
    }

    private boolean runToPc(int hart, long va, long endPs) {
        HartUnit unit = machine.hart(hart);
        boolean[] there = new boolean[1];
        unit.setStepper(of -> {
            there[0] |= of.pc == va;
            return true;
        });
        try {
            // The first instruction is executed in any case, so that one may go on from where one is.
            do {
                if (!going(endPs)) {
                    return false;
                }
                there[0] = false;
                lane.runUntil(Math.max(lane.timePs(), lane.nextTimePs()) + 1);
            } while (machine.board().harts() == 1 ? unit.hart().pc != va : !there[0]);
            return true;
        } finally {
            unit.setStepper(null);
        }
    }

    /** Types at the console now. */
    public void type(String text) {
        machine.type(lane.timePs(), text.getBytes(StandardCharsets.UTF_8));
    }

    // Looking and changing.

    public Machine machine() {
        return machine;
    }

    public PhysicalMemory memory() {
        return machine.memory();
    }

    /** Virtual time in picoseconds. */
    public long timePs() {
        return lane.timePs();
    }

    /** Instructions retired by all harts. */
    public long instructions() {
        return machine.instructions();
    }

    /** What the machine has printed since it was made or {@link #clearOutput}, as UTF-8. */
    public String output() {
        return console.bytes.toString(StandardCharsets.UTF_8);
    }

    /** Forgets what has been printed. */
    public void clearOutput() {
        console.bytes.reset();
    }

    /**
     * The code with which the machine ended.
     *
     * @throws IllegalStateException if it has not, or if a kernel panicked
     */
    public long exitCode() {
        if (machine.status().kind() != MachineStatus.Kind.EXITED) {
            throw new IllegalStateException("the machine has not exited: " + machine.status());
        }
        return machine.status().code();
    }

    /**
     * A register of a hart between two instructions: {@code pc}, an integer register ({@code a0}, {@code x10}), a
     * floating-point register's bits ({@code fa0}), or a CSR as M mode reads it ({@code mcause}).
     */
    public long register(int hart, String name) {
        Hart of = machine.hart(hart).hart();
        if (name.equals("pc")) {
            return of.pc;
        }
        if (Registers.number(name) >= 0) {
            return of.x[Registers.number(name)];
        }
        if (Registers.floatNumber(name) >= 0) {
            return of.f[Registers.floatNumber(name)];
        }
        return machine.hart(hart).csr(csr(name));
    }

    /** Changes a register; see {@link #register}. A CSR keeps the bits that software cannot write. */
    public void setRegister(int hart, String name, long value) {
        Hart of = machine.hart(hart).hart();
        if (name.equals("pc")) {
            of.pc = value;
        } else if (Registers.number(name) > 0) {
            of.x[Registers.number(name)] = value;
        } else if (Registers.floatNumber(name) >= 0) {
            of.f[Registers.floatNumber(name)] = value;
        } else if (Registers.number(name) < 0) {
            machine.hart(hart).setCsr(csr(name), value);
        }
    }

    private static Csr csr(String name) {
        Csr csr = Csr.numberOf(name) < 0 ? null : Csr.of(Csr.numberOf(name));
        if (csr == null || csr.count > 1) {
            throw new IllegalArgumentException("no such register: " + name);
        }
        return csr;
    }

    /** Address of a symbol of what was loaded. */
    public long symbol(String name) {
        Long value = symbols.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no such symbol: " + name);
        }
        return value;
    }

    /** The doubleword at physical address {@code pa}, little-endian; need not be aligned. */
    public long u64(long pa) {
        return machine.memory().u64(pa);
    }

    public byte[] bytes(long pa, int length) {
        byte[] bytes = new byte[length];
        machine.memory().read(pa, bytes, 0, length);
        return bytes;
    }

    /** A digest of the whole state; equal for two machines that no guest can tell apart. */
    public String stateHash() {
        StateHash hash = new StateHash();
        for (Stateful part : lane.components()) {
            hash.add(part);
        }
        return hash.hex();
    }

    @Override
    public void close() {
        machine.close();
    }
}
