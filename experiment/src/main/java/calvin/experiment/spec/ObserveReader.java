package calvin.experiment.spec;

import calvin.experiment.input.Nearest;
import calvin.experiment.input.Text;
import calvin.experiment.input.YamlMap;
import java.util.ArrayList;
import java.util.List;

/** Reads {@code observe}. */
final class ObserveReader {
    private ObserveReader() {}

    private enum Trace {
        NONE, MESSAGES
    }

    static ObserveSpec read(YamlMap map) {
        List<Text> capture = map.texts("capture");
        boolean single = capture.size() == 1 && !map.isList("capture");
        boolean all = single && capture.get(0).value().equals("all");
        boolean none = single && capture.get(0).value().equals("none");
        boolean trace = map.choice("trace", Trace.NONE, Trace.values(), SystemReader::word) == Trace.MESSAGES;
        List<ObserveSpec.TableSpec> tables = new ArrayList<>();
        for (YamlMap table : map.maps("table")) {
            Text console = table.required("console", "node0");
            List<String> columns = table.texts("columns").stream().map(Text::value).toList();
            if (columns.isEmpty()) {
                table.problem(table.place(), "`columns` is missing: write for example `columns: [bytes, latency_us]`");
            }
            List<String> measured = new ArrayList<>();
            for (Text column : table.texts("measured")) {
                if (columns.contains(column.value())) {
                    measured.add(column.value());
                } else {
                    table.problem(column.place(),
                            "`" + column + "` is none of the `columns`" + Nearest.hint(column.value(), columns));
                }
            }
            table.done();
            tables.add(new ObserveSpec.TableSpec(console, columns, List.copyOf(measured)));
        }
        map.done();
        return new ObserveSpec(all, all || none ? List.of() : List.copyOf(capture), trace, List.copyOf(tables));
    }
}
