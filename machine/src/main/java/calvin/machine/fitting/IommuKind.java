package calvin.machine.fitting;

import calvin.machine.bus.IrqLine;
import calvin.machine.iommu.Iommu;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A RISC-V IOMMU: bus masters that take their {@link Workbench#dma(int)} by device id go through it. Its wire is the
 * first of four in a row. Parameter {@code reset}: {@code off}, as the specification recommends, lets no device through
 * until software sets it up; {@code bare} lets all through untranslated.
 */
final class IommuKind implements FittingKind {
    private static final String RESET = "reset";
    private static final String OFF = "off";
    private static final String BARE = "bare";

    @Override
    public long windowBytes(Fitting fitting) {
        return Iommu.WINDOW_BYTES;
    }

    @Override
    public boolean comesFirst() {
        return true;
    }

    @Override
    public List<String> parameters() {
        return List.of(RESET);
    }

    @Override
    public List<String> problems(Fitting fitting) {
        String reset = fitting.parameter(RESET, OFF);
        return reset.equals(OFF) || reset.equals(BARE)
                ? List.of()
                : List.of("reset is " + reset + "; there are " + OFF + " and " + BARE);
    }

    @Override
    public void build(Fitting fitting, Workbench bench) {
        List<IrqLine> wires = IntStream.range(0, Iommu.WIRES)
                .mapToObj(i -> fitting.wire() == 0 ? IrqLine.NONE : bench.wire(fitting.wire() + i)).toList();
        Iommu iommu = new Iommu(bench.stateName(fitting.name()), bench.memory(), bench.dma(), wires,
                fitting.parameter(RESET, OFF).equals(BARE));
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
