package calvin.machine.fitting;

import calvin.machine.bus.IrqLine;
import calvin.machine.iommu.Iommu;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A RISC-V IOMMU: bus masters that take their {@link Workbench#dma(int)} by device id go through it. It must be fitted
 * before them. Its wire is the first of four in a row.
 */
final class IommuKind implements FittingKind {
    @Override
    public long windowBytes(Fitting fitting) {
        return Iommu.WINDOW_BYTES;
    }

    @Override
    public void build(Fitting fitting, Workbench bench) {
        List<IrqLine> wires = IntStream.range(0, Iommu.WIRES)
                .mapToObj(i -> fitting.wire() == 0 ? IrqLine.NONE : bench.wire(fitting.wire() + i)).toList();
        Iommu iommu = new Iommu(bench.stateName(fitting.name()), bench.memory(), bench.dma(), wires);
        bench.add(fitting.basePa(), iommu);
        bench.translate(iommu::port);
    }

    /** Linux, riscv,iommu.yaml. */
    @Override
    public void describe(Fitting fitting, TreeWriter tree) {
        tree.begin("iommu", fitting, "riscv,iommu").cells("#iommu-cells", 1)
                .cells("phandle", tree.phandle(fitting.name()));
        tree.interrupts().messageLabel().ifPresent(label -> tree.fdt().cells("msi-parent", tree.phandle(label)));
        if (fitting.wire() != 0) {
            long[] wires = IntStream.range(0, Iommu.WIRES)
                    .mapToObj(i -> tree.interrupts().cells(fitting.wire() + i))
                    .flatMapToLong(java.util.Arrays::stream).toArray();
            tree.fdt().cells("interrupts", wires).cells("interrupt-parent",
                    tree.phandle(tree.interrupts().label()));
        }
        tree.fdt().end();
    }
}
