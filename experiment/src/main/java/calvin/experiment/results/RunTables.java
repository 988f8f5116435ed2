package calvin.experiment.results;

import calvin.experiment.plan.PlanDocument;
import calvin.experiment.report.LaneReport;
import calvin.experiment.report.RunResult;
import calvin.experiment.report.Table;
import calvin.experiment.trace.Message;
import calvin.experiment.trace.Stage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The tables of a run in {@code results.sqlite}; docs/experiments.md describes them. Times are picoseconds. */
final class RunTables {
    private static final List<String> SCHEMA = List.of(
            "CREATE TABLE run(name TEXT, plan_hash TEXT, seed INTEGER, state_hash TEXT, end_reason TEXT,"
                    + " end_ps INTEGER, passed INTEGER)",
            "CREATE TABLE node(number INTEGER PRIMARY KEY, name TEXT, state TEXT, code INTEGER, message TEXT,"
                    + " ended_ps INTEGER,"
                    + " state_hash TEXT)",
            "CREATE TABLE task(node INTEGER, number INTEGER, name TEXT, ended INTEGER, exit_code INTEGER,"
                    + " PRIMARY KEY(node, number))",
            "CREATE TABLE table_row(node TEXT, row INTEGER, column TEXT, value REAL, PRIMARY KEY(node, row, column))",
            "CREATE TABLE metric(node INTEGER, name TEXT, value INTEGER, PRIMARY KEY(node, name))",
            "CREATE TABLE port_counter(port INTEGER, name TEXT, counter TEXT, value INTEGER, PRIMARY KEY(port,"
                    + " counter))",
            "CREATE TABLE message(id INTEGER PRIMARY KEY, sender INTEGER, receiver INTEGER, bytes INTEGER,"
                    + " start_ps INTEGER,"
                    + " end_ps INTEGER, origin INTEGER)",
            "CREATE TABLE message_stage(message INTEGER, stage TEXT, ps INTEGER, PRIMARY KEY(message, stage))");

    private RunTables() {}

    static void write(Database database, PlanDocument plan, RunResult result, boolean passed, List<Table> tables,
            List<Message> messages) throws IOException {
        database.execute(SCHEMA);
        database.insert("run",
                List.<Object[]>of(new Object[]{plan.plan().name(), plan.hash(), plan.plan().seed(), result.stateHash(),
                    result.end().name(), result.endPs(), passed ? 1 : 0}));
        List<Object[]> nodes = new ArrayList<>();
        List<Object[]> tasks = new ArrayList<>();
        List<Object[]> metrics = new ArrayList<>();
        List<Object[]> counters = new ArrayList<>();
        for (LaneReport lane : result.lanes()) {
            if (lane.node() != null) {
                LaneReport.NodeReport node = lane.node();
                nodes.add(new Object[]{lane.lane(), plan.plan().nodes().get(lane.lane()).name(), node.state(),
                    node.code(),
                    node.message(), node.endedPs() == Long.MAX_VALUE ? null : node.endedPs(), lane.stateHash()});
                for (int i = 0; i < node.tasks().size(); i++) {
                    LaneReport.TaskReport task = node.tasks().get(i);
                    tasks.add(new Object[]{lane.lane(), i, task.name(), task.ended(), task.exitCode()});
                }
                node.metrics().forEach((name, value) -> metrics.add(new Object[]{lane.lane(), name, value}));
            }
            for (LaneReport.PortReport port : lane.ports()) {
                port.counters()
                        .forEach((name, value) -> counters.add(new Object[]{port.number(), port.name(), name, value}));
            }
        }
        database.insert("node", nodes);
        database.insert("task", tasks);
        database.insert("metric", metrics);
        database.insert("port_counter", counters);
        database.insert("table_row", tableRows(tables));
        writeMessages(database, messages);
    }

    private static List<Object[]> tableRows(List<Table> tables) {
        List<Object[]> rows = new ArrayList<>();
        for (Table table : tables) {
            for (int r = 0; r < table.rows().size(); r++) {
                for (int c = 0; c < table.columns().size(); c++) {
                    rows.add(new Object[]{table.node(), r, table.columns().get(c), table.rows().get(r)[c]});
                }
            }
        }
        return rows;
    }

    private static void writeMessages(Database database, List<Message> messages) throws IOException {
        List<Object[]> rows = new ArrayList<>();
        List<Object[]> stages = new ArrayList<>();
        for (int i = 0; i < messages.size(); i++) {
            Message message = messages.get(i);
            rows.add(new Object[]{i, message.sender(), message.receiver(), message.bytes(), message.startPs(),
                message.endPs(),
                message.origin()});
            for (Stage stage : Stage.values()) {
                stages.add(new Object[]{i, stage.name().toLowerCase(java.util.Locale.ROOT), message.stagePs(stage)});
            }
        }
        database.insert("message", rows);
        database.insert("message_stage", stages);
    }
}
