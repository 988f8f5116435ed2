package calvin.bench;

import calvin.machine.board.BoardSpec;
import calvin.machine.board.Engines;
import calvin.machine.board.Machine;
import calvin.machine.isa.Assembler;
import calvin.machine.sbi.SbiFirmware;
import calvin.sim.event.Lane;
import calvin.sim.time.SimTime;
import calvin.sim.trace.TraceSink;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A machine's hart in an endless loop of loads, stores, arithmetic and branches, advanced in slices. Slices of 200 ns
 * (400 instructions) are what a node gets between two windows of a network; slices of 1 ms show the loop alone. One
 * operation is 10 ms of virtual time; {@code instructions} counts what the hart retired.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class InterpreterBench {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final long SPAN_PS = 10 * SimTime.PS_PER_MS;

    /** In M mode, without translation; x5 walks through 16 KiB of the machine's RAM. */
    private static final String[] PROGRAM = {
        "auipc a0, 16", // 64 KiB behind the program
        "lui t1, 4",
        "add t0, zero, zero", // outer loop
        "add t2, a0, t0", // inner loop
        "ld t3, 0(t2)",
        "slli t4, t3, 13",
        "xor t3, t3, t4",
        "srli t4, t3, 7",
        "xor t3, t3, t4",
        "addi t3, t3, 41",
        "sd t3, 0(t2)",
        "andi t4, t3, 1",
        "beq t4, zero, .+8",
        "addi a1, a1, 1",
        "mulw a2, a1, t3",
        "addi t0, t0, 8",
        "blt t0, t1, .-52",
        "jal zero, .-60",
    };

    /** Instructions, and the nanoseconds of CPU time they took: on a busy machine, divide these. */
    @AuxCounters(AuxCounters.Type.EVENTS)
    @State(Scope.Thread)
    public static class Count {
        public long instructions;
        public long cpuNs;
    }

    @Param({"200", "1000000"})
    int sliceNs;

    private Lane lane;
    private Machine machine;

    @Setup
    public void start() {
        lane = new Lane("node0");
        BoardSpec board = BoardSpec.virt(1, 16L << 20);
        machine = new Machine(lane, 0, board, List.of(new SbiFirmware()), Engines.INTERPRETER, (timePs, value) -> {
        }, TraceSink.NONE);
        long entryPa = board.memory().getFirst().basePa();
        for (int i = 0; i < PROGRAM.length; i++) {
            machine.memory().u32(entryPa + 4L * i, Assembler.assemble(PROGRAM[i]) & 0xFFFF_FFFFL);
        }
        machine.bootBare(entryPa);
    }

    @TearDown
    public void close() {
        machine.close();
    }

    @Benchmark
    public long slices(Count count) {
        long before = machine.instructions();
        long startNs = THREADS.getCurrentThreadCpuTime();
        long slicePs = sliceNs * SimTime.PS_PER_NS;
        for (long endPs = lane.timePs() + SPAN_PS; lane.timePs() < endPs;) {
            lane.runUntil(lane.timePs() + slicePs);
        }
        if (!machine.status().running()) {
            throw new IllegalStateException(machine.status().toString());
        }
        count.cpuNs += THREADS.getCurrentThreadCpuTime() - startNs;
        count.instructions += machine.instructions() - before;
        return machine.instructions();
    }
}
