package calvin.machine.fitting;

import calvin.machine.dev.ConsoleSink;
import calvin.machine.disk.Disk;
import calvin.machine.disk.DiskException;
import calvin.machine.disk.DiskImage;
import calvin.machine.mem.PhysicalMemory;
import calvin.machine.virtio.VirtioDevice;
import calvin.machine.virtio.balloon.VirtioBalloon;
import calvin.machine.virtio.block.VirtioBlock;
import calvin.machine.virtio.character.VirtioConsole;
import calvin.machine.virtio.character.VirtioRng;
import calvin.machine.virtio.net.VirtioNet;
import calvin.machine.virtio.share.SharedTree;
import calvin.machine.virtio.share.VirtioShare;
import calvin.machine.virtio.socket.HostPorts;
import calvin.machine.virtio.socket.HostSockets;
import calvin.machine.virtio.socket.SocketCable;
import calvin.machine.virtio.socket.VirtioSocket;
import calvin.sim.seed.Seed;
import calvin.sim.wire.Port;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The kinds of virtio devices by name, with their parameters and what builds them. */
final class VirtioTable {
    /** Builds a device from a fitting whose board has been checked. */
    private interface Builder {
        VirtioDevice build(Fitting fitting, Workbench bench);
    }

    /** What must hold for a parameter's value, as a pattern; {@code ""} where it may be missing is part of it. */
    private record Row(Builder builder, Map<String, String> parameters) {}

    private static final int DEFAULT_MTU = 1500;
    private static final String MAC = "[0-9a-f]{2}(:[0-9a-f]{2}){5}";

    private static final Map<String, Row> ROWS = new LinkedHashMap<>();

    static {
        // @formatter:off
        // A disk: DiskImage `drive` of the supplies.
        row("block",   VirtioTable::block,   "drive", ".+", "serial", ".{0,20}", "readonly", "(true|false|)");
        // Random bytes from the Seed "" of the supplies.
        row("rng",     VirtioTable::rng);
        // A network card on the Port `net` of the supplies.
        row("net",     VirtioTable::net,     "net", ".+", "mac", MAC, "mtu", "([0-9]{2,4}|)");
        // A console that prints to the ConsoleSink `sink` of the supplies.
        row("console", VirtioTable::console, "sink", ".*");
        // The SharedTree `share` of the supplies, which the guest mounts by its tag.
        row("9p",      VirtioTable::share,   "share", ".+", "tag", ".{1,31}");
        // Streams to the host: services of the supplies' HostPorts, or to another guest over the Port `net`.
        row("vsock",   VirtioTable::vsock,   "cid", "[0-9]{1,8}", "net", ".*");
        // A balloon whose host asks for so many pages of 4 KiB.
        row("balloon", VirtioTable::balloon, "pages", "([0-9]{1,9}|)");
        // @formatter:on
    }

    private VirtioTable() {}

    private static void row(String name, Builder builder, String... parameters) {
        Map<String, String> patterns = new LinkedHashMap<>();
        for (int i = 0; i < parameters.length; i += 2) {
            patterns.put(parameters[i], parameters[i + 1]);
        }
        ROWS.put(name, new Row(builder, patterns));
    }

    static List<String> parameters() {
        return ROWS.values().stream().flatMap(row -> row.parameters.keySet().stream()).distinct().toList();
    }

    static List<String> problems(Fitting fitting, String device) {
        Row row = ROWS.get(device);
        if (row == null) {
            return List.of("device is '" + device + "'; there are " + String.join(", ", ROWS.keySet()));
        }
        List<String> problems = new ArrayList<>();
        row.parameters.forEach((name, pattern) -> {
            if (!fitting.parameter(name, "").matches(pattern)) {
                problems.add(name + " is '" + fitting.parameter(name, "") + "', which does not match " + pattern);
            }
        });
        for (String name : parameters()) {
            if (!row.parameters.containsKey(name) && fitting.parameters().containsKey(name)) {
                problems.add("a " + device + " has no " + name);
            }
        }
        return problems;
    }

    static VirtioDevice build(Fitting fitting, String device, Workbench bench) {
        return ROWS.get(device).builder.build(fitting, bench);
    }

    private static VirtioDevice block(Fitting fitting, Workbench bench) {
        DiskImage image = bench.supplies().get(DiskImage.class, fitting.parameter("drive", ""));
        try {
            Disk disk = Disk.of(bench.stateName(fitting.name()) + "/disk", image,
                    fitting.parameter("readonly", "").equals("true"));
            bench.lane().addPart(disk);
            return new VirtioBlock(disk, fitting.parameter("serial", fitting.name()), 1, VirtioBlock.DEFAULT_COST);
        } catch (DiskException e) {
            throw new IllegalStateException("disk images are checked before a machine is built", e);
        }
    }

    private static VirtioDevice rng(Fitting fitting, Workbench bench) {
        Seed seed = bench.supplies().find(Seed.class, "").orElse(new Seed(0));
        return new VirtioRng(seed.child(bench.stateName(fitting.name())), VirtioRng.DEFAULT_COST);
    }

    private static VirtioDevice net(Fitting fitting, Workbench bench) {
        Port port = bench.supplies().get(Port.class, fitting.parameter("net", ""));
        String mtu = fitting.parameter("mtu", "");
        VirtioNet net = new VirtioNet(port, Long.parseLong(fitting.parameter("mac", "").replace(":", ""), 16),
                mtu.isEmpty() ? DEFAULT_MTU : Integer.parseInt(mtu), VirtioNet.DEFAULT_COST);
        bench.lane().addPort(port.number(), net);
        return net;
    }

    private static VirtioDevice console(Fitting fitting, Workbench bench) {
        VirtioConsole console = new VirtioConsole(bench.supplies().get(ConsoleSink.class, fitting.parameter("sink",
                "")), VirtioConsole.DEFAULT_COST);
        bench.offer(VirtioConsole.class, fitting.name(), console);
        return console;
    }

    private static VirtioDevice share(Fitting fitting, Workbench bench) {
        SharedTree tree = bench.supplies().get(SharedTree.class, fitting.parameter("share", ""));
        bench.lane().addPart(tree);
        return new VirtioShare(fitting.parameter("tag", ""), tree, VirtioShare.DEFAULT_COST);
    }

    private static VirtioDevice vsock(Fitting fitting, Workbench bench) {
        long cid = Long.parseLong(fitting.parameter("cid", ""));
        String net = fitting.parameter("net", "");
        if (net.isEmpty()) {
            HostSockets host = new HostSockets(bench.stateName(fitting.name()) + "/host",
                    bench.supplies().find(HostPorts.class, "").orElse(HostPorts.DEFAULT).services());
            bench.lane().addPart(host);
            return new VirtioSocket(cid, host, VirtioSocket.DEFAULT_COST);
        }
        Port port = bench.supplies().get(Port.class, net);
        SocketCable cable = new SocketCable(port);
        bench.lane().addPort(port.number(), cable);
        return new VirtioSocket(cid, cable, VirtioSocket.DEFAULT_COST);
    }

    private static VirtioDevice balloon(Fitting fitting, Workbench bench) {
        PhysicalMemory memory = bench.memory();
        String pages = fitting.parameter("pages", "");
        return new VirtioBalloon(pa -> memory.zero(pa, VirtioBalloon.PAGE_BYTES),
                pages.isEmpty() ? 0 : Long.parseLong(pages), VirtioBalloon.DEFAULT_COST);
    }
}
