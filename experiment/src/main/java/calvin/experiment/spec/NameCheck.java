package calvin.experiment.spec;

import calvin.experiment.input.Nearest;
import calvin.experiment.input.Problems;
import calvin.experiment.input.Text;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks that names are unique and refer to something, over the whole file. */
final class NameCheck {
    private final ExperimentSpec spec;
    private final Problems problems;
    private final List<String> nodes = new ArrayList<>();

    private NameCheck(ExperimentSpec spec, Problems problems) {
        this.spec = spec;
        this.problems = problems;
    }

    static void check(ExperimentSpec spec, Problems problems) {
        new NameCheck(spec, problems).run();
    }

    private void run() {
        List<String> ends = declared();
        checkLinks(ends);
        for (TopologySpec.NodeSpec node : spec.topology().nodes()) {
            if (spec.nodeClass(node.nodeClass().value()) == null) {
                List<String> classes = spec.classes().stream().map(c -> c.name().value()).toList();
                problems.add(node.nodeClass().place(), "there is no node class `" + node.nodeClass() + "` in `system`"
                        + Nearest.hint(node.nodeClass().value(), classes));
            }
        }
        Set<String> workNames = new HashSet<>();
        for (WorkSpec work : spec.workload()) {
            work.nodes().forEach(this::node);
            if (!workNames.add(work.name().value())) {
                problems.add(work.name().place(), "two entries of `workload` are called `" + work.name() + "`");
            }
        }
        spec.faults().strata().forEach(stratum -> stratum.nodes().forEach(this::node));
        for (Text name : spec.observe().capture()) {
            if (!ends.contains(name.value())) {
                problems.add(name.place(),
                        "there is no node or switch `" + name + "`" + Nearest.hint(name.value(), ends));
            }
        }
        checkTables();
    }

    private List<String> declared() {
        Map<String, Text> seen = new LinkedHashMap<>();
        spec.topology().nodes().forEach(node -> {
            declare(seen, "node", node.name());
            nodes.add(node.name().value());
        });
        spec.topology().switches().forEach(hub -> declare(seen, "switch", hub.name()));
        return List.copyOf(seen.keySet());
    }

    private void declare(Map<String, Text> seen, String noun, Text name) {
        if (!name.value().matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
            problems.add(name.place(),
                    "the name of a " + noun + " must be letters, digits, `.`, `_` and `-`, found `" + name + "`");
        }
        Text before = seen.putIfAbsent(name.value(), name);
        if (before != null) {
            problems.add(name.place(), "the name `" + name + "` is taken already, in line " + before.place().line()
                    + ": every node and switch needs a name of its own");
        }
    }

    private void checkLinks(List<String> ends) {
        Map<String, Text> attached = new LinkedHashMap<>();
        for (TopologySpec.CableSpec link : spec.topology().links()) {
            if (link.from().value().isEmpty() || link.to().value().isEmpty()) {
                continue; // reported as missing when it was read
            }
            for (Text end : List.of(link.from(), link.to())) {
                if (!ends.contains(end.value())) {
                    problems.add(end.place(), "the link ends at `" + end + "`, which is neither a node nor a switch"
                            + Nearest.hint(end.value(), ends));
                } else if (nodes.contains(end.value()) && attached.putIfAbsent(end.value(), end) != null) {
                    problems.add(end.place(), "node `" + end
                            + "` has one card with one port, which is linked already; put a switch between");
                }
            }
            if (link.from().value().equals(link.to().value())) {
                problems.add(link.to().place(), "the link goes from `" + link.from() + "` to itself");
            }
        }
    }

    private void checkTables() {
        Map<String, List<String>> columns = new LinkedHashMap<>();
        for (ObserveSpec.TableSpec table : spec.observe().tables()) {
            node(table.console());
            columns.put(table.console().value(), table.columns());
        }
        for (ExpectSpec.Rule rule : spec.expect().rules()) {
            switch (rule) {
                case ExpectSpec.ExitCode exit -> exit.nodes().forEach(this::node);
                case ExpectSpec.ConsoleContains contains -> node(contains.node());
                case ExpectSpec.TableValue value -> checkTableValue(value, columns);
            }
        }
    }

    private void checkTableValue(ExpectSpec.TableValue value, Map<String, List<String>> columns) {
        List<String> table = columns.get(value.console().value());
        if (table == null) {
            problems.add(value.console().place(),
                    "`observe` takes no `table` from the console of `" + value.console() + "`");
            return;
        }
        for (String column : value.whereColumn() == null
                ? List.of(value.column())
                : List.of(value.column(), value.whereColumn())) {
            if (!table.contains(column)) {
                problems.add(value.place(), "the table of `" + value.console() + "` has no column `" + column + "`"
                        + Nearest.hint(column, table));
            }
        }
    }

    private void node(Text name) {
        if (!nodes.contains(name.value())) {
            problems.add(name.place(), "there is no node `" + name + "`" + Nearest.hint(name.value(), nodes));
        }
    }
}
