package calvin.experiment.plan;

import calvin.experiment.input.Problems;
import calvin.experiment.input.Text;
import calvin.experiment.spec.ExperimentSpec;
import calvin.experiment.spec.NodeClassSpec;
import calvin.experiment.spec.SpecReader;
import calvin.experiment.spec.TopologySpec;
import calvin.machine.timing.Fidelity;
import calvin.network.topo.Topology;
import calvin.network.topo.TopologyBuilder;
import calvin.network.topo.TopologyException;
import calvin.network.topo.TopologyPort;
import calvin.network.topo.Vertex;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Expands an experiment: numbers and addresses everything, finds and checks every image. */
public final class Planner {
    private final ExperimentSpec spec;
    private final Problems problems;
    private final Map<String, byte[]> images;
    /** Of every node, or null for what its class says. */
    private final Fidelity fidelity;
    private final Map<String, Vertex> vertices = new LinkedHashMap<>();

    private Planner(ExperimentSpec spec, Problems problems, Changes changes) {
        this.spec = spec;
        this.images = changes.images();
        this.fidelity = changes.fidelity();
        this.problems = problems;
    }

    /**
     * What the command line says differently from the file.
     *
     * @param seed    replaces the file's, or null
     * @param capture replaces what the file captures, or null
     * @param fidelity of every node, replaces the file's, or null
     * @param images  by the name that the file gives them; they come before the catalogue and files
     */
    public record Changes(Long seed, List<Text> capture, Fidelity fidelity, Map<String, byte[]> images) {
        public static final Changes NONE = new Changes(null, null, null, Map.of());
    }

    /**
     * Reads and expands an experiment file.
     *
     * @throws calvin.experiment.input.InputException with every mistake in the file
     */
    public static PlanDocument plan(Path file, Changes changes) {
        Problems problems = new Problems();
        ExperimentSpec spec = SpecReader.read(file, problems);
        if (changes.seed() != null) {
            spec = spec.withSeed(changes.seed());
        }
        if (changes.capture() != null) {
            spec = SpecReader.checked(spec.withObserve(spec.observe().withCapture(changes.capture())), problems);
        }
        return new Planner(spec, problems, changes).run();
    }

    /** Expands a specification; {@code problems} may hold what was found when it was read. */
    public static PlanDocument plan(ExperimentSpec spec, Problems problems) {
        return new Planner(spec, problems, Changes.NONE).run();
    }

    private PlanDocument run() {
        ImageResolver resolver = new ImageResolver(spec.folder(), images, problems);
        Topology topology = topology();
        WorkPlanner workPlanner = new WorkPlanner(spec, topology, resolver, problems);
        List<Plan.Node> nodes = new ArrayList<>();
        for (TopologySpec.NodeSpec node : spec.topology().nodes()) {
            nodes.add(node(nodes.size(), node, topology, workPlanner));
        }
        List<String> switchNames = spec.topology().switches().stream().map(hub -> hub.name().value()).toList();
        problems.throwIfAny();
        Plan plan = new Plan(spec.name().value(), spec.seed(), spec.untilPs(), resolver.used(), List.copyOf(nodes),
                switchNames, topology,
                capturedPorts(topology), spec.observe().messageTrace());
        NodeCheck check = new NodeCheck(plan, resolver.store(), problems);
        for (Plan.Node node : nodes) {
            check.check(node, spec.nodeClass(classOf(node.number())));
        }
        problems.throwIfAny();
        return PlanDocument.of(plan, resolver.store(), spec);
    }

    private Topology topology() {
        TopologyBuilder builder = new TopologyBuilder();
        for (TopologySpec.NodeSpec node : spec.topology().nodes()) {
            vertices.putIfAbsent(node.name().value(), builder.addNode());
        }
        for (TopologySpec.HubSpec hub : spec.topology().switches()) {
            vertices.putIfAbsent(hub.name().value(), builder.addSwitch(hub.spec()));
        }
        // A network that names nothing real cannot be numbered; what is wrong with it has been reported by name.
        problems.throwIfAny();
        for (TopologySpec.CableSpec link : spec.topology().links()) {
            builder.link(vertices.get(link.from().value()), vertices.get(link.to().value()), link.spec());
        }
        try {
            return builder.build();
        } catch (TopologyException e) {
            e.problems().forEach(problem -> problems.add(spec.name().place(), problem));
            problems.throwIfAny();
            throw e;
        }
    }

    private Plan.Node node(int number, TopologySpec.NodeSpec node, Topology topology, WorkPlanner workPlanner) {
        NodeClassSpec own = spec.nodeClass(node.nodeClass().value());
        List<TopologyPort> ports = topology.portsOf(Vertex.node(number));
        int port = ports.isEmpty() ? Plan.NO_PORT : ports.get(0).number();
        int ipv4 = ports.isEmpty() ? 0 : ports.get(0).ipv4();
        return new Plan.Node(number, node.name().value(), own.board().name().toLowerCase(Locale.ROOT), own.harts(),
                own.memoryBytes(),
                own.hartPeriodPs(), own.numaNodes(), fidelity == null ? own.fidelity() : fidelity, port, ipv4,
                own.card(), workPlanner.work(number, node, own));
    }

    private String classOf(int node) {
        return spec.topology().nodes().get(node).nodeClass().value();
    }

    private List<Integer> capturedPorts(Topology topology) {
        List<Integer> ports = new ArrayList<>();
        if (spec.observe().captureAll()) {
            topology.ports().forEach(port -> ports.add(port.number()));
        }
        for (Text name : spec.observe().capture()) {
            topology.portsOf(vertices.get(name.value())).forEach(port -> ports.add(port.number()));
        }
        return ports.stream().distinct().sorted().toList();
    }
}
