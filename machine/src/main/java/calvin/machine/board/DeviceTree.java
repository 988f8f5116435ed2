package calvin.machine.board;

import static calvin.machine.fitting.TreeWriter.hartLabel;
import static calvin.machine.fitting.TreeWriter.unit;

import calvin.machine.fitting.Fdt;
import calvin.machine.fitting.Fitting;
import calvin.machine.fitting.FittingTable;
import calvin.machine.fitting.TreeWriter;
import calvin.machine.hart.CacheBlocks;
import calvin.machine.hart.HartIsa;
import calvin.machine.mem.MemoryClass;
import calvin.machine.mem.RamRegion;
import calvin.sim.time.SimTime;
import java.util.Optional;

/**
 * The device tree of a board: cpus and how they share cores, memory, NUMA distances, the interrupt controller, what is
 * fitted, chosen. Names and properties are those of QEMU's virt machine, which Linux and OpenSBI know (Linux,
 * Documentation/devicetree).
 */
final class DeviceTree {
    private final BoardSpec board;
    private final TreeWriter writer;
    private final Fdt tree;
    /** A firmware in M mode says itself what memory it takes. */
    private final boolean forFirmware;

    private DeviceTree(BoardSpec board, boolean forFirmware) {
        this.board = board;
        this.forFirmware = forFirmware;
        writer = new TreeWriter(board.interrupts().kind(), board.harts(), board.hartModel(), forFirmware,
                iommu(board));
        tree = writer.fdt();
    }

    private static Optional<String> iommu(BoardSpec board) {
        return board.fittings().stream().filter(fitting -> fitting.kind().equals("iommu")).map(Fitting::name)
                .findFirst();
    }

    /** As a kernel in S mode gets it. */
    static byte[] of(BoardSpec board, Chosen chosen) {
        return new DeviceTree(board, false).write(chosen);
    }

    /** As the board's own, for software in M mode. */
    static byte[] forFirmware(BoardSpec board, Chosen chosen) {
        return new DeviceTree(board, true).write(chosen);
    }

    private byte[] write(Chosen chosen) {
        tree.begin("").cells("#address-cells", 2).cells("#size-cells", 2)
                .strings("compatible", "calvin," + board.name(), "riscv-virtio")
                .strings("model", "calvin," + board.name());
        chosen(chosen);
        cpus();
        for (RamRegion region : board.memory()) {
            tree.begin(unit("memory", region.basePa())).strings("device_type", "memory")
                    .pairs("reg", region.basePa(), region.sizeBytes()).cells("numa-node-id", region.numaNode());
            if (region.memoryClass() != MemoryClass.DDR) {
                // ours: Linux learns of classes from ACPI only.
                tree.strings("calvin,memory-class", "hbm");
            }
            tree.end();
        }
        if (!forFirmware) {
            tree.begin("reserved-memory").cells("#address-cells", 2).cells("#size-cells", 2).flag("ranges");
            tree.begin(unit("firmware", AddressMap.RAM)).pairs("reg", AddressMap.RAM, AddressMap.FIRMWARE_BYTES)
                    .flag("no-map").end();
            tree.end();
        }
        distances();
        tree.begin("soc").cells("#address-cells", 2).cells("#size-cells", 2).strings("compatible", "simple-bus")
                .flag("ranges");
        board.interrupts().kind().describe(writer);
        board.fittings().forEach(fitting -> FittingTable.of(fitting).describe(fitting, writer));
        tree.end();
        board.fittings().forEach(fitting -> FittingTable.of(fitting).describeAtRoot(fitting, writer));
        tree.end();
        return tree.toBytes();
    }

    private void chosen(Chosen chosen) {
        tree.begin("chosen").strings("bootargs", chosen.arguments());
        board.fitting("uart").ifPresent(uart -> tree.strings("stdout-path", unit("/soc/serial", uart.basePa())));
        if (chosen.initrdEndPa() != 0) {
            tree.pairs("linux,initrd-start", chosen.initrdPa()).pairs("linux,initrd-end", chosen.initrdEndPa());
        }
        tree.end();
    }

    private void cpus() {
        boolean aia = board.interrupts().kind().aia();
        tree.begin("cpus").cells("#address-cells", 1).cells("#size-cells", 0)
                .cells("timebase-frequency", SimTime.PS_PER_S / board.timePeriodPs());
        for (int hart = 0; hart < board.harts(); hart++) {
            tree.begin("cpu@" + Integer.toHexString(hart)).strings("device_type", "cpu").cells("reg", hart)
                    .strings("status", "okay")
                    .strings("compatible", "riscv").strings("riscv,isa", HartIsa.string(aia, board.hartModel()))
                    .strings("riscv,isa-base", "rv64i")
                    .strings("riscv,isa-extensions", HartIsa.names(aia, board.hartModel()).split(" "))
                    .strings("mmu-type", "riscv,sv" + (12 + 9 * board.hartModel().pageLevels()))
                    .cells("riscv,cbom-block-size", CacheBlocks.BYTES)
                    .cells("riscv,cboz-block-size", CacheBlocks.BYTES)
                    .cells("riscv,cbop-block-size", CacheBlocks.BYTES)
                    .cells("numa-node-id", board.numaNodeOfHart(hart)).cells("phandle", writer.phandle(cpu(hart)));
            tree.begin("interrupt-controller").cells("#address-cells", 0).cells("#interrupt-cells", 1)
                    .flag("interrupt-controller")
                    .strings("compatible", "riscv,cpu-intc").cells("phandle", writer.phandle(hartLabel(hart))).end();
            tree.end();
        }
        coreMap();
        tree.end();
    }

    private static String cpu(int hart) {
        return "cpu" + hart;
    }

    /** One cluster for each NUMA node with harts (Linux, Documentation/devicetree/bindings/cpu/cpu-topology.txt). */
    private void coreMap() {
        tree.begin("cpu-map");
        int hart = 0;
        for (int cluster = 0; hart < board.harts(); cluster++) {
            tree.begin("cluster" + cluster);
            int node = board.numaNodeOfHart(hart);
            for (int core = 0; hart < board.harts() && board.numaNodeOfHart(hart) == node; core++) {
                tree.begin("core" + core);
                hart = core(hart);
                tree.end();
            }
            tree.end();
        }
        tree.end();
    }

    /** Writes the core that begins with {@code hart}; returns the first hart behind it. */
    private int core(int hart) {
        int threads = board.threadsPerCore();
        if (threads == 1) {
            tree.cells("cpu", writer.phandle(cpu(hart)));
            return hart + 1;
        }
        for (int thread = 0; thread < threads; thread++) {
            tree.begin("thread" + thread).cells("cpu", writer.phandle(cpu(hart + thread))).end();
        }
        return hart + threads;
    }

    private void distances() {
        int nodes = board.numaNodes();
        if (nodes == 1) {
            return;
        }
        long[] matrix = new long[3 * nodes * nodes];
        for (int from = 0; from < nodes; from++) {
            for (int to = 0; to < nodes; to++) {
                int at = 3 * (from * nodes + to);
                matrix[at] = from;
                matrix[at + 1] = to;
                matrix[at + 2] = board.numa().distance(from, to);
            }
        }
        tree.begin("distance-map").strings("compatible", "numa-distance-map-v1").cells("distance-matrix", matrix).end();
    }
}
