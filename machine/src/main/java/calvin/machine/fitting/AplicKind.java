package calvin.machine.fitting;

import calvin.machine.aia.Aplic;
import calvin.machine.bus.IrqLine;
import calvin.machine.hart.HartModel;
import calvin.machine.hart.Status;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** An APLIC with a wire to every hart, as QEMU's virt has it with {@code aia=aplic}. Harts have no Smaia. */
final class AplicKind implements InterruptKind {
    @Override
    public int lastWire() {
        return AplicNodes.SOURCES;
    }

    @Override
    public long[] windows(int harts, HartModel model) {
        return AplicNodes.windows(harts, true);
    }

    @Override
    public IntFunction<IrqLine> build(Workbench bench) {
        Aplic aplic = Aplic.direct(bench.stateName("aplic"), lastWire(), lines(bench, Status.MEIP),
                lines(bench, Status.SEIP));
        AplicNodes.add(bench, aplic);
        return aplic::source;
    }

    private static List<IrqLine> lines(Workbench bench, long bit) {
        return IntStream.range(0, bench.harts()).mapToObj(hart -> bench.line(hart, bit)).toList();
    }

    @Override
    public void describe(TreeWriter tree) {
        AplicNodes.describe(tree);
    }

    @Override
    public String label() {
        return AplicNodes.LABEL;
    }

    @Override
    public long[] cells(int wire) {
        return AplicNodes.cells(wire);
    }

    @Override
    public long delegatingPa() {
        return AplicNodes.MACHINE_PA;
    }
}
