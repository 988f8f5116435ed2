package calvin.machine.interp;

import calvin.machine.hart.Hart;
import calvin.machine.isa.Cause;
import calvin.machine.isa.Extension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;

/**
 * Measures millions of instructions per second of CPU time on hot integer code (hot.c, compiled here by
 * riscv64-linux-gnu-gcc). Arguments: rounds of the program per run, and runs.
 */
final class InterpreterBench {
    private InterpreterBench() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 300;
        int runs = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 6;
        byte[] image = compile();
        long best = Long.MAX_VALUE;
        for (int run = 0; run < runs; run++) {
            FlatBus bus = new FlatBus(0x8000_0000L, 4 << 20);
            bus.write(0x8000_0000L, image);
            Interpreter engine = new Interpreter(bus, new CodeCache(), EnumSet.allOf(Extension.class));
            bus.watch(engine);
            Hart hart = new Hart(0, 1000);
            hart.pc = 0x8000_0000L;
            hart.x[2] = 0x8020_0000L;
            hart.x[10] = rounds;
            long start = cpuNs();
            while (hart.trapCause < 0) {
                hart.deadline = hart.cycle + 1_000_000;
                engine.run(hart);
            }
            long ns = cpuNs() - start;
            if (hart.trapCause != Cause.ECALL_FROM_M.code) {
                throw new IllegalStateException("trap " + hart.trapCause + " at 0x" + Long.toHexString(hart.pc));
            }
            best = Math.min(best, ns);
            System.out.printf("%d instructions, result %016x, %d misses, %.0f MIPS%n", hart.instret, hart.x[10],
                    bus.misses, hart.instret * 1e3 / ns);
        }
        System.out.printf("best run: %d ms of CPU time%n", best / 1_000_000);
    }

    private static long cpuNs() {
        return java.lang.management.ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static byte[] compile() throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("calvin-bench");
        try (var source = InterpreterBench.class.getResourceAsStream("hot.c")) {
            Files.write(directory.resolve("hot.c"), source.readAllBytes());
        }
        run(directory, "riscv64-linux-gnu-gcc", "-O2", "-march=rv64gc", "-mabi=lp64d", "-mcmodel=medany",
                "-ffreestanding", "-nostdlib", "-static", "-no-pie", "-fno-pic",
                "-Wl,-Ttext=0x80001000,--build-id=none,-N",
                "-Wl,--section-start=.start=0x80000000,--no-warn-rwx-segments,--no-relax", "-o", "hot.elf", "hot.c");
        run(directory, "riscv64-linux-gnu-objcopy", "-O", "binary", "hot.elf", "hot.bin");
        return Files.readAllBytes(directory.resolve("hot.bin"));
    }

    private static void run(Path directory, String... command) throws IOException, InterruptedException {
        int code = new ProcessBuilder(command).directory(directory.toFile()).inheritIO().start().waitFor();
        if (code != 0) {
            throw new IOException(String.join(" ", command) + " failed with " + code);
        }
    }
}
