package calvin.machine.fitting;

import calvin.machine.bus.IrqLine;
import calvin.machine.dev.Plic;
import calvin.machine.hart.HartModel;
import calvin.machine.hart.Status;
import calvin.machine.isa.Cause;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** The PLIC, where QEMU's virt has it. */
final class PlicKind implements InterruptKind {
    private static final long BASE_PA = 0xC00_0000L;

    @Override
    public int lastWire() {
        return Plic.SOURCES - 1;
    }

    @Override
    public long[] windows(int harts, HartModel model) {
        return new long[]{BASE_PA, BASE_PA + Plic.WINDOW_BYTES};
    }

    @Override
    public IntFunction<IrqLine> build(Workbench bench) {
        List<IrqLine> contexts = new ArrayList<>();
        for (int hart = 0; hart < bench.harts(); hart++) {
            contexts.add(bench.line(hart, Status.MEIP));
            contexts.add(bench.line(hart, Status.SEIP));
        }
        Plic plic = new Plic(bench.stateName("plic"), contexts);
        bench.add(BASE_PA, plic);
        return plic::source;
    }

    @Override
    public void describe(TreeWriter tree) {
        tree.fdt().begin(TreeWriter.unit("plic", BASE_PA)).strings("compatible", "sifive,plic-1.0.0", "riscv,plic0")
                .pairs("reg", BASE_PA, Plic.WINDOW_BYTES).cells("#address-cells", 0)
                .cells("#interrupt-cells", 1).flag("interrupt-controller").cells("riscv,ndev", lastWire());
        tree.hartWires(Cause.MACHINE_EXTERNAL, Cause.SUPERVISOR_EXTERNAL).cells("phandle", tree.phandle(label()))
                .end();
    }

    @Override
    public String label() {
        return "plic";
    }

    @Override
    public long[] cells(int wire) {
        return new long[]{wire};
    }
}
