package calvin.experiment.spec;

import calvin.experiment.input.Text;
import calvin.experiment.input.YamlMap;
import java.util.ArrayList;
import java.util.List;

/** Reads {@code expect}: a list of rules. */
final class ExpectReader {
    private ExpectReader() {}

    static ExpectSpec read(YamlMap root) {
        List<ExpectSpec.Rule> rules = new ArrayList<>();
        for (YamlMap map : root.maps("expect")) {
            ExpectSpec.Rule rule = rule(map);
            if (rule != null) {
                rules.add(rule);
            }
            map.done();
        }
        return new ExpectSpec(List.copyOf(rules));
    }

    private static ExpectSpec.Rule rule(YamlMap map) {
        if (map.has("exit_code")) {
            return new ExpectSpec.ExitCode(map.place(), WorkloadReader.nodes(map, "nodes"),
                    map.integer("exit_code", 0, -1, 255));
        }
        if (map.has("contains")) {
            return new ExpectSpec.ConsoleContains(map.place(), map.required("console", "node0"),
                    map.string("contains", ""));
        }
        if (map.has("column")) {
            return tableValue(map);
        }
        map.problem(map.place(), "a rule of `expect` has `exit_code`, `contains` or `column`");
        return null;
    }

    private static ExpectSpec.Rule tableValue(YamlMap map) {
        Text console = map.required("console", "node0");
        String column = map.string("column", "");
        YamlMap where = map.map("where");
        List<Text> keys = where.ownKeys();
        String whereColumn = keys.isEmpty() ? null : keys.get(0).value();
        double whereValue = keys.isEmpty() ? 0 : where.number(whereColumn, 0);
        if (keys.size() > 1) {
            map.problem(where.place(), "`where` takes one column, for example `where: {bytes: 8}`");
        }
        double low = map.number("at_least", Double.NEGATIVE_INFINITY);
        double high = map.number("at_most", Double.POSITIVE_INFINITY);
        if (map.has("equals")) {
            double value = map.number("equals", 0);
            double tolerance = Math.abs(value) * percent(map) / 100;
            low = value - tolerance;
            high = value + tolerance;
        } else if (!map.has("at_least") && !map.has("at_most")) {
            map.problem(map.place(),
                    "a rule about a `column` needs `equals` (with `tolerance: 10 %`), `at_least` or `at_most`");
        }
        return new ExpectSpec.TableValue(map.place(), console, column, whereColumn, whereValue, low, high);
    }

    private static double percent(YamlMap map) {
        Text text = map.text("tolerance");
        if (text == null) {
            return 0;
        }
        if (!text.value().matches("[0-9]+(\\.[0-9]+)? ?%")) {
            map.problem(text.place(), "`tolerance` must be a percentage, for example `10 %`, found `" + text + "`");
            return 0;
        }
        return Double.parseDouble(text.value().replace("%", "").strip());
    }
}
