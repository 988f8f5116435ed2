package calvin.experiment.report;

import calvin.experiment.plan.PlanDocument;
import calvin.experiment.spec.ExpectSpec;
import calvin.experiment.spec.ObserveSpec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Whether a run was what the experiment expects.
 *
 * @param failures one sentence for each expectation that failed, with its place in the file
 */
public record Verdict(List<String> failures) {
    public boolean passed() {
        return failures.isEmpty();
    }

    /**
     * Checks every rule. A run whose work is not all done fails in any case; with no rule about exit codes, every code
     * must be 0.
     */
    public static Verdict of(PlanDocument plan, RunResult result) {
        List<String> failures = new ArrayList<>();
        if (result.end() != RunResult.End.ENDED) {
            failures.add("the run ended because " + result.end().text());
        }
        for (int i = 0; i < result.nodes().size(); i++) {
            LaneReport.NodeReport node = result.node(i);
            if (node.state().equals("FAILED")) {
                failures.add(plan.plan().nodes().get(i).name() + " failed: " + node.message());
            }
        }
        ExpectSpec expect = plan.spec().expect();
        if (expect.rules().stream().noneMatch(ExpectSpec.ExitCode.class::isInstance)) {
            exitCodes(plan, result, List.of(), 0, "", failures);
        }
        for (ExpectSpec.Rule rule : expect.rules()) {
            String place = rule.place() + ": ";
            switch (rule) {
                case ExpectSpec.ExitCode exit ->
                        exitCodes(plan, result, exit.nodes().stream().map(Object::toString).toList(), exit.code(),
                                place, failures);
                case ExpectSpec.ConsoleContains contains -> console(plan, result, contains, place, failures);
                case ExpectSpec.TableValue value -> table(plan, result, value, place, failures);
            }
        }
        return new Verdict(List.copyOf(failures));
    }

    private static void exitCodes(PlanDocument plan, RunResult result, List<String> nodes, long code, String place,
            List<String> failures) {
        for (int i = 0; i < result.nodes().size(); i++) {
            String name = plan.plan().nodes().get(i).name();
            if (!nodes.isEmpty() && !nodes.contains(name)) {
                continue;
            }
            LaneReport.NodeReport node = result.node(i);
            for (LaneReport.TaskReport task : node.tasks()) {
                if (!task.ended()) {
                    failures.add(place + "`" + task.name() + "` on " + name + " has not ended");
                } else if (task.exitCode() != code) {
                    failures.add(place + "`" + task.name() + "` on " + name + " ended with code " + task.exitCode()
                            + ", expected "
                            + code);
                }
            }
            if (node.tasks().isEmpty() && node.state().equals("ENDED") && node.code() != code) {
                failures.add(place + name + " ended with code " + node.code() + ", expected " + code);
            }
        }
    }

    private static void console(PlanDocument plan, RunResult result, ExpectSpec.ConsoleContains rule, String place,
            List<String> failures) {
        int number = plan.plan().node(rule.node().value()).number();
        String console = new String(result.node(number).console(), StandardCharsets.UTF_8);
        if (!console.contains(rule.text())) {
            failures.add(place + "the console of " + rule.node() + " does not contain `" + rule.text() + "`");
        }
    }

    private static void table(PlanDocument plan, RunResult result, ExpectSpec.TableValue rule, String place,
            List<String> failures) {
        ObserveSpec.TableSpec spec = plan.spec().observe().tables().stream()
                .filter(t -> t.console().value().equals(rule.console().value())).findFirst().orElseThrow();
        Table table = Table.extract(spec, result.node(plan.plan().node(rule.console().value()).number()).console());
        int column = table.column(rule.column());
        int where = rule.whereColumn() == null ? -1 : table.column(rule.whereColumn());
        String which = where < 0 ? "" : " where " + rule.whereColumn() + " is " + plain(rule.whereValue());
        int matched = 0;
        for (double[] row : table.rows()) {
            if (where >= 0 && row[where] != rule.whereValue()) {
                continue;
            }
            matched++;
            if (!(row[column] >= rule.low() && row[column] <= rule.high())) {
                failures.add(place + rule.column() + which + " is " + plain(row[column]) + ", expected " + range(rule));
            }
        }
        if (matched == 0) {
            failures.add(place + "the console of " + rule.console() + " has no row" + which);
        }
    }

    private static String range(ExpectSpec.TableValue rule) {
        if (rule.low() == Double.NEGATIVE_INFINITY) {
            return "at most " + plain(rule.high());
        }
        return rule.high() == Double.POSITIVE_INFINITY
                ? "at least " + plain(rule.low())
                : plain(rule.low()) + " to " + plain(rule.high());
    }

    private static String plain(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : String.format(Locale.ROOT, "%.6g", value);
    }
}
