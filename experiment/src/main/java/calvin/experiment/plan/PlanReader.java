package calvin.experiment.plan;

import calvin.experiment.json.JsonObject;
import calvin.machine.timing.Fidelity;
import calvin.network.link.LinkSpec;
import calvin.network.topo.SwitchSpec;
import calvin.network.topo.TopologyBuilder;
import calvin.network.topo.Vertex;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads back the part of a plan that builds the world. */
public final class PlanReader {
    private PlanReader() {}

    /**
     * Reads what {@link PlanDocument#bytes()} gave.
     *
     * @throws IOException if the document is not a plan of this version
     */
    public static Plan read(byte[] document) throws IOException {
        try {
            JsonObject json = JsonObject.parse(document);
            if (json.number("calvin_plan") != PlanWriter.VERSION) {
                throw new IOException("the plan has version " + json.number("calvin_plan") + ", this Calvin reads "
                        + PlanWriter.VERSION);
            }
            return plan(json);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new IOException("not a plan: " + e.getMessage(), e);
        }
    }

    private static Plan plan(JsonObject json) {
        List<Plan.Image> images = new ArrayList<>();
        for (JsonObject image : json.objects("images")) {
            images.add(new Plan.Image(image.text("name"), image.text("sha256"), image.number("bytes")));
        }
        List<Plan.Node> nodes = new ArrayList<>();
        for (JsonObject node : json.objects("nodes")) {
            nodes.add(node(node));
        }
        List<String> switchNames = new ArrayList<>();
        TopologyBuilder builder = new TopologyBuilder();
        nodes.forEach(node -> builder.addNode());
        for (JsonObject hub : json.objects("switches")) {
            switchNames.add(hub.text("name"));
            builder.addSwitch(new SwitchSpec(hub.number("forwarding_ps"), hub.number("buffer_bytes"),
                    hub.truth("store_and_forward")));
        }
        for (JsonObject link : json.objects("links")) {
            builder.link(end(link.object("left")), end(link.object("right")),
                    new LinkSpec(link.number("latency_ps"), link.number("bandwidth_bps")));
        }
        return new Plan(json.text("name"), json.number("seed"), json.number("until_ps"), List.copyOf(images),
                List.copyOf(nodes),
                List.copyOf(switchNames), builder.build(), integers(json, "captured_ports"),
                json.truth("message_trace"));
    }

    private static Vertex end(JsonObject json) {
        return json.truth("node") ? Vertex.node(json.integer("index")) : Vertex.switchAt(json.integer("index"));
    }

    private static Plan.Node node(JsonObject json) {
        Map<String, Long> card = new LinkedHashMap<>();
        for (String key : json.object("card").keys()) {
            card.put(key, json.object("card").number(key));
        }
        JsonObject work = json.object("work");
        return new Plan.Node(json.integer("number"), json.text("name"), json.text("board"), json.integer("harts"),
                json.number("memory_bytes"), json.number("hart_period_ps"), json.integer("numa_nodes"),
                Fidelity.valueOf(json.text("fidelity").toUpperCase(Locale.ROOT)),
                json.integer("port"),
                json.integer("ipv4"), card,
                new Plan.Work(Plan.Work.Kind.valueOf(work.text("kind")), work.text("name"), work.text("image"),
                        work.text("append"),
                        work.number("guest_memory_bytes"), tasks(work, "tasks"), tasks(work, "host_tasks")));
    }

    private static List<Plan.Task> tasks(JsonObject work, String key) {
        List<Plan.Task> tasks = new ArrayList<>();
        for (JsonObject task : work.objects(key)) {
            tasks.add(new Plan.Task(task.text("name"), task.text("image"), task.texts("arguments"),
                    task.texts("environment"),
                    task.number("heap_bytes"), task.number("stack_bytes"), task.text("job"),
                    task.integer("rank")));
        }
        return List.copyOf(tasks);
    }

    private static List<Integer> integers(JsonObject json, String key) {
        return json.numbers(key).stream().map(Math::toIntExact).toList();
    }
}
