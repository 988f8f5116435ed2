package calvin.machine.engine;

import calvin.machine.board.AddressMap;
import calvin.machine.board.Machine;
import calvin.machine.dev.ConsoleSink;
import calvin.machine.hart.EngineFactory;
import calvin.machine.hart.Hart;
import calvin.machine.isa.Csr;
import calvin.sim.event.Lane;
import calvin.sim.state.Snapshot;
import calvin.sim.state.StateHash;
import calvin.sim.trace.TraceSink;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** One machine that runs a program, cut into slices in a way of its own. */
final class Subject implements AutoCloseable {
    /** How a run is cut. */
    enum Cut {
        /** Not at all. */
        WHOLE,
        /** In slices of 100 to 10,000 cycles. */
        COARSE,
        /** Of 1 to 100 cycles, now and then. */
        FINE
    }

    private static final long PERIOD_PS = 500;
    private static final Csr[] CSRS = Arrays.stream(Csr.values()).filter(csr -> !csr.name().endsWith("TOPEI"))
            .toArray(Csr[]::new); // there are no interrupt files

    final Machine machine;
    private final Lane lane = new Lane("node0");
    private final Cut cut;
    private final SplittableRandom random;

    Subject(Program program, EngineFactory engine, Cut cut) {
        this(program, engine, cut, new SplittableRandom(program.seed() + 1));
        Layout.place(program, machine);
    }

    private Subject(Program program, EngineFactory engine, Cut cut, SplittableRandom random) {
        this.cut = cut;
        this.random = random;
        machine = new Machine(lane, 0, Layout.board(program), List.of(), engine, ConsoleSink.NONE, TraceSink.NONE);
    }

    /** A fork of this machine that goes on with another engine. This one is closed. */
    Subject switched(Program program, EngineFactory engine) {
        Snapshot snapshot = Snapshot.take(lane.components());
        Subject other = new Subject(program, engine, cut, random);
        snapshot.restore(other.lane.components());
        close();
        return other;
    }

    void runUntil(long horizonPs) {
        while (lane.timePs() < horizonPs) {
            long cycles = switch (cut) {
                case WHOLE -> 1L << 40;
                case COARSE -> 100 + random.nextInt(9900);
                case FINE -> random.nextInt(4) == 0 ? 1 + random.nextInt(100) : 1000 + random.nextInt(1000);
            };
            lane.runUntil(Math.min(horizonPs, lane.timePs() + cycles * PERIOD_PS));
        }
    }

    boolean running() {
        return machine.status().running();
    }

    /** A hash of everything there is. */
    String hash() {
        StateHash hash = new StateHash();
        lane.components().forEach(hash::add);
        return hash.hex();
    }

    /** The first register in which the harts differ, or null. */
    String difference(Subject other) {
        for (int i = 0; i < machine.board().harts(); i++) {
            Hart a = machine.hart(i).hart();
            Hart b = other.machine.hart(i).hart();
            String found = first("pc", a.pc, b.pc, first("cycle", a.cycle, b.cycle,
                    first("instret", a.instret, b.instret, first("mode", a.mode, b.mode,
                            first("fcsr", a.fcsr, b.fcsr, first("waiting", a.waiting ? 1 : 0, b.waiting ? 1 : 0,
                                    first("reservation", a.reservationPa, b.reservationPa, null)))))));
            for (int r = 31; r > 0; r--) {
                found = first("x" + r, a.x[r], b.x[r], found);
            }
            for (int r = 31; r >= 0; r--) {
                found = first("f" + r, a.f[r], b.f[r], found);
            }
            if (found != null) {
                return "hart " + i + ": " + found;
            }
        }
        return null;
    }

    /** As above, with what costs more to look at: CSRs, and memory in pages. */
    String deepDifference(Subject other) {
        String found = difference(other);
        for (int i = 0; i < machine.board().harts() && found == null; i++) {
            for (Csr csr : CSRS) {
                found = first(csr.name(), machine.hart(i).csr(csr), other.machine.hart(i).csr(csr), found);
            }
        }
        byte[] a = new byte[4096];
        byte[] b = new byte[4096];
        long end = AddressMap.RAM + Layout.MEMORY_BYTES;
        for (long pa = AddressMap.RAM; found == null && pa < end; pa += a.length) {
            machine.memory().read(pa, a, 0, a.length);
            other.machine.memory().read(pa, b, 0, b.length);
            int at = Arrays.mismatch(a, b);
            if (at >= 0) {
                found = "memory at 0x" + Long.toHexString(pa + at);
            }
        }
        return found;
    }

    private static String first(String name, long a, long b, String found) {
        return found != null || a == b ? found : String.format("%s 0x%x and 0x%x", name, a, b);
    }

    @Override
    public void close() {
        machine.close();
    }
}
