package calvin.machine.fitting;

import calvin.machine.aia.Aplic;
import calvin.machine.aia.AplicDomain;
import calvin.machine.isa.Cause;

/** Where QEMU's virt has the APLIC, and what the device tree says of its domains (Linux, riscv,aplic.yaml). */
final class AplicNodes {
    static final long MACHINE_PA = 0xC00_0000L;
    static final long SUPERVISOR_PA = 0xD00_0000L;
    /** Sources are 1 to this. */
    static final int SOURCES = 96;
    static final String LABEL = "aplic_s";
    private static final String MACHINE_LABEL = "aplic_m";
    /** Active while high (Linux, interrupt-controller/irq.h). */
    private static final long LEVEL_HIGH = 4;

    private AplicNodes() {}

    /** @param direct it has a wire to every hart; else it sends messages */
    static long[] windows(int harts, boolean direct) {
        int bytes = AplicDomain.windowBytes(direct ? harts : 0);
        return new long[]{MACHINE_PA, MACHINE_PA + bytes, SUPERVISOR_PA, SUPERVISOR_PA + bytes};
    }

    static void add(Workbench bench, Aplic aplic) {
        bench.add(MACHINE_PA, aplic.machine());
        bench.add(SUPERVISOR_PA, aplic.supervisor());
    }

    static long[] cells(int wire) {
        return new long[]{wire, LEVEL_HIGH};
    }

    /** Both nodes with wires to every hart. */
    static void describe(TreeWriter tree) {
        int bytes = AplicDomain.windowBytes(tree.harts());
        beginMachine(tree, bytes);
        tree.hartWires(Cause.MACHINE_EXTERNAL).end();
        begin(tree, SUPERVISOR_PA, bytes, LABEL);
        tree.hartWires(Cause.SUPERVISOR_EXTERNAL).end();
    }

    /** Both nodes, sending to the nodes with these labels. */
    static void describe(TreeWriter tree, String machineFiles, String supervisorFiles) {
        int bytes = AplicDomain.windowBytes(0);
        beginMachine(tree, bytes);
        tree.fdt().cells("msi-parent", tree.phandle(machineFiles)).end();
        begin(tree, SUPERVISOR_PA, bytes, LABEL);
        tree.fdt().cells("msi-parent", tree.phandle(supervisorFiles)).end();
    }

    private static void beginMachine(TreeWriter tree, int bytes) {
        begin(tree, MACHINE_PA, bytes, MACHINE_LABEL);
        long child = tree.phandle(LABEL);
        // The binding's name, and the one that firmware of before knows.
        tree.fdt().cells("riscv,children", child).cells("riscv,delegation", child, 1, SOURCES)
                .cells("riscv,delegate", child, 1, SOURCES);
        tree.machineLevel();
    }

    private static void begin(TreeWriter tree, long pa, int bytes, String label) {
        tree.fdt().begin(TreeWriter.unit("aplic", pa)).strings("compatible", "riscv,aplic").pairs("reg", pa, bytes)
                .cells("#address-cells", 0).cells("#interrupt-cells", 2).flag("interrupt-controller")
                .cells("riscv,num-sources", SOURCES).cells("phandle", tree.phandle(label));
    }
}
