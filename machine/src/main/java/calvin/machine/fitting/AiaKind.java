package calvin.machine.fitting;

import calvin.machine.aia.Aplic;
import calvin.machine.aia.HartImsic;
import calvin.machine.aia.Imsic;
import calvin.machine.aia.MessageMap;
import calvin.machine.bus.IrqLine;
import calvin.machine.hart.HartModel;
import calvin.machine.hart.Status;
import calvin.machine.isa.Cause;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * An IMSIC at every hart and an APLIC that turns wires into messages, where QEMU's virt has them with {@code
 * aia=aplic-imsic}. Harts have Smaia and Ssaia.
 */
final class AiaKind implements InterruptKind {
    private static final long MACHINE_PA = 0x2400_0000L;
    private static final long SUPERVISOR_PA = 0x2800_0000L;
    private static final int IDENTITIES = 255;
    private static final String MACHINE_LABEL = "imsic_m";
    private static final String SUPERVISOR_LABEL = "imsic_s";

    /** Interrupt files of a hart at supervisor level: its own, and its guests'. */
    private static int files(HartModel model) {
        return 1 + model.guestFiles();
    }

    @Override
    public int lastWire() {
        return AplicNodes.SOURCES;
    }

    @Override
    public long[] windows(int harts, HartModel model) {
        long[] aplic = AplicNodes.windows(harts, false);
        return new long[]{aplic[0], aplic[1], aplic[2], aplic[3], MACHINE_PA, MACHINE_PA + Imsic.windowBytes(harts, 1),
            SUPERVISOR_PA, SUPERVISOR_PA + Imsic.windowBytes(harts, files(model))};
    }

    @Override
    public IntFunction<IrqLine> build(Workbench bench) {
        int harts = bench.harts();
        int files = files(bench.model());
        List<IrqLine> machineLines = new ArrayList<>();
        List<IrqLine> supervisorLines = new ArrayList<>();
        for (int hart = 0; hart < harts; hart++) {
            machineLines.add(bench.line(hart, Status.MEIP));
            supervisorLines.add(bench.line(hart, Status.SEIP));
            for (int guest = 1; guest < files; guest++) {
                supervisorLines.add(bench.hart(hart).guestLine(guest));
            }
        }
        Imsic machine = new Imsic(bench.stateName("imsic-m"), harts, 1, IDENTITIES, machineLines);
        Imsic supervisor = new Imsic(bench.stateName("imsic-s"), harts, files, IDENTITIES, supervisorLines);
        for (int hart = 0; hart < harts; hart++) {
            bench.hart(hart).attach(new HartImsic(hart, machine, supervisor));
        }
        MessageMap map = new MessageMap(MACHINE_PA, SUPERVISOR_PA, MessageMap.bits(harts), Imsic.fileBits(files));
        Aplic aplic = Aplic.messages(bench.stateName("aplic"), lastWire(), map, bench.dma());
        bench.add(MACHINE_PA, machine);
        bench.add(SUPERVISOR_PA, supervisor);
        AplicNodes.add(bench, aplic);
        return aplic::source;
    }

    @Override
    public void describe(TreeWriter tree) {
        int files = files(tree.model());
        begin(tree, MACHINE_PA, Imsic.windowBytes(tree.harts(), 1), MACHINE_LABEL);
        tree.machineLevel();
        tree.hartWires(Cause.MACHINE_EXTERNAL).end();
        begin(tree, SUPERVISOR_PA, Imsic.windowBytes(tree.harts(), files), SUPERVISOR_LABEL);
        if (files > 1) {
            tree.fdt().cells("riscv,guest-index-bits", Imsic.fileBits(files));
        }
        tree.hartWires(Cause.SUPERVISOR_EXTERNAL).end();
        AplicNodes.describe(tree, MACHINE_LABEL, SUPERVISOR_LABEL);
    }

    /** Linux, riscv,imsics.yaml. */
    private static void begin(TreeWriter tree, long pa, int bytes, String label) {
        tree.fdt().begin(TreeWriter.unit("imsics", pa)).strings("compatible", "riscv,imsics").pairs("reg", pa, bytes)
                .cells("#address-cells", 0).cells("#interrupt-cells", 0).flag("interrupt-controller")
                .cells("#msi-cells", 0).flag("msi-controller").cells("riscv,num-ids", IDENTITIES)
                .cells("phandle", tree.phandle(label));
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
    public Optional<String> messageLabel() {
        return Optional.of(SUPERVISOR_LABEL);
    }

    @Override
    public boolean aia() {
        return true;
    }

    @Override
    public long delegatingPa() {
        return AplicNodes.MACHINE_PA;
    }
}
