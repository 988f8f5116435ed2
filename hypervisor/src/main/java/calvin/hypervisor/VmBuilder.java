package calvin.hypervisor;

import calvin.hypervisor.gpa.GStage;
import calvin.hypervisor.gpa.Regions;
import calvin.hypervisor.host.VmmHost;
import calvin.hypervisor.vcpu.GuestTime;
import calvin.hypervisor.vcpu.VcpuStruct;
import calvin.hypervisor.vcpu.WorldSwitch;
import calvin.hypervisor.vdev.Devices;
import calvin.hypervisor.vm.VmSpec;
import calvin.hypervisor.vm.VmState;
import calvin.hypervisor.vm.VmStruct;
import calvin.machine.hosted.HartPort;
import calvin.machine.hosted.HostedVector;
import calvin.machine.isa.Csr;
import calvin.sim.check.Check;
import calvin.sim.state.Memory;
import java.nio.charset.StandardCharsets;

/**
 * Makes a virtual machine from its specification: takes memory from the host, fills the control blocks, maps the
 * guest-physical address space and loads the guest. One step after the other, each of which may say what is wrong; then
 * nothing is left behind.
 */
final class VmBuilder {
    /** Exceptions that a guest takes itself: all that hedeleg lets it (priv H, hedeleg). */
    private static final long HEDELEG = 0xB1FF;
    /** VS-level software, timer and external interrupts (priv H, hideleg). */
    private static final long HIDELEG = 0x444;
    private static final long HSTATUS_SPVP = 1L << 8;
    private static final long HSTATUS_VTW = 1L << 21;
    /**
     * What a guest may reach by itself: sstateen0 and senvcfg. The select CSRs, interrupt files and scontext are not
     * switched, so a guest that names them exits (priv Smstateen).
     */
    private static final long HSTATEEN = 3L << 62;
    /**
     * STCE, PBMTE, ADUE, CBZE, CBCFE, CBIE = flush; bits that the firmware withholds read as zero (priv H, henvcfg).
     */
    private static final long HENVCFG = GuestTime.HENVCFG_STCE | 1L << 62 | 1L << 61 | 0xD0;
    /** UXL = 64 bits. */
    private static final long VSSTATUS = 2L << 32;
    private static final int VCPUS = 1;
    private static final int TREE_BYTES = 16384;

    private final HartPort port;
    private final VmmHost host;
    private final VmSpec spec;
    private final int number;
    private final Memory memory;

    VmBuilder(HartPort port, VmmHost host, VmSpec spec, int number) {
        this.port = port;
        this.host = host;
        this.spec = spec;
        this.number = number;
        memory = port.physical();
    }

    /** The built machine's control block, or 0 after a message on the console. */
    long build(long task) {
        long ramPa = allocateRam();
        if (ramPa == 0) {
            return refuse("the host has no " + (spec.memoryBytes() >> 20) + " MiB of contiguous memory for the guest");
        }
        int mode = GStage.modeFor(VmSpec.MEMORY_GPA + spec.memoryBytes());
        long rootOffset = roundUp((long) VmStruct.VCPU_STRIDE * (1 + VCPUS), GStage.ROOT_BYTES);
        long blockBytes = rootOffset + GStage.ROOT_BYTES + tableBytes(mode, ramPa);
        long vmAt = host.allocate(port, blockBytes, GStage.ROOT_BYTES, spec.numaNode());
        if (vmAt == 0) {
            host.free(port, ramPa, spec.memoryBytes());
            return refuse("the host has no " + (blockBytes >> 10) + " KiB for control blocks and page tables");
        }
        fill(vmAt, ramPa, blockBytes, rootOffset, mode);
        String problem = map(vmAt, mode);
        if (problem == null) {
            problem = probe(vmAt);
        }
        if (problem == null) {
            problem = boot(vmAt, task);
        }
        if (problem != null) {
            host.free(port, ramPa, spec.memoryBytes());
            host.free(port, vmAt, blockBytes);
            return refuse(problem);
        }
        VmStruct.state(memory, vmAt, VmState.STOPPED);
        return vmAt;
    }

    /** Aligned so that the largest leaves fit, if the host has such a range. */
    private long allocateRam() {
        if (spec.largestLeaf() >= VmSpec.GIGAPAGE && spec.memoryBytes() >= VmSpec.GIGAPAGE) {
            long pa = host.allocate(port, spec.memoryBytes(), VmSpec.GIGAPAGE, spec.numaNode());
            if (pa != 0) {
                return pa;
            }
        }
        return host.allocate(port, spec.memoryBytes(), VmSpec.MEGAPAGE, spec.numaNode());
    }

    private long tableBytes(int mode, long ramPa) {
        long bytes = GStage.tablesFor(mode, VmSpec.MEMORY_GPA, ramPa, spec.memoryBytes(), spec.largestLeaf());
        for (VmSpec.Direct direct : spec.directs()) {
            bytes += GStage.tablesFor(mode, direct.gpa(), direct.pa(), direct.bytes(), spec.largestLeaf());
        }
        if (spec.cardPa() != 0) {
            bytes += GStage.tablesFor(mode, Devices.CARD.gpa + Devices.CARD_PAGES_OFFSET,
                    spec.cardPa() + Devices.CARD_PAGES_OFFSET, Devices.CARD_PAGES_BYTES, VmSpec.PAGE);
        }
        return bytes;
    }

    private void fill(long vmAt, long ramPa, long blockBytes, long rootOffset, int mode) {
        VmStruct.MAGIC.set(memory, vmAt, VmStruct.MAGIC_VALUE);
        VmStruct.state(memory, vmAt, VmState.INVALID);
        VmStruct.NUMBER.set(memory, vmAt, number);
        VmStruct.BLOCK_BYTES.set(memory, vmAt, blockBytes);
        VmStruct.MEMORY_GPA.set(memory, vmAt, VmSpec.MEMORY_GPA);
        VmStruct.MEMORY_PA.set(memory, vmAt, ramPa);
        VmStruct.MEMORY_BYTES.set(memory, vmAt, spec.memoryBytes());
        VmStruct.ROOT_PA.set(memory, vmAt, vmAt + rootOffset);
        VmStruct.TABLES_PA.set(memory, vmAt, vmAt + rootOffset + GStage.ROOT_BYTES);
        VmStruct.TABLES_END.set(memory, vmAt, vmAt + blockBytes);
        VmStruct.HGATP.set(memory, vmAt, GStage.hgatp(mode, number, vmAt + rootOffset));
        VmStruct.LARGEST_LEAF.set(memory, vmAt, spec.largestLeaf());
        VmStruct.VCPUS.set(memory, vmAt, VCPUS);
        VmStruct.FLAGS.set(memory, vmAt, spec.flags());
        VmStruct.TIMEBASE_HZ.set(memory, vmAt, host.timebaseHz(port));
        VmStruct.NAME.set(memory, vmAt, spec.name().getBytes(StandardCharsets.US_ASCII));
    }

    private String map(long vmAt, int mode) {
        String problem = mapRange(vmAt, mode, VmSpec.MEMORY_GPA, VmStruct.MEMORY_PA.get(memory, vmAt),
                spec.memoryBytes(), GStage.RAM, spec.largestLeaf());
        boolean free = hook(vmAt, Devices.UART) && hook(vmAt, Devices.FINISHER);
        for (VmSpec.Direct direct : spec.directs()) {
            free = free && Regions.add(memory, vmAt, direct.gpa(), direct.bytes(), Regions.DIRECT, direct.pa());
            if (problem == null && free) {
                problem = mapRange(vmAt, mode, direct.gpa(), direct.pa(), direct.bytes(), GStage.DEVICE,
                        spec.largestLeaf());
            }
        }
        if (spec.cardPa() != 0) {
            long pagesGpa = Devices.CARD.gpa + Devices.CARD_PAGES_OFFSET;
            long pagesPa = spec.cardPa() + Devices.CARD_PAGES_OFFSET;
            free = free && hook(vmAt, Devices.CARD)
                    && Regions.add(memory, vmAt, pagesGpa, Devices.CARD_PAGES_BYTES, Regions.DIRECT, pagesPa);
            if (problem == null && free) {
                problem = mapRange(vmAt, mode, pagesGpa, pagesPa, Devices.CARD_PAGES_BYTES, GStage.DEVICE, VmSpec.PAGE);
            }
            Devices.attachCard(memory, vmAt, spec.cardPa());
        }
        return free
                ? problem
                : "ranges of guest-physical addresses overlap, or there are more than " + VmStruct.MAX_REGIONS;
    }

    private boolean hook(long vmAt, Devices device) {
        return Regions.add(memory, vmAt, device.gpa, device.bytes, device.ordinal(), 0);
    }

    private String mapRange(long vmAt, int mode, long gpa, long pa, long bytes, long permissions, long largestLeaf) {
        long end = VmStruct.TABLES_END.get(memory, vmAt);
        long next = GStage.map(memory, mode, VmStruct.ROOT_PA.get(memory, vmAt), VmStruct.TABLES_PA.get(memory, vmAt),
                end, gpa, pa, bytes, permissions, largestLeaf);
        VmStruct.TABLES_PA.set(memory, vmAt, Math.min(next, end));
        return next > end ? "page tables do not fit the space set aside for them" : null;
    }

    /** Asks the hart for what the guest needs of it; leaves the registers as they were. */
    private String probe(long vmAt) {
        long before = port.csr(Csr.HGATP.number);
        port.csr(Csr.HGATP.number, VmStruct.HGATP.get(memory, vmAt));
        boolean translates = port.csr(Csr.HGATP.number) == VmStruct.HGATP.get(memory, vmAt);
        port.csr(Csr.HGATP.number, before);
        if (!translates) {
            return "the hart does not have the G-stage mode " + (VmStruct.HGATP.get(memory, vmAt) >>> GStage.MODE_SHIFT)
                    + " of hgatp";
        }
        long henvcfg = port.csr(Csr.HENVCFG.number);
        port.csr(Csr.HENVCFG.number, HENVCFG);
        boolean timer = (port.csr(Csr.HENVCFG.number) & GuestTime.HENVCFG_STCE) != 0;
        port.csr(Csr.HENVCFG.number, henvcfg);
        return timer ? null : "guests need Sstc, which the firmware does not give (menvcfg.STCE)";
    }

    private String boot(long vmAt, long task) {
        for (VmSpec.BootFile file : spec.files()) {
            KernelImage.copy(memory, file.pa(), VmStruct.ramPa(memory, vmAt, file.gpa(), file.bytes()), file.bytes());
        }
        return switch (spec.guest()) {
            case VmSpec.Guest.ElfKernel elf -> {
                String problem = KernelImage.load(memory, vmAt, elf.imagePa(), elf.imageBytes());
                if (problem == null) {
                    fillVcpu(vmAt, task, KernelImage.entry(memory, elf.imagePa()), tree(vmAt, elf.arguments()));
                }
                yield problem;
            }
            case VmSpec.Guest.HostedKernel hosted -> {
                fillVcpu(vmAt, task, HostedVector.of(hosted.kernel(), HostedVector.BOOT), hosted.argument());
                yield null;
            }
        };
    }

    /** Puts a device tree at the end of guest RAM; returns its gpa. */
    private long tree(long vmAt, String arguments) {
        byte[] tree = GuestTree.of(spec, VmStruct.TIMEBASE_HZ.get(memory, vmAt), arguments);
        Check.that(tree.length <= TREE_BYTES, "a guest's device tree is too large", tree.length);
        long gpa = VmSpec.MEMORY_GPA + spec.memoryBytes() - TREE_BYTES;
        memory.write(VmStruct.ramPa(memory, vmAt, gpa, TREE_BYTES), tree, 0, tree.length);
        return gpa;
    }

    private void fillVcpu(long vmAt, long task, long pc, long a1) {
        long at = VmStruct.vcpuAt(vmAt, 0);
        VcpuStruct.MAGIC.set(memory, at, VcpuStruct.MAGIC_VALUE);
        VcpuStruct.VM.set(memory, at, vmAt);
        VcpuStruct.TASK.set(memory, at, task);
        VcpuStruct.BOOT_PC.set(memory, at, pc);
        VcpuStruct.BOOT_A0.set(memory, at, 0);
        VcpuStruct.BOOT_A1.set(memory, at, a1);
        boolean stays = (spec.flags() & VmSpec.GREEDY) != 0;
        VcpuStruct.CSRS.set(memory, at, WorldSwitch.HSTATUS, HSTATUS_SPVP | (stays ? 0 : HSTATUS_VTW));
        VcpuStruct.CSRS.set(memory, at, WorldSwitch.HEDELEG, HEDELEG);
        VcpuStruct.CSRS.set(memory, at, WorldSwitch.HIDELEG, HIDELEG);
        VcpuStruct.CSRS.set(memory, at, WorldSwitch.HCOUNTEREN, 0xFFFF_FFFFL);
        VcpuStruct.CSRS.set(memory, at, WorldSwitch.HTIMEDELTA, -port.time());
        VcpuStruct.CSRS.set(memory, at, WorldSwitch.HENVCFG, HENVCFG);
        VcpuStruct.CSRS.set(memory, at, WorldSwitch.HSTATEEN, HSTATEEN);
        VcpuStruct.CSRS.set(memory, at, WorldSwitch.HGATP, VmStruct.HGATP.get(memory, vmAt));
        VcpuStruct.CSRS.set(memory, at, WorldSwitch.VSSTATUS, VSSTATUS);
        VcpuStruct.CSRS.set(memory, at, WorldSwitch.VSTIMECMP, GuestTime.NEVER);
    }

    private long refuse(String why) {
        host.log(port, "hypervisor: no VM \"" + spec.name() + "\": " + why);
        return 0;
    }

    private static long roundUp(long value, long unit) {
        return (value + unit - 1) / unit * unit;
    }
}
