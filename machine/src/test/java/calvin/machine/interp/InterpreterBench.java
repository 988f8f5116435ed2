package calvin.machine.interp;

import calvin.machine.board.BoardSpec;
import calvin.machine.board.Engines;
import calvin.machine.board.Machine;
import calvin.machine.hart.Hart;
import calvin.machine.sbi.SbiFirmware;
import calvin.sim.event.Lane;
import calvin.sim.time.SimTime;
import calvin.sim.trace.TraceSink;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Measures millions of instructions per second of CPU time on hot code (hot.c, compiled here by riscv64-linux-gnu-gcc),
 * in S mode under Sv39 on a whole machine. Arguments: {@code integer} or {@code float}, rounds of the program per run,
 * runs.
 */
final class InterpreterBench {
    private InterpreterBench() {}

    public static void main(String[] arguments) throws Exception {
        String kind = arguments.length > 0 ? arguments[0] : "integer";
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 500;
        int runs = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 8;
        byte[] elf = compile(kind, rounds);
        double best = 0;
        for (int run = 0; run < runs; run++) {
            Lane lane = new Lane("node0");
            Machine machine = new Machine(lane, 0, BoardSpec.virt(1, 16 << 20), List.of(new SbiFirmware()),
                    Engines.INTERPRETER, (timePs, value) -> System.out.print((char) value), TraceSink.NONE);
            machine.startHart(0, machine.loadElf(elf).entry(), Hart.MODE_M, 0, 0);
            long start = cpuNs();
            while (machine.status().running()) {
                lane.runUntil(lane.timePs() + SimTime.PS_PER_MS);
            }
            double mips = machine.instructions() * 1e3 / (cpuNs() - start);
            System.out.printf("%d instructions, %s, %.0f MIPS%n", machine.instructions(), machine.status(), mips);
            best = Math.max(best, mips);
            machine.close();
        }
        System.out.printf("best: %.0f MIPS%n", best);
    }

    private static long cpuNs() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static byte[] compile(String kind, int rounds) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("calvin-bench");
        Path source = directory.resolve("hot.c");
        Path program = directory.resolve("hot.elf");
        try (var stream = InterpreterBench.class.getResourceAsStream("hot.c")) {
            Files.write(source, stream.readAllBytes());
        }
        CrossTools.run(null, null, CrossTools.GCC, "-O2", "-march=rv64gc", "-mabi=lp64d", "-mcmodel=medany",
                "-ffreestanding", "-nostdlib", "-static", "-no-pie", "-fno-pic", kind.equals("float")
                        ? "-DFLOAT"
                        : "-DINTEGER",
                "-Wa,--defsym,ROUNDS=" + rounds, "-Wl,-Ttext=0x80001000,--build-id=none,-N",
                "-Wl,--section-start=.start=0x80000000,--no-warn-rwx-segments,--no-relax", "-o", program.toString(),
                source.toString());
        byte[] elf = Files.readAllBytes(program);
        Files.delete(program);
        Files.delete(source);
        Files.delete(directory);
        return elf;
    }
}
