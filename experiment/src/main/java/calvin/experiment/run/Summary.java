package calvin.experiment.run;

import calvin.experiment.json.JsonWriter;
import calvin.experiment.plan.PlanDocument;
import calvin.experiment.plan.TextTable;
import calvin.experiment.report.LaneReport;
import calvin.experiment.report.RunResult;
import calvin.experiment.report.Table;
import calvin.experiment.results.RunWriter;
import calvin.experiment.trace.Breakdown;
import calvin.experiment.trace.Stage;
import calvin.network.check.IcrcChecker;
import calvin.sim.time.SimTime;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/** What a run says on the terminal. */
public final class Summary {
    /** The header that the MPI library puts before a payload (guests/src/main/c/mpi/wire.h). */
    private static final int MPI_HEADER_BYTES = 32;
    private static final int SMALL_PAYLOAD_BYTES = 8;
    private static final int CONSOLE_LINES = 20;

    private final PlanDocument document;
    private final Runner.Outcome outcome;

    public Summary(PlanDocument document, Runner.Outcome outcome) {
        this.document = document;
        this.outcome = outcome;
    }

    /** Where the time of an 8-byte message went, or null where none was traced. */
    private Breakdown smallMessage() {
        Breakdown framed = Breakdown.of(outcome.messages(), SMALL_PAYLOAD_BYTES + MPI_HEADER_BYTES);
        return framed != null ? framed : Breakdown.of(outcome.messages(), SMALL_PAYLOAD_BYTES);
    }

    /** For people. */
    public String text() {
        StringBuilder out = new StringBuilder();
        for (Table table : outcome.tables()) {
            List<String[]> rows = new ArrayList<>();
            rows.add(table.columns().toArray(String[]::new));
            for (double[] row : table.rows()) {
                String[] cells = new String[row.length];
                for (int i = 0; i < row.length; i++) {
                    cells[i] = row[i] == Math.rint(row[i])
                            ? Long.toString((long) row[i])
                            : String.format(Locale.ROOT, "%.3f", row[i]);
                }
                rows.add(cells);
            }
            out.append(table.node()).append(", in virtual time:\n");
            TextTable.append(out, rows);
            out.append('\n');
        }
        if (outcome.tables().isEmpty()) {
            consoles(out);
        }
        Breakdown breakdown = smallMessage();
        if (breakdown != null) {
            stages(out, breakdown);
        }
        end(out);
        return out.toString();
    }

    private void consoles(StringBuilder out) {
        for (int i = 0; i < outcome.result().nodes().size(); i++) {
            String console = new String(outcome.result().node(i).console(), StandardCharsets.UTF_8);
            if (!console.isEmpty()) {
                String[] lines = console.stripTrailing().split("\n");
                out.append(document.plan().nodes().get(i).name()).append(":\n");
                int from = Math.max(0, lines.length - CONSOLE_LINES);
                if (from > 0) {
                    out.append("  ... ").append(from).append(" lines before, see the run directory\n");
                }
                for (int l = from; l < lines.length; l++) {
                    out.append("  ").append(lines[l].stripTrailing()).append('\n');
                }
            }
        }
        out.append('\n');
    }

    private static void stages(StringBuilder out, Breakdown breakdown) {
        out.append("Where the time of an 8-byte message goes (").append(breakdown.bytes())
                .append(" bytes with the header of MPI; the median of ")
                .append(breakdown.samples()).append(" in the steady state):\n");
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[]{"stage", "ns", "share", "what"});
        for (Stage stage : Stage.values()) {
            rows.add(row(stage.name().toLowerCase(Locale.ROOT), breakdown.stagePs(stage), breakdown, stage.meaning()));
        }
        rows.add(row("one way", breakdown.totalPs(), breakdown,
                "completion to completion: the sum of the stages, checked"));
        TextTable.append(out, rows);
        out.append('\n');
    }

    private static String[] row(String name, long ps, Breakdown breakdown, String what) {
        return new String[]{name, String.format(Locale.ROOT, "%.1f", ps / 1e3),
            String.format(Locale.ROOT, "%.1f %%", 100.0 * ps / breakdown.totalPs()), what};
    }

    private void end(StringBuilder out) {
        RunResult result = outcome.result();
        RunWriter.HostFacts host = outcome.host();
        long instructions = 0;
        for (LaneReport.NodeReport node : result.nodes()) {
            instructions += node.metrics().getOrDefault("instructions", 0L);
        }
        captures(out);
        for (String failure : outcome.verdict().failures()) {
            out.append("FAILED  ").append(failure).append('\n');
        }
        out.append(outcome.verdict().passed() ? "passed" : "failed").append(" at ")
                .append(SimTime.format(result.endPs()))
                .append(" of virtual time: ").append(result.end().text()).append('\n');
        out.append(String.format(Locale.ROOT,
                "%.1f s on the host, %.0fx slower than virtual time, %d million instructions a second%n",
                host.wallSeconds(), host.wallSeconds() * 1e12 / Math.max(1, result.endPs()),
                (long) (instructions / 1e6 / Math.max(1e-3, host.wallSeconds()))));
        out.append("plan   ").append(document.hash()).append('\n');
        out.append("state  ").append(result.stateHash()).append('\n');
        out.append("results in ").append(outcome.folder()).append('\n');
    }

    private void captures(StringBuilder out) {
        long packets = 0;
        long roce = 0;
        long bad = 0;
        for (IcrcChecker.Report report : outcome.captures().values()) {
            packets += report.packets();
            roce += report.roce();
            bad += report.bad();
        }
        if (packets > 0) {
            out.append(String.format(Locale.ROOT, "captured %d frames in %d files, %d of them RoCEv2, %s%n", packets,
                    outcome.captures().size(), roce, bad == 0 ? "every ICRC is right" : bad + " WRONG ICRCs"));
        }
    }

    /** For scripts. */
    public String json() {
        RunResult result = outcome.result();
        JsonWriter json = JsonWriter.indented().field("name", document.plan().name())
                .field("plan_hash", document.hash())
                .field("state_hash", result.stateHash()).field("seed", document.plan().seed())
                .field("end_reason", result.end().name())
                .field("end_ps", result.endPs()).field("passed", outcome.verdict().passed())
                .field("failures", outcome.verdict().failures())
                .field("wall_seconds", outcome.host().wallSeconds()).field("directory", outcome.folder().toString());
        if (outcome.stats() != null) {
            outcome.stats().write(json);
        }
        json.beginArray("tables");
        for (Table table : outcome.tables()) {
            json.beginObject().field("console", table.node()).field("columns", table.columns()).beginArray("rows");
            for (double[] row : table.rows()) {
                json.beginArray();
                for (double value : row) {
                    json.element(value);
                }
                json.end();
            }
            json.end().end();
        }
        json.end();
        TreeSet<Long> sizes = new TreeSet<>();
        outcome.messages().forEach(message -> sizes.add(message.bytes()));
        json.beginArray("messages");
        for (long bytes : sizes) {
            Breakdown breakdown = Breakdown.of(outcome.messages(), bytes);
            json.beginObject().field("bytes", bytes).field("messages", breakdown.messages()).field("samples",
                    breakdown.samples());
            for (Stage stage : Stage.values()) {
                json.field(stage.name().toLowerCase(Locale.ROOT) + "_ps", breakdown.stagePs(stage));
            }
            json.field("one_way_ps", breakdown.totalPs()).end();
        }
        return json.end() + "\n";
    }
}
