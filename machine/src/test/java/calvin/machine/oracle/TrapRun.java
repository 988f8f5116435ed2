package calvin.machine.oracle;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import calvin.machine.embed.Emulation;
import calvin.machine.hart.EngineFactory;
import calvin.machine.isa.Program;
import calvin.sim.time.SimTime;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** Runs a {@link TrapProgram} here and on QEMU, whose RAM is a file, and takes the memory of both. */
final class TrapRun {
    private static final String QEMU = "qemu-system-riscv64";

    private TrapRun() {}

    static void assumeQemu() {
        assumeTrue(Arrays.stream(System.getenv("PATH").split(java.io.File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, QEMU))),
                "needs " + QEMU + " (Debian package qemu-system-misc)");
    }

    /** Physical memory behind {@link TrapProgram#LOG} when a program has ended. */
    record Memory(ByteBuffer bytes) {
        long[] entry(int step) {
            long[] entry = new long[TrapLog.values().length];
            for (int i = 0; i < entry.length; i++) {
                entry[i] = bytes.getLong(step * TrapLog.BYTES + 8 * i);
            }
            return entry;
        }

        long u64(long pa) {
            return bytes.getLong((int) (pa - TrapProgram.LOG));
        }
    }

    /**
     * On a machine of this project.
     *
     * @param space what is put at {@link TrapProgram#SPACE}
     */
    static Memory here(Program program, byte[] space, EngineFactory engine) {
        try (Emulation e = Emulation.virt().memoryBytes(TrapProgram.MEMORY_BYTES).engine(engine)
                .limitPs(SimTime.PS_PER_S).empty()) {
            byte[] code = program.bytes();
            e.memory().write(TrapProgram.BASE, code, 0, code.length);
            e.memory().write(TrapProgram.SPACE, space, 0, space.length);
            e.machine().startHart(0, TrapProgram.BASE, 3, 0, 0);
            e.runToExit();
            int length = TrapProgram.USED_BYTES - (int) (TrapProgram.LOG - TrapProgram.BASE);
            return new Memory(ByteBuffer.wrap(e.bytes(TrapProgram.LOG, length)).order(ByteOrder.LITTLE_ENDIAN));
        }
    }

    /**
     * On QEMU's {@code virt} with this {@code -cpu}. It has a second hart, which waits: with one alone, QEMU does
     * atomics as a load and a store, with the faults of loads.
     */
    static Memory there(Program program, byte[] space, String cpu, Path folder)
            throws IOException, InterruptedException {
        Path ram = folder.resolve("ram");
        Files.deleteIfExists(ram);
        try (RandomAccessFile file = new RandomAccessFile(ram.toFile(), "rw")) {
            file.setLength(TrapProgram.MEMORY_BYTES);
            file.write(program.bytes());
            file.seek(TrapProgram.SPACE - TrapProgram.BASE);
            file.write(space);
        }
        Process qemu = new ProcessBuilder(QEMU, "-machine", "virt,memory-backend=ram", "-object",
                "memory-backend-file,id=ram,share=on,size=" + TrapProgram.MEMORY_BYTES + ",mem-path=" + ram, "-m",
                (TrapProgram.MEMORY_BYTES >> 20) + "M", "-smp", "2", "-cpu", cpu, "-bios", "none", "-display", "none",
                "-monitor", "none", "-serial", "none").redirectErrorStream(true)
                .redirectOutput(folder.resolve("qemu.out").toFile()).redirectInput(ProcessBuilder.Redirect.PIPE)
                .start();
        boolean ended = qemu.waitFor(60, TimeUnit.SECONDS);
        qemu.destroyForcibly();
        String said = Files.readString(folder.resolve("qemu.out"));
        if (!ended || !said.isBlank()) {
            throw new IOException(ended ? said : "QEMU does not end: " + said);
        }
        int from = (int) (TrapProgram.LOG - TrapProgram.BASE);
        byte[] bytes = new byte[TrapProgram.USED_BYTES - from];
        try (RandomAccessFile file = new RandomAccessFile(ram.toFile(), "r")) {
            file.seek(from);
            file.readFully(bytes);
        }
        return new Memory(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
    }
}
