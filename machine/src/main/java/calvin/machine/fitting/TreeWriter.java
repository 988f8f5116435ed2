package calvin.machine.fitting;

import calvin.machine.hart.HartModel;
import calvin.machine.isa.Cause;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A device tree being written, and what its nodes say of each other (Devicetree Specification 0.4). */
public final class TreeWriter {
    private final Fdt tree = new Fdt();
    private final Map<String, Integer> phandles = new LinkedHashMap<>();
    private final InterruptKind interrupts;
    private final int harts;
    private final HartModel model;
    private final boolean forFirmware;
    private final Optional<String> iommu;

    /**
     * @param forFirmware M-level software reads the tree too, and tells S level what to leave alone
     * @param iommu       label of the board's IOMMU
     */
    public TreeWriter(InterruptKind interrupts, int harts, HartModel model, boolean forFirmware,
            Optional<String> iommu) {
        this.interrupts = interrupts;
        this.harts = harts;
        this.model = model;
        this.forFirmware = forFirmware;
        this.iommu = iommu;
    }

    /** Says in the open node that S-level software must leave the device alone, where no firmware will say so. */
    public void machineLevel() {
        if (!forFirmware) {
            tree.strings("status", "disabled");
        }
    }

    /** The tree itself, open at the node where something is to be written. */
    public Fdt fdt() {
        return tree;
    }

    public int harts() {
        return harts;
    }

    /** What every hart is like. */
    public HartModel model() {
        return model;
    }

    /** Label of the board's IOMMU, for {@code iommus} and {@code iommu-map}; empty where it has none. */
    public Optional<String> iommu() {
        return iommu;
    }

    /** The number by which nodes refer to the node with this label; the node itself must have it as its phandle. */
    public int phandle(String label) {
        return phandles.computeIfAbsent(label, name -> phandles.size() + 1);
    }

    /** The label of a hart's own interrupt controller. */
    public static String hartLabel(int hart) {
        return "cpu" + hart + "/intc";
    }

    /** A node's name with its address. */
    public static String unit(String name, long pa) {
        return name + "@" + Long.toHexString(pa);
    }

    /** Opens a device's node {@code name@address} with {@code compatible} and {@code reg}. */
    public Fdt begin(String name, Fitting fitting, String... compatible) {
        return tree.begin(unit(name, fitting.basePa())).strings("compatible", compatible)
                .pairs("reg", fitting.basePa(), FittingTable.of(fitting).windowBytes(fitting));
    }

    /** Writes {@code interrupts} and {@code interrupt-parent} for the fitting's wire, if it has one. */
    public void interrupt(Fitting fitting) {
        if (fitting.wire() != 0) {
            tree.cells("interrupts", interrupts.cells(fitting.wire())).cells("interrupt-parent",
                    phandle(interrupts.label()));
        }
    }

    /** The board's interrupt controller, for {@code interrupt-map}, {@code msi-map} and {@code msi-parent}. */
    public InterruptKind interrupts() {
        return interrupts;
    }

    /** {@code interrupts-extended} with wires into every hart, by the codes of the interrupts they cause there. */
    public Fdt hartWires(Cause... causes) {
        long[] wires = new long[2 * causes.length * harts];
        int at = 0;
        for (int hart = 0; hart < harts; hart++) {
            for (Cause cause : causes) {
                wires[at++] = phandle(hartLabel(hart));
                wires[at++] = cause.code;
            }
        }
        return tree.cells("interrupts-extended", wires);
    }
}
