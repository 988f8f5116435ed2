package calvin.machine.virtio;

import calvin.machine.bus.Device;
import calvin.machine.bus.DeviceContractTest;
import calvin.machine.bus.IrqLine;
import calvin.machine.disk.ByteSource;
import calvin.machine.disk.Disk;
import calvin.machine.disk.DiskException;
import calvin.machine.disk.RawImage;
import calvin.machine.pci.PciCard;
import calvin.machine.pci.PciHost;
import calvin.machine.pci.PciWindow;
import calvin.machine.virtio.balloon.VirtioBalloon;
import calvin.machine.virtio.block.VirtioBlock;
import calvin.machine.virtio.character.VirtioConsole;
import calvin.machine.virtio.character.VirtioRng;
import calvin.machine.virtio.mmio.VirtioMmio;
import calvin.machine.virtio.net.VirtioNet;
import calvin.machine.virtio.pci.VirtioPci;
import calvin.machine.virtio.share.SharedFile;
import calvin.machine.virtio.share.SharedTree;
import calvin.machine.virtio.share.VirtioShare;
import calvin.sim.event.Lane;
import calvin.sim.seed.Seed;
import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;
import calvin.sim.wire.Port;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Nested;

/** Every virtio device on MMIO, and the PCI host's parts, keep the contract of devices. */
class VirtioContractTest {
    private static Device mmio(Lane lane, VirtioDevice device) {
        return new VirtioMmio("device", lane, new GuestRam(1 << 16), false, IrqLine.NONE, device);
    }

    private static VirtioRng rng() {
        return new VirtioRng(new Seed(1), VirtioRng.DEFAULT_COST);
    }

    @Nested
    class Block extends DeviceContractTest {
        @Override
        protected Device build(Lane lane) {
            try {
                Disk disk = Disk.of("disk", new RawImage(ByteSource.of(new byte[1 << 16], "zeros")), false);
                return mmio(lane, new VirtioBlock(disk, "serial", 2, VirtioBlock.DEFAULT_COST));
            } catch (DiskException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Nested
    class Rng extends DeviceContractTest {
        @Override
        protected Device build(Lane lane) {
            return mmio(lane, rng());
        }
    }

    @Nested
    class Console extends DeviceContractTest {
        @Override
        protected Device build(Lane lane) {
            return mmio(lane, new VirtioConsole((timePs, value) -> {
            }, VirtioConsole.DEFAULT_COST));
        }
    }

    @Nested
    class Balloon extends DeviceContractTest {
        @Override
        protected Device build(Lane lane) {
            return mmio(lane, new VirtioBalloon(pa -> {
            }, 5, VirtioBalloon.DEFAULT_COST));
        }
    }

    @Nested
    class Share extends DeviceContractTest {
        @Override
        protected Device build(Lane lane) {
            return mmio(lane, new VirtioShare("tag", new SharedTree("tree", SharedFile.folder("", 0755, 0, List.of()),
                    "empty"), VirtioShare.DEFAULT_COST));
        }
    }

    @Nested
    class Net extends DeviceContractTest {
        @Override
        protected Device build(Lane lane) {
            return mmio(lane, new VirtioNet(new DeadEnd(), 0x0200_0000_0001L, 1500, VirtioNet.DEFAULT_COST));
        }
    }

    /** Where frames vanish. */
    private static final class DeadEnd implements Port {
        @Override
        public int number() {
            return 1;
        }

        @Override
        public long freeAtPs() {
            return 0;
        }

        @Override
        public long durationPs(int frameBytes) {
            return frameBytes;
        }

        @Override
        public long send(long timePs, byte[] bytes, long origin) {
            return timePs + bytes.length;
        }
    }

    /** A device behind a host bridge, whose state is the bridge's and the card's. */
    private record Together(Device device, PciCard card) implements Device {
        @Override
        public calvin.machine.bus.RegisterMap registers() {
            return device.registers();
        }

        @Override
        public long load(long timePs, int offset, int widthBytes) {
            return device.load(timePs, offset, widthBytes);
        }

        @Override
        public void store(long timePs, int offset, int widthBytes, long value) {
            device.store(timePs, offset, widthBytes, value);
        }

        @Override
        public void reset() {
            device.reset();
            card.reset();
        }

        @Override
        public String stateName() {
            return "together";
        }

        @Override
        public void save(StateWriter out) {
            device.save(out);
            card.save(out);
        }

        @Override
        public void load(StateReader in) {
            device.load(in);
            card.load(in);
        }
    }

    private static VirtioPci card(Lane lane) {
        return new VirtioPci("card", lane, new GuestRam(1 << 16), false, rng());
    }

    private static PciHost host(PciCard card, int slot) {
        PciHost host = new PciHost("pcie", Collections.nCopies(4, IrqLine.NONE));
        host.plug(slot, card);
        return host;
    }

    @Nested
    class Ecam extends DeviceContractTest {
        @Override
        protected Device build(Lane lane) {
            VirtioPci card = card(lane);
            return new Together(host(card, 1), card);
        }
    }

    @Nested
    class Window extends DeviceContractTest {
        @Override
        protected Device build(Lane lane) {
            VirtioPci card = card(lane);
            // BAR 4 at 0 of a small window: most accesses reach its registers.
            PciHost host = host(card, 1);
            host.store(0, 1 << 15 | 4, 2, 6);
            return new Together(new PciWindow("window", host, 0, 0x4000), card);
        }

        /** The bridge's BAR is placed by software, so what is built here is not as after power-on. */
        @Override
        protected boolean resetsToPowerOn() {
            return false;
        }
    }

    @Nested
    class Bar extends DeviceContractTest {
        @Override
        protected Device build(Lane lane) {
            VirtioPci card = card(lane);
            return new Together(card.function().bar(4), card);
        }
    }

    @Nested
    class Msix extends DeviceContractTest {
        @Override
        protected Device build(Lane lane) {
            VirtioPci card = card(lane);
            return new Together(card.function().bar(1), card);
        }
    }
}
