package calvin.machine.embed;

import calvin.machine.board.AddressMap;
import calvin.machine.board.BoardSpec;
import calvin.machine.board.Engines;
import calvin.machine.board.ImageException;
import calvin.machine.board.LinuxBoot;
import calvin.machine.bus.Device;
import calvin.machine.elf.ElfFile;
import calvin.machine.hart.EngineFactory;
import calvin.machine.isa.Program;
import calvin.sim.time.SimTime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A machine that is to be: what it is made of, then what it runs. A setup may be used several times; each machine is
 * its own.
 */
public final class EmulationSetup {
    /** How long {@link Emulation#runUntil} goes on in vain, unless told otherwise: 100 ms of virtual time. */
    public static final long DEFAULT_LIMIT_PS = 100 * SimTime.PS_PER_MS;

    /** A device to be, at its address. */
    record Fitting(long basePa, Device device) {}

    private final boolean hpc;
    private int harts = 1;
    private long memoryBytes = 64L << 20;
    private UnaryOperator<BoardSpec> changes = UnaryOperator.identity();
    private EngineFactory engine = Engines.INTERPRETER;
    private long limitPs = DEFAULT_LIMIT_PS;
    private final List<Fitting> devices = new ArrayList<>();

    EmulationSetup(boolean hpc) {
        this.hpc = hpc;
    }

    /** How many harts; 1 unless told otherwise. */
    public EmulationSetup harts(int value) {
        harts = value;
        return this;
    }

    /** RAM at {@link AddressMap#RAM}; 64 MiB unless told otherwise. */
    public EmulationSetup memoryBytes(long value) {
        memoryBytes = value;
        return this;
    }

    /** Changes the board, for example {@code board -> board.withQuantumPs(1_000_000)}. */
    public EmulationSetup board(UnaryOperator<BoardSpec> change) {
        UnaryOperator<BoardSpec> before = changes;
        changes = board -> change.apply(before.apply(board));
        return this;
    }

    /** How harts execute; the interpreter unless told otherwise. */
    public EmulationSetup engine(EngineFactory value) {
        engine = value;
        return this;
    }

    /** How long, in virtual time, {@link Emulation#runUntil} goes on in vain. */
    public EmulationSetup limitPs(long value) {
        limitPs = value;
        return this;
    }

    /** Adds a device of the embedding program's own; it belongs to one machine, so the setup then makes one only. */
    public EmulationSetup device(long basePa, Device device) {
        devices.add(new Fitting(basePa, device));
        return this;
    }

    /** A machine with nothing loaded and all harts halted. */
    public Emulation empty() {
        BoardSpec board = hpc ? BoardSpec.hpc(harts, memoryBytes, 1) : BoardSpec.virt(harts, memoryBytes);
        board = changes.apply(board);
        if (!board.problems().isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", board.problems()));
        }
        return new Emulation(board, engine, limitPs, devices);
    }

    /**
     * A bare-metal program: all harts begin at its entry in M mode with a0 = hart number, a1 = the device tree.
     *
     * @param elf the file; its {@code tohost} symbol, if any, is HTIF's
     * @throws IllegalArgumentException if the file is no such program or does not fit into memory
     */
    public Emulation load(byte[] elf) {
        Emulation emulation = empty();
        ElfFile file = emulation.loadElf(elf);
        emulation.machine().bootBare(file.entry());
        return emulation;
    }

    /**
     * A bare-metal program in assembler text (see {@link Program}) at the start of RAM, started as by {@link #load}.
     *
     * @throws IllegalArgumentException names the line that is wrong
     */
    public Emulation assemble(String text) {
        Program program = Program.assemble(AddressMap.RAM, text);
        Emulation emulation = empty();
        byte[] bytes = program.bytes();
        emulation.memory().write(program.base(), bytes, 0, bytes.length);
        emulation.addSymbols(program.symbols());
        emulation.machine().bootBare(program.base());
        return emulation;
    }

    /**
     * A supervisor's kernel behind the hosted SBI firmware: hart 0 enters it in S mode with a0 = 0 and a1 = the
     * device tree.
     *
     * @param image     an ELF file or a Linux Image
     * @param initrd    initial RAM disk of a Linux Image, or null
     * @param arguments the kernel's command line
     * @throws IllegalArgumentException if the image is none or does not fit into memory
     */
    public Emulation boot(byte[] image, byte[] initrd, String arguments) {
        Emulation emulation = empty();
        if (LinuxBoot.isImage(image)) {
            try {
                LinuxBoot.start(emulation.machine(), image, initrd, arguments);
            } catch (ImageException refused) {
                throw new IllegalArgumentException(refused.getMessage(), refused);
            }
        } else {
            emulation.machine().bootSupervisor(emulation.loadElf(image).entry(), arguments);
        }
        return emulation;
    }

    /** A supervisor's kernel as an ELF file without arguments. */
    public Emulation boot(byte[] elf) {
        return boot(elf, null, "");
    }
}
