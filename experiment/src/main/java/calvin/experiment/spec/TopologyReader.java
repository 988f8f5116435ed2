package calvin.experiment.spec;

import calvin.experiment.input.Quantity;
import calvin.experiment.input.Text;
import calvin.experiment.input.YamlMap;
import calvin.experiment.spec.TopologySpec.CableSpec;
import calvin.experiment.spec.TopologySpec.HubSpec;
import calvin.experiment.spec.TopologySpec.NodeSpec;
import calvin.network.link.LinkSpec;
import calvin.network.topo.Defaults;
import calvin.network.topo.SwitchSpec;
import java.util.ArrayList;
import java.util.List;

/** Reads {@code topology}: a generator, or explicit nodes, switches and links. */
final class TopologyReader {
    private static final int MAX_NODES = 1 << 16;
    private static final long MIN_BUFFER_BYTES = 1 << 14;

    private final YamlMap map;
    private final Text defaultClass;
    private final List<NodeSpec> nodes = new ArrayList<>();
    private final List<HubSpec> switches = new ArrayList<>();
    private final List<CableSpec> links = new ArrayList<>();

    private TopologyReader(YamlMap map, List<NodeClassSpec> classes) {
        this.map = map;
        defaultClass = classes.get(0).name();
    }

    private enum Generator {
        ALONE, PAIR, STAR, RING
    }

    private enum Mode {
        CUT_THROUGH, STORE_AND_FORWARD
    }

    static TopologySpec read(YamlMap map, boolean present, List<NodeClassSpec> classes) {
        TopologyReader reader = new TopologyReader(map, classes);
        if (map.has("generator")) {
            reader.generate();
        } else if (map.has("nodes")) {
            reader.list();
        } else {
            map.problem(map.place(),
                    (present ? "`topology` has neither `generator` nor `nodes`" : "`topology` is missing")
                            + ": write for example `topology: {generator: pair}`");
        }
        map.done();
        return new TopologySpec(List.copyOf(reader.nodes), List.copyOf(reader.switches), List.copyOf(reader.links));
    }

    private void generate() {
        Generator generator = map.choice("generator", Generator.PAIR, Generator.values(), SystemReader::word);
        Text nodeClass = classOf(map);
        String prefix = map.string("prefix", "node");
        int count = switch (generator) {
            case ALONE -> (int) map.integer("nodes", 1, 1, MAX_NODES);
            case PAIR -> 2;
            case STAR -> (int) map.integer("nodes", 2, 1, MAX_NODES);
            case RING -> (int) map.integer("nodes", 3, 3, MAX_NODES);
        };
        for (int i = 0; i < count; i++) {
            nodes.add(new NodeSpec(new Text(prefix + i, map.placeOf("generator")), nodeClass));
        }
        LinkSpec link = Defaults.LINK;
        if (generator != Generator.ALONE) {
            YamlMap linkMap = map.map("link");
            link = link(linkMap);
            linkMap.done();
        }
        switch (generator) {
            case ALONE -> {
            }
            case PAIR -> links.add(new CableSpec(nodes.get(0).name(), nodes.get(1).name(), link));
            case STAR -> {
                addSwitches(1);
                for (NodeSpec node : nodes) {
                    links.add(new CableSpec(node.name(), switches.get(0).name(), link));
                }
            }
            case RING -> {
                addSwitches(count);
                for (int i = 0; i < count; i++) {
                    links.add(new CableSpec(nodes.get(i).name(), switches.get(i).name(), link));
                }
                for (int i = 0; i < count; i++) {
                    links.add(new CableSpec(switches.get(i).name(), switches.get((i + 1) % count).name(), link));
                }
            }
        }
    }

    private void addSwitches(int count) {
        YamlMap hub = map.map("switch");
        SwitchSpec spec = switchOf(hub);
        hub.done();
        for (int i = 0; i < count; i++) {
            switches.add(new HubSpec(new Text("switch" + i, hub.place()), spec));
        }
    }

    private void list() {
        for (YamlMap node : map.maps("nodes")) {
            nodes.add(new NodeSpec(node.required("name", "node0"), classOf(node)));
            node.done();
        }
        for (YamlMap hub : map.maps("switches")) {
            switches.add(new HubSpec(hub.required("name", "switch0"), switchOf(hub)));
            hub.done();
        }
        for (YamlMap link : map.maps("links")) {
            links.add(new CableSpec(link.required("from", "node0"), link.required("to", "switch0"), link(link)));
            link.done();
        }
    }

    private Text classOf(YamlMap owner) {
        Text text = owner.text("class");
        return text == null ? new Text(defaultClass.value(), owner.place()) : text;
    }

    private static LinkSpec link(YamlMap link) {
        return new LinkSpec(link.quantity("latency", Quantity.TIME, Defaults.LINK_LATENCY_PS, 1),
                link.quantity("bandwidth", Quantity.BANDWIDTH, Defaults.LINK_BANDWIDTH_BPS, 1));
    }

    private static SwitchSpec switchOf(YamlMap hub) {
        return new SwitchSpec(hub.quantity("latency", Quantity.TIME, Defaults.SWITCH_FORWARDING_PS, 0),
                hub.quantity("buffer", Quantity.SIZE, Defaults.SWITCH_BUFFER_BYTES, MIN_BUFFER_BYTES),
                hub.choice("forwarding", Mode.CUT_THROUGH, Mode.values(),
                        m -> SystemReader.word(m).replace('_', '-')) == Mode.STORE_AND_FORWARD);
    }
}
