package calvin.machine.board;

import calvin.machine.dev.Aclint;
import calvin.machine.dev.Finisher;
import calvin.machine.dev.Plic;
import calvin.machine.hart.CacheBlocks;
import calvin.machine.hart.HartIsa;
import calvin.machine.isa.Cause;
import calvin.machine.mem.RamRegion;
import calvin.sim.time.SimTime;

/**
 * The device tree of a board: cpus, memory, NUMA distances, serial port, interrupt controllers, finisher, chosen. Names
 * and properties are those of QEMU's virt machine, which Linux and OpenSBI know (Linux, Documentation/devicetree).
 */
final class DeviceTree {
    private static final int PLIC_PHANDLE = 1;
    private static final int FINISHER_PHANDLE = 2;
    /** Of hart 0's own interrupt controller; the others follow. */
    private static final int CPU_PHANDLE = 3;
    /** Relative NUMA distances as ACPI and Linux count them: 10 is local. */
    private static final int LOCAL = 10;
    private static final int REMOTE = 20;
    private static final long UART_CLOCK_HZ = 3_686_400;

    private DeviceTree() {}

    static byte[] of(BoardSpec board, Chosen chosen) {
        Fdt tree = new Fdt();
        tree.begin("").cells("#address-cells", 2).cells("#size-cells", 2)
                .strings("compatible", "calvin," + board.name(), "riscv-virtio")
                .strings("model", "calvin," + board.name());
        tree.begin("chosen").strings("bootargs", chosen.arguments())
                .strings("stdout-path", unit("/soc/serial", AddressMap.UART));
        if (chosen.initrdEndPa() != 0) {
            tree.pairs("linux,initrd-start", chosen.initrdPa()).pairs("linux,initrd-end", chosen.initrdEndPa());
        }
        tree.end();
        cpus(tree, board);
        for (RamRegion region : board.memory()) {
            tree.begin(unit("memory", region.basePa())).strings("device_type", "memory")
                    .pairs("reg", region.basePa(), region.sizeBytes()).cells("numa-node-id", region.numaNode()).end();
        }
        tree.begin("reserved-memory").cells("#address-cells", 2).cells("#size-cells", 2).flag("ranges");
        tree.begin(unit("firmware", AddressMap.RAM)).pairs("reg", AddressMap.RAM, AddressMap.FIRMWARE_BYTES)
                .flag("no-map").end();
        tree.end();
        distances(tree, board);
        devices(tree, board);
        tree.end();
        return tree.toBytes();
    }

    private static String unit(String name, long pa) {
        return name + "@" + Long.toHexString(pa);
    }

    private static void cpus(Fdt tree, BoardSpec board) {
        tree.begin("cpus").cells("#address-cells", 1).cells("#size-cells", 0)
                .cells("timebase-frequency", SimTime.PS_PER_S / board.timePeriodPs());
        for (int hart = 0; hart < board.harts(); hart++) {
            tree.begin("cpu@" + Integer.toHexString(hart)).strings("device_type", "cpu").cells("reg", hart)
                    .strings("status", "okay")
                    .strings("compatible", "riscv").strings("riscv,isa", HartIsa.string())
                    .strings("riscv,isa-base", "rv64i")
                    .strings("riscv,isa-extensions", HartIsa.names().split(" ")).strings("mmu-type", "riscv,sv57")
                    .cells("riscv,cbom-block-size", CacheBlocks.BYTES)
                    .cells("riscv,cboz-block-size", CacheBlocks.BYTES)
                    .cells("riscv,cbop-block-size", CacheBlocks.BYTES)
                    .cells("numa-node-id", board.numaNodeOfHart(hart));
            tree.begin("interrupt-controller").cells("#address-cells", 0).cells("#interrupt-cells", 1)
                    .flag("interrupt-controller")
                    .strings("compatible", "riscv,cpu-intc").cells("phandle", CPU_PHANDLE + hart).end();
            tree.end();
        }
        tree.end();
    }

    private static void distances(Fdt tree, BoardSpec board) {
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
                matrix[at + 2] = from == to ? LOCAL : REMOTE;
            }
        }
        tree.begin("distance-map").strings("compatible", "numa-distance-map-v1").cells("distance-matrix", matrix).end();
    }

    private static void devices(Fdt tree, BoardSpec board) {
        tree.begin("soc").cells("#address-cells", 2).cells("#size-cells", 2).strings("compatible", "simple-bus")
                .flag("ranges");
        tree.begin(unit("serial", AddressMap.UART)).strings("compatible", "ns16550a")
                .pairs("reg", AddressMap.UART, 0x100).cells("clock-frequency", UART_CLOCK_HZ)
                .cells("interrupts", AddressMap.UART_IRQ).cells("interrupt-parent", PLIC_PHANDLE).end();
        tree.begin(unit("test", AddressMap.FINISHER)).strings("compatible", "sifive,test1", "sifive,test0", "syscon")
                .pairs("reg", AddressMap.FINISHER, 0x1000).cells("phandle", FINISHER_PHANDLE).end();
        tree.begin(unit("clint", AddressMap.CLINT)).strings("compatible", "sifive,clint0", "riscv,clint0")
                .pairs("reg", AddressMap.CLINT, Aclint.WINDOW_BYTES)
                .cells("interrupts-extended", wires(board, Cause.MACHINE_SOFTWARE, Cause.MACHINE_TIMER)).end();
        tree.begin(unit("plic", AddressMap.PLIC)).strings("compatible", "sifive,plic-1.0.0", "riscv,plic0")
                .pairs("reg", AddressMap.PLIC, Plic.WINDOW_BYTES).cells("#address-cells", 0)
                .cells("#interrupt-cells", 1).flag("interrupt-controller").cells("riscv,ndev", Plic.SOURCES - 1)
                .cells("interrupts-extended", wires(board, Cause.MACHINE_EXTERNAL, Cause.SUPERVISOR_EXTERNAL))
                .cells("phandle", PLIC_PHANDLE).end();
        tree.end();
        command(tree, "poweroff", Finisher.PASS);
        command(tree, "reboot", Finisher.RESET);
    }

    /** A word whose writing to the finisher turns the machine off or restarts it. */
    private static void command(Fdt tree, String name, int value) {
        tree.begin(name).strings("compatible", "syscon-" + name).cells("regmap", FINISHER_PHANDLE).cells("offset", 0)
                .cells("value", value).end();
    }

    /** Two wires to each hart, by the codes of the interrupts they cause there. */
    private static long[] wires(BoardSpec board, Cause first, Cause second) {
        long[] wires = new long[4 * board.harts()];
        for (int hart = 0; hart < board.harts(); hart++) {
            wires[4 * hart] = CPU_PHANDLE + hart;
            wires[4 * hart + 1] = first.code;
            wires[4 * hart + 2] = CPU_PHANDLE + hart;
            wires[4 * hart + 3] = second.code;
        }
        return wires;
    }
}
