package calvin.machine.fitting;

import calvin.machine.bus.IrqLine;
import calvin.machine.pci.PciHost;
import calvin.machine.pci.PciWindow;
import java.util.ArrayList;
import java.util.List;

/**
 * A PCI Express host bridge. Its wire is the first of four. Parameters: {@code low} and {@code low-bytes}, the window
 * for 32-bit BARs, {@code high} and {@code high-bytes}, that for 64-bit ones; addresses and sizes in hexadecimal.
 * QEMU's board has the same with 16 GiB above; here a window has 1 GiB at most.
 */
final class PciHostKind implements FittingKind {
    private static final long GIB = 1L << 30;

    /** A window's place. */
    private record Range(long basePa, long bytes) {
        static Range of(Fitting fitting, String name, long basePa, long bytes) {
            return new Range(Long.parseLong(fitting.parameter(name, Long.toHexString(basePa)), 16),
                    Long.parseLong(fitting.parameter(name + "-bytes", Long.toHexString(bytes)), 16));
        }
    }

    private static Range low(Fitting fitting) {
        return Range.of(fitting, "low", 0x4000_0000L, GIB);
    }

    private static Range high(Fitting fitting) {
        return Range.of(fitting, "high", 0x4_0000_0000L, GIB);
    }

    @Override
    public long windowBytes(Fitting fitting) {
        return PciHost.ECAM_BYTES;
    }

    @Override
    public List<String> parameters() {
        return List.of("low", "low-bytes", "high", "high-bytes");
    }

    @Override
    public List<String> problems(Fitting fitting) {
        List<String> problems = new ArrayList<>();
        for (String name : parameters()) {
            if (!fitting.parameter(name, "1000").matches("[0-9a-f]{1,15}")) {
                problems.add(name + " is not a hexadecimal number");
            }
        }
        if (!problems.isEmpty()) {
            return problems;
        }
        for (Range range : List.of(low(fitting), high(fitting))) {
            if (range.bytes < 0x1000 || range.bytes > GIB || range.bytes % 0x1000 != 0 || range.basePa % 0x1000 != 0) {
                problems.add("a window has whole pages, up to 1 GiB");
            }
        }
        if (low(fitting).basePa + low(fitting).bytes > 1L << 32) {
            problems.add("the low window does not end below 4 GiB");
        }
        if (fitting.wire() == 0) {
            problems.add("a host bridge has four wires");
        }
        return problems;
    }

    @Override
    public void build(Fitting fitting, Workbench bench) {
        List<IrqLine> wires = new ArrayList<>();
        for (int i = 0; i < PciHost.WIRES; i++) {
            wires.add(bench.wire(fitting.wire() + i));
        }
        String name = bench.stateName(fitting.name());
        PciHost host = new PciHost(name, wires);
        bench.add(fitting.basePa(), host);
        Range low = low(fitting);
        bench.add(low.basePa, new PciWindow(name + "/low", host, low.basePa, (int) low.bytes));
        Range high = high(fitting);
        bench.add(high.basePa, new PciWindow(name + "/high", host, high.basePa, (int) high.bytes));
        bench.offer(PciHost.class, fitting.name(), host);
    }

    /** Linux, Documentation/devicetree/bindings/pci/host-generic-pci.yaml; interrupt-map as QEMU's. */
    @Override
    public void describe(Fitting fitting, TreeWriter tree) {
        Range low = low(fitting);
        Range high = high(fitting);
        tree.begin("pci", fitting, "pci-host-ecam-generic").strings("device_type", "pci").cells("#address-cells", 3)
                .cells("#size-cells", 2).cells("#interrupt-cells", 1).cells("linux,pci-domain", 0)
                .cells("bus-range", 0, 0xFF).flag("dma-coherent")
                .cells("ranges", 0x0200_0000L, low.basePa >>> 32, low.basePa, low.basePa >>> 32, low.basePa,
                        low.bytes >>> 32, low.bytes,
                        0x0300_0000L, high.basePa >>> 32, high.basePa, high.basePa >>> 32, high.basePa,
                        high.bytes >>> 32, high.bytes)
                .cells("interrupt-map-mask", 0x1800, 0, 0, 7);
        int cells = tree.interrupts().cells(1).length;
        int row = 5 + cells;
        long[] map = new long[16 * row];
        int at = 0;
        for (int slot = 0; slot < PciHost.WIRES; slot++) {
            for (int pin = 1; pin <= PciHost.WIRES; pin++) {
                long[] wire = tree.interrupts().cells(fitting.wire() + (slot + pin - 1) % PciHost.WIRES);
                map[at] = (long) slot << 11;
                map[at + 3] = pin;
                map[at + 4] = tree.phandle(tree.interrupts().label());
                System.arraycopy(wire, 0, map, at + 5, cells);
                at += row;
            }
        }
        tree.fdt().cells("interrupt-map", map);
        // Requester ids are device ids.
        tree.iommu().ifPresent(label -> tree.fdt().cells("iommu-map", 0, tree.phandle(label), 0, 0x1_0000));
        tree.interrupts().messageLabel().ifPresent(label -> tree.fdt().cells("msi-parent", tree.phandle(label)));
        tree.fdt().end();
    }
}
