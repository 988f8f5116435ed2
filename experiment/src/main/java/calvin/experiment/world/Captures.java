package calvin.experiment.world;

import calvin.experiment.plan.Plan;
import calvin.network.capture.Capture;
import calvin.network.capture.CapturedPort;
import calvin.network.link.FrameTap;
import calvin.network.topo.Placement;
import calvin.network.topo.TopologyPort;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The capture files of one process: one for each node or switch with observed ports, in one folder. */
public final class Captures implements Closeable {
    /** Captures nothing. */
    public static final Captures NONE = new Captures();

    private final Map<Integer, Capture> byPort = new LinkedHashMap<>();
    private final List<Capture> all = new ArrayList<>();

    private Captures() {}

    /**
     * Starts the files of the ports that the plan observes and that belong to {@code worker}.
     *
     * @param folder is made where there is something to capture
     */
    public Captures(Plan plan, Placement placement, int worker, Path folder) throws IOException {
        Map<String, List<CapturedPort>> byOwner = new LinkedHashMap<>();
        for (int number : plan.capturedPorts()) {
            TopologyPort port = plan.topology().ports().get(number);
            if (placement.workerOf(port.owner()) == worker) {
                String owner = plan.userName(port.owner());
                byOwner.computeIfAbsent(owner, o -> new ArrayList<>())
                        .add(new CapturedPort(number, owner + "/port" + port.index(),
                                plan.topology().links().get(port.link()).spec().bandwidthBps()));
            }
        }
        if (!byOwner.isEmpty()) {
            Files.createDirectories(folder);
        }
        for (Map.Entry<String, List<CapturedPort>> entry : byOwner.entrySet()) {
            Path file = folder.resolve(entry.getKey() + ".pcapng");
            Capture capture = new Capture(new BufferedOutputStream(Files.newOutputStream(file)), entry.getValue(), 0);
            all.add(capture);
            entry.getValue().forEach(port -> byPort.put(port.number(), capture));
        }
    }

    FrameTap tap(int port) {
        Capture capture = byPort.get(port);
        return capture == null ? FrameTap.NONE : capture.tap(port);
    }

    void drain(long horizonPs) throws IOException {
        for (Capture capture : all) {
            capture.drain(horizonPs);
        }
    }

    @Override
    public void close() throws IOException {
        for (Capture capture : all) {
            capture.close();
        }
    }
}
