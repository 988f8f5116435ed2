package calvin.machine.fitting;

import calvin.machine.pci.PciHost;
import calvin.machine.virtio.VirtioDevice;
import calvin.machine.virtio.mmio.VirtioMmio;
import calvin.machine.virtio.pci.VirtioPci;
import java.util.ArrayList;
import java.util.List;

/**
 * A virtio device by either transport. Parameter {@code device} is its row in {@link VirtioTable}, which has further
 * parameters; on PCI also {@code host}, the name of the bridge (a fitting before it), and {@code slot}.
 */
enum VirtioKind implements FittingKind {
    MMIO, PCI;

    private static final String DEVICE = "device";
    private static final String HOST = "host";
    private static final String SLOT = "slot";

    @Override
    public long windowBytes(Fitting fitting) {
        return this == MMIO ? VirtioMmio.WINDOW_BYTES : 0;
    }

    @Override
    public List<String> parameters() {
        List<String> names = new ArrayList<>(VirtioTable.parameters());
        names.add(DEVICE);
        if (this == PCI) {
            names.add(HOST);
            names.add(SLOT);
        }
        return names;
    }

    @Override
    public List<String> problems(Fitting fitting) {
        List<String> problems = new ArrayList<>(VirtioTable.problems(fitting, fitting.parameter(DEVICE, "")));
        int slot = slot(fitting);
        if (this == PCI && (slot < 1 || slot >= PciHost.SLOTS)) {
            problems.add("slot is " + fitting.parameter(SLOT, "missing") + "; it must be 1 to " + (PciHost.SLOTS - 1));
        }
        return problems;
    }

    private static int slot(Fitting fitting) {
        String slot = fitting.parameter(SLOT, "");
        return slot.matches("[0-9]{1,2}") ? Integer.parseInt(slot) : -1;
    }

    @Override
    public void build(Fitting fitting, Workbench bench) {
        String name = bench.stateName(fitting.name());
        VirtioDevice device = VirtioTable.build(fitting, fitting.parameter(DEVICE, ""), bench);
        if (this == MMIO) {
            bench.add(fitting.basePa(), new VirtioMmio(name, bench.lane(), bench.dma(), false,
                    bench.wire(fitting.wire()), device));
            return;
        }
        VirtioPci card = new VirtioPci(name, bench.lane(), bench.dma(PciHost.requesterId(slot(fitting))),
                bench.translates(), device);
        bench.offered(PciHost.class, fitting.parameter(HOST, "pcie")).plug(slot(fitting), card);
        bench.lane().addPart(card);
    }

    /** Cards are found on their bus. */
    @Override
    public void describe(Fitting fitting, TreeWriter tree) {
        if (this == MMIO) {
            tree.begin("virtio_mmio", fitting, "virtio,mmio").flag("dma-coherent");
            tree.interrupt(fitting);
            tree.fdt().end();
        }
    }
}
