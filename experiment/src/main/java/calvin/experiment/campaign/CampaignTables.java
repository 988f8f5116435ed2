package calvin.experiment.campaign;

import calvin.experiment.plan.PlanDocument;
import calvin.experiment.report.LaneReport;
import calvin.experiment.results.Database;
import calvin.sim.fault.Fault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The tables of a campaign in {@code campaign.sqlite}: facts of the golden run and the faults first, then one row of
 * {@code result} for each experiment. Times are picoseconds. docs/campaigns.md describes the columns.
 */
final class CampaignTables implements AutoCloseable {
    private static final List<String> SCHEMA = List.of(
            "CREATE TABLE IF NOT EXISTS campaign(plan_hash TEXT PRIMARY KEY, name TEXT, seed INTEGER,"
                    + " calvin_version TEXT, shard INTEGER,"
                    + " shards INTEGER)",
            "CREATE TABLE IF NOT EXISTS golden(id INTEGER PRIMARY KEY CHECK(id = 0), end_ps INTEGER, state_hash TEXT)",
            "CREATE TABLE IF NOT EXISTS golden_node(node INTEGER PRIMARY KEY, name TEXT, state TEXT, code INTEGER,"
                    + " console BLOB,"
                    + " instructions INTEGER)",
            "CREATE TABLE IF NOT EXISTS stratum(id INTEGER PRIMARY KEY, kind TEXT, draws INTEGER, space REAL,"
                    + " weight REAL)",
            "CREATE TABLE IF NOT EXISTS checkpoint(number INTEGER PRIMARY KEY, time_ps INTEGER)",
            "CREATE TABLE IF NOT EXISTS fault(id INTEGER PRIMARY KEY, stratum INTEGER, kind TEXT, node INTEGER,"
                    + " hart INTEGER,"
                    + " instret INTEGER, register INTEGER, pa INTEGER, bit INTEGER, port INTEGER, ordinal INTEGER)",
            "CREATE TABLE IF NOT EXISTS result(fault INTEGER PRIMARY KEY, outcome TEXT, fired INTEGER,"
                    + " fired_ps INTEGER, before INTEGER,"
                    + " after INTEGER, converged_ps INTEGER, end_reason TEXT, end_ps INTEGER, state_hash TEXT,"
                    + " detail TEXT)");

    private final Database database;

    CampaignTables(java.nio.file.Path file) throws IOException {
        database = new Database(file);
        database.execute(SCHEMA);
    }

    /** The plan whose campaign this is, or null in a new file. */
    String planHash() throws IOException {
        String[] hash = new String[1];
        database.query("SELECT plan_hash FROM campaign", row -> hash[0] = row.getString(1));
        return hash[0];
    }

    /** {@code I/N} of the shard, or null in a new file. */
    String shard() throws IOException {
        String[] shard = new String[1];
        database.query("SELECT shard, shards FROM campaign", row -> shard[0] = row.getInt(1) + "/" + row.getInt(2));
        return shard[0];
    }

    void writeFacts(PlanDocument document, Golden golden, FaultList list, String version, int shard, int shards)
            throws IOException {
        database.insert("campaign",
                List.<Object[]>of(new Object[]{document.hash(), document.plan().name(), document.spec().faultSeed(),
                    version, shard, shards}));
        database.insert("golden",
                List.<Object[]>of(new Object[]{0, golden.result().endPs(), golden.result().stateHash()}));
        List<Object[]> nodes = new ArrayList<>();
        for (int i = 0; i < golden.result().nodes().size(); i++) {
            LaneReport.NodeReport node = golden.result().node(i);
            nodes.add(new Object[]{i, document.plan().nodes().get(i).name(), node.state(), node.code(), node.console(),
                node.metrics().get("instructions")});
        }
        database.insert("golden_node", nodes);
        List<Object[]> strata = new ArrayList<>();
        for (int i = 0; i < list.spaces().size(); i++) {
            FaultSpace space = list.spaces().get(i);
            strata.add(new Object[]{i, word(space.stratum().kind()), space.stratum().count(), (double) space.size(),
                space.weight()});
        }
        database.insert("stratum", strata);
        List<Object[]> checkpoints = new ArrayList<>();
        for (Checkpoint checkpoint : golden.checkpoints()) {
            checkpoints.add(new Object[]{checkpoints.size(), checkpoint.mark().timePs()});
        }
        database.insert("checkpoint", checkpoints);
        List<Object[]> faults = new ArrayList<>();
        for (int i = 0; i < list.faults().size(); i++) {
            faults.add(row(list.strata().get(i), list.faults().get(i)));
        }
        database.insert("fault", faults);
        database.commit();
    }

    private static Object[] row(int stratum, Fault fault) {
        return switch (fault) {
            case Fault.RegisterFlip f ->
                    new Object[]{f.id(), stratum, "register-flip", f.node(), f.hart(), f.instret(), f.register(), null,
                        f.bit(), null, null};
            case Fault.MemoryFlip f ->
                    new Object[]{f.id(), stratum, "memory-flip", f.node(), f.hart(), f.instret(), null, f.pa(), f.bit(),
                        null, null};
            case Fault.PacketDrop f ->
                    new Object[]{f.id(), stratum, "packet-drop", null, null, null, null, null, null, f.port(),
                        f.ordinal()};
        };
    }

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    void writeResults(List<TrialResult> results) throws IOException {
        List<Object[]> rows = new ArrayList<>();
        for (TrialResult result : results) {
            boolean fired = result.applied() != null;
            rows.add(new Object[]{result.fault().id(), word(result.outcome()), fired ? 1 : 0,
                fired ? result.applied().timePs() : null,
                fired ? result.applied().before() : null, fired ? result.applied().after() : null,
                result.convergedPs() < 0 ? null : result.convergedPs(), result.endReason(), result.endPs(),
                result.stateHash(),
                result.detail()});
        }
        database.insert("result", rows);
        database.commit();
    }

    /** Outcomes so far, by fault; those that failed in Calvin itself are left out, so that they are tried again. */
    Map<Integer, Outcome> done() throws IOException {
        Map<Integer, Outcome> done = new TreeMap<>();
        database.query("SELECT fault, outcome FROM result WHERE outcome <> 'tool-error'",
                row -> done.put(row.getInt(1), outcome(row.getString(2))));
        return done;
    }

    /** All outcomes, by fault. */
    Map<Integer, Outcome> outcomes() throws IOException {
        Map<Integer, Outcome> all = new TreeMap<>();
        database.query("SELECT fault, outcome FROM result", row -> all.put(row.getInt(1), outcome(row.getString(2))));
        return all;
    }

    private static Outcome outcome(String word) {
        return Outcome.valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    /** One fault of the list, or null. */
    Fault fault(int id) throws IOException {
        Fault[] found = new Fault[1];
        database.query("SELECT kind, node, hart, instret, register, pa, bit, port, ordinal FROM fault WHERE id = " + id,
                row -> {
                    found[0] = switch (row.getString(1)) {
                        case "register-flip" -> new Fault.RegisterFlip(id, row.getInt(2), row.getInt(3), row.getLong(4),
                                row.getInt(5), row.getInt(7));
                        case "memory-flip" -> new Fault.MemoryFlip(id, row.getInt(2), row.getInt(3), row.getLong(4),
                                row.getLong(6), row.getInt(7));
                        default -> new Fault.PacketDrop(id, row.getInt(8), row.getLong(9));
                    };
                });
        return found[0];
    }

    /** What was recorded of an experiment: outcome, state hash, end; or null. */
    Recorded recorded(int id) throws IOException {
        Recorded[] found = new Recorded[1];
        database.query("SELECT outcome, state_hash, end_ps FROM result WHERE fault = " + id,
                row -> found[0] = new Recorded(outcome(row.getString(1)), row.getString(2), row.getLong(3)));
        return found[0];
    }

    /** What a replay must come to again. */
    record Recorded(Outcome outcome, String stateHash, long endPs) {}

    /** What the golden run left behind. */
    GoldenOutput golden() throws IOException {
        List<LaneReport.NodeReport> nodes = new ArrayList<>();
        database.query("SELECT state, code, console FROM golden_node ORDER BY node",
                row -> nodes.add(new LaneReport.NodeReport(row.getString(1), row.getInt(2), "", 0, row.getBytes(3),
                        List.of(), Map.of())));
        GoldenOutput[] golden = new GoldenOutput[1];
        database.query("SELECT end_ps, state_hash FROM golden",
                row -> golden[0] = new GoldenOutput(row.getLong(1), row.getString(2), List.copyOf(nodes)));
        return golden[0];
    }

    @Override
    public void close() throws IOException {
        database.close();
    }
}
