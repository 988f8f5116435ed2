package calvin.machine.fitting;

import calvin.machine.bus.IrqLine;
import calvin.machine.dev.Aclint;
import calvin.machine.hart.Status;
import calvin.machine.isa.Cause;
import java.util.List;
import java.util.stream.IntStream;

/** Software interrupts and timers of all harts at M level. */
final class ClintKind implements FittingKind {
    @Override
    public long windowBytes(Fitting fitting) {
        return Aclint.WINDOW_BYTES;
    }

    @Override
    public void build(Fitting fitting, Workbench bench) {
        bench.add(fitting.basePa(), new Aclint(bench.stateName(fitting.name()), bench.lane(), bench.timePeriodPs(),
                lines(bench, Status.MSIP), lines(bench, Status.MTIP)));
    }

    private static List<IrqLine> lines(Workbench bench, long bit) {
        return IntStream.range(0, bench.harts()).mapToObj(hart -> bench.line(hart, bit)).toList();
    }

    @Override
    public void describe(Fitting fitting, TreeWriter tree) {
        tree.begin("clint", fitting, "sifive,clint0", "riscv,clint0");
        tree.hartWires(Cause.MACHINE_SOFTWARE, Cause.MACHINE_TIMER).end();
    }
}
