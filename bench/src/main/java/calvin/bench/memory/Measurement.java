package calvin.bench.memory;

import calvin.guests.Guests;
import calvin.machine.board.BoardSpec;
import calvin.machine.board.Engines;
import calvin.machine.board.Machine;
import calvin.machine.board.MachineStatus;
import calvin.machine.sbi.SbiFirmware;
import calvin.sim.event.Lane;
import calvin.sim.time.SimTime;
import calvin.sim.trace.TraceSink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The lines that guest {@code memory.elf} prints about one machine. */
final class Measurement {
    private static final long MEMORY_BYTES = 4L << 30;
    private static final int HARTS = 4;
    private static final int NUMA_NODES = 4;
    private static final long LIMIT_PS = 100 * SimTime.PS_PER_S;

    private final List<String[]> rows = new ArrayList<>();

    /** Runs the guest on hart 0 of an {@code hpc} board of four nodes: DDR and HBM here, DDR and HBM far. */
    static Measurement run() throws Exception {
        StringBuilder console = new StringBuilder();
        Lane lane = new Lane("node0");
        Machine machine = new Machine(lane, 0, BoardSpec.hpc(HARTS, MEMORY_BYTES, NUMA_NODES),
                List.of(new SbiFirmware()), Engines.INTERPRETER, (timePs, value) -> console.append((char) value),
                TraceSink.NONE);
        machine.timing().set(true);
        machine.bootSupervisor(machine.loadElf(Guests.get("memory.elf").bytes()).entry(), "");
        lane.runUntil(LIMIT_PS);
        if (machine.status().kind() != MachineStatus.Kind.EXITED || machine.status().code() != 0) {
            throw new IOException("the guest did not end well: " + machine.status() + "\n" + console);
        }
        machine.close();
        return of(console.toString());
    }

    static Measurement of(String console) {
        Measurement measurement = new Measurement();
        console.lines().map(line -> line.split(",")).filter(cells -> cells.length > 1)
                .forEach(measurement.rows::add);
        return measurement;
    }

    /** Nanoseconds of a load by bytes, for {@code latency} or {@code reach} of a node with these pages. */
    Map<Double, Double> nanoseconds(String kind, int node, String pages) {
        Map<Double, Double> points = new TreeMap<>();
        for (String[] row : rows) {
            if (row[0].equals(kind) && row[1].equals(Integer.toString(node)) && row[2].equals(pages)) {
                points.put(Double.parseDouble(row[3]) / 1024, Double.parseDouble(row[4]) / 1000);
            }
        }
        return points;
    }

    /** Megabytes a second by kernel. */
    Map<String, Double> stream(int node) {
        Map<String, Double> bars = new java.util.LinkedHashMap<>();
        for (String[] row : rows) {
            if (row[0].equals("stream") && row[1].equals(Integer.toString(node))) {
                bars.put(row[2], Double.parseDouble(row[3]));
            }
        }
        return bars;
    }

    String csv() {
        StringBuilder text = new StringBuilder();
        rows.forEach(row -> text.append(String.join(",", row)).append('\n'));
        return text.toString();
    }

    byte[] csvBytes() {
        return csv().getBytes(StandardCharsets.UTF_8);
    }
}
