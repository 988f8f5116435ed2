package calvin.experiment.spec;

import calvin.experiment.input.Quantity;
import calvin.experiment.input.Text;
import calvin.experiment.input.YamlMap;
import java.util.ArrayList;
import java.util.List;

/** Reads {@code topology}: a generator, or explicit nodes, switches and links. */
final class TopologyReader {
    static final long DEFAULT_LINK_LATENCY_PS = 200_000L;
    static final long DEFAULT_BANDWIDTH_BPS = 100_000_000_000L;
    static final long DEFAULT_SWITCH_LATENCY_PS = 300_000L;
    private static final int MAX_NODES = 1 << 16;

    private final YamlMap map;
    private final Text defaultClass;

    private TopologyReader(YamlMap map, List<NodeClassSpec> classes) {
        this.map = map;
        defaultClass = classes.get(0).name();
    }

    private enum Generator {
        SINGLE, PAIR, STAR
    }

    static TopologySpec read(YamlMap map, boolean present, List<NodeClassSpec> classes) {
        TopologySpec topology = new TopologyReader(map, classes).read(present);
        map.done();
        return topology;
    }

    private TopologySpec read(boolean present) {
        if (map.has("generator")) {
            return generated();
        }
        if (!map.has("nodes")) {
            map.problem(map.place(), (present ? "`topology` has neither `generator` nor `nodes`" : "`topology` is missing")
                    + ": write for example `topology: {generator: pair}`");
            return new TopologySpec(List.of(), List.of(), List.of());
        }
        return explicit();
    }

    private TopologySpec generated() {
        Generator generator = map.choice("generator", Generator.PAIR, Generator.values(), SystemReader::word);
        Text nodeClass = classOf(map, "class");
        String prefix = map.string("prefix", "node");
        int count = switch (generator) {
            case SINGLE -> 1;
            case PAIR -> 2;
            case STAR -> (int) map.integer("nodes", 2, 1, MAX_NODES);
        };
        YamlMap link = map.map("link");
        long latencyPs = latency(link);
        long bandwidthBps = bandwidth(link);
        link.done();
        List<TopologySpec.NodeSpec> nodes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            nodes.add(new TopologySpec.NodeSpec(new Text(prefix + i, map.placeOf("generator")), nodeClass));
        }
        List<TopologySpec.SwitchSpec> switches = new ArrayList<>();
        List<TopologySpec.LinkSpec> links = new ArrayList<>();
        if (generator == Generator.PAIR) {
            links.add(new TopologySpec.LinkSpec(nodes.get(0).name(), nodes.get(1).name(), latencyPs, bandwidthBps));
        } else if (generator == Generator.STAR) {
            YamlMap hub = map.map("switch");
            TopologySpec.SwitchSpec center = new TopologySpec.SwitchSpec(new Text("switch0", hub.place()), switchLatency(hub));
            hub.done();
            switches.add(center);
            nodes.forEach(node -> links.add(new TopologySpec.LinkSpec(node.name(), center.name(), latencyPs, bandwidthBps)));
        }
        return new TopologySpec(List.copyOf(nodes), List.copyOf(switches), List.copyOf(links));
    }

    private TopologySpec explicit() {
        List<TopologySpec.NodeSpec> nodes = new ArrayList<>();
        for (YamlMap node : map.maps("nodes")) {
            nodes.add(new TopologySpec.NodeSpec(node.required("name", "node0"), classOf(node, "class")));
            node.done();
        }
        List<TopologySpec.SwitchSpec> switches = new ArrayList<>();
        for (YamlMap hub : map.maps("switches")) {
            switches.add(new TopologySpec.SwitchSpec(hub.required("name", "switch0"), switchLatency(hub)));
            hub.done();
        }
        List<TopologySpec.LinkSpec> links = new ArrayList<>();
        for (YamlMap link : map.maps("links")) {
            links.add(new TopologySpec.LinkSpec(link.required("from", "node0"), link.required("to", "switch0"), latency(link),
                    bandwidth(link)));
            link.done();
        }
        return new TopologySpec(List.copyOf(nodes), List.copyOf(switches), List.copyOf(links));
    }

    private Text classOf(YamlMap owner, String key) {
        Text text = owner.text(key);
        return text == null ? new Text(defaultClass.value(), owner.place()) : text;
    }

    private static long latency(YamlMap link) {
        return link.quantity("latency", Quantity.TIME, DEFAULT_LINK_LATENCY_PS, 1);
    }

    private static long bandwidth(YamlMap link) {
        return link.quantity("bandwidth", Quantity.BANDWIDTH, DEFAULT_BANDWIDTH_BPS, 1);
    }

    private static long switchLatency(YamlMap hub) {
        return hub.quantity("latency", Quantity.TIME, DEFAULT_SWITCH_LATENCY_PS, 1);
    }
}
