/**
 * What boards are fitted with (ADR 7): devices and interrupt controllers by kind, each with what builds it and what it
 * says in the device tree.
 *
 * <p>To add a kind of device: write a {@link calvin.machine.fitting.FittingKind} (how wide its window is, which
 * parameters it has, how it is built from a {@link calvin.machine.fitting.Fitting} and a {@link
 * calvin.machine.fitting.Workbench}, what it says to a {@link calvin.machine.fitting.TreeWriter}) and give it a row in
 * {@link calvin.machine.fitting.FittingTable}. Boards name it from then on, those in YAML too. To put it on the
 * {@code virt} or {@code hpc} board, add a fitting to the list in {@code machine.board.Boards}, with its address in
 * {@code AddressMap}.
 *
 * <p>What a device needs of the outside world (bytes of a disk, a port of a network) is not data of a board: it comes
 * by type and name from the {@link calvin.machine.fitting.Supplies} that the machine is built with.
 *
 * <p>To add an interrupt controller: write an {@link calvin.machine.fitting.InterruptKind} and give it a row in {@link
 * calvin.machine.fitting.InterruptTable}. Devices get their wire from {@link
 * calvin.machine.fitting.Workbench#wire(int)} and describe it by {@link
 * calvin.machine.fitting.TreeWriter#interrupt(Fitting)}, so they work with each.
 */
@Part(name = "machine.fitting", mayUse = {"machine.aia", "machine.bus", "machine.dev", "machine.disk",
    "machine.hart", "machine.iommu", "machine.isa", "machine.mem", "machine.pci", "machine.virtio",
    "machine.virtio.balloon", "machine.virtio.block", "machine.virtio.character", "machine.virtio.mmio",
    "machine.virtio.net", "machine.virtio.pci", "machine.virtio.share", "machine.virtio.socket", "sim.event",
    "sim.seed", "sim.wire"})
package calvin.machine.fitting;

import calvin.sim.state.Part;
