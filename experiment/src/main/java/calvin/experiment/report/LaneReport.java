package calvin.experiment.report;

import calvin.experiment.trace.TraceLog;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One lane at the end of a run.
 *
 * @param lane      its number in the order of the plan
 * @param stateHash of its components
 * @param node      what a node has to say, null for a switch
 * @param ports     its ports by number
 * @param trace     its records, empty where nothing is traced
 */
public record LaneReport(int lane, String stateHash, NodeReport node, List<PortReport> ports, TraceLog trace) {
    /**
     * A node.
     *
     * @param state   RUNNING, ENDED or FAILED
     * @param code    its exit code
     * @param message why it failed
     * @param endedPs when its work was done, or {@code Long.MAX_VALUE}
     * @param metrics counters by name
     */
    public record NodeReport(String state, int code, String message, long endedPs, byte[] console,
            List<TaskReport> tasks,
            Map<String, Long> metrics) {
        public NodeReport {
            metrics = java.util.Collections.unmodifiableMap(metrics);
        }
    }

    /** A task of the workload. */
    public record TaskReport(String name, boolean ended, long exitCode) {}

    /** Counters of a port, by name. */
    public record PortReport(int number, String name, Map<String, Long> counters) {
        public PortReport {
            counters = java.util.Collections.unmodifiableMap(counters);
        }
    }

    /** Writes what {@link #read} reads. */
    public void write(DataOutput out) throws IOException {
        out.writeInt(lane);
        out.writeUTF(stateHash);
        out.writeBoolean(node != null);
        if (node != null) {
            out.writeUTF(node.state());
            out.writeInt(node.code());
            out.writeUTF(node.message());
            out.writeLong(node.endedPs());
            writeBytes(out, node.console());
            out.writeInt(node.tasks().size());
            for (TaskReport task : node.tasks()) {
                out.writeUTF(task.name());
                out.writeBoolean(task.ended());
                out.writeLong(task.exitCode());
            }
            writeCounters(out, node.metrics());
        }
        out.writeInt(ports.size());
        for (PortReport port : ports) {
            out.writeInt(port.number());
            out.writeUTF(port.name());
            writeCounters(out, port.counters());
        }
        trace.write(out);
    }

    public static LaneReport read(DataInput in) throws IOException {
        int lane = in.readInt();
        String hash = in.readUTF();
        NodeReport node = in.readBoolean() ? readNode(in) : null;
        List<PortReport> ports = new ArrayList<>();
        for (int n = in.readInt(); n > 0; n--) {
            ports.add(new PortReport(in.readInt(), in.readUTF(), readCounters(in)));
        }
        return new LaneReport(lane, hash, node, List.copyOf(ports), TraceLog.read(in));
    }

    private static NodeReport readNode(DataInput in) throws IOException {
        String state = in.readUTF();
        int code = in.readInt();
        String message = in.readUTF();
        long endedPs = in.readLong();
        byte[] console = readBytes(in);
        List<TaskReport> tasks = new ArrayList<>();
        for (int n = in.readInt(); n > 0; n--) {
            tasks.add(new TaskReport(in.readUTF(), in.readBoolean(), in.readLong()));
        }
        return new NodeReport(state, code, message, endedPs, console, List.copyOf(tasks), readCounters(in));
    }

    private static void writeCounters(DataOutput out, Map<String, Long> counters) throws IOException {
        out.writeInt(counters.size());
        for (Map.Entry<String, Long> counter : counters.entrySet()) {
            out.writeUTF(counter.getKey());
            out.writeLong(counter.getValue());
        }
    }

    private static Map<String, Long> readCounters(DataInput in) throws IOException {
        Map<String, Long> counters = new LinkedHashMap<>();
        for (int n = in.readInt(); n > 0; n--) {
            counters.put(in.readUTF(), in.readLong());
        }
        return counters;
    }

    private static void writeBytes(DataOutput out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static byte[] readBytes(DataInput in) throws IOException {
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        return bytes;
    }
}
