package calvin.enclave;

import calvin.enclave.Workload.VmMemory;
import calvin.hypervisor.vm.VmSpec;
import calvin.hypervisor.vm.VmSpecStruct;
import calvin.lwk.abi.BootParams;
import calvin.lwk.abi.BootParamsWriter;
import calvin.lwk.abi.Job;
import calvin.lwk.abi.JobStruct;
import calvin.lwk.boot.Kitten;
import calvin.lwk.vmm.Hypervisor;
import calvin.machine.board.AddressMap;
import calvin.machine.board.BoardSpec;
import calvin.machine.board.Machine;
import calvin.machine.elf.ElfException;
import calvin.machine.elf.ElfFile;
import calvin.machine.elf.ElfSegment;
import calvin.machine.hosted.HostedVector;
import calvin.machine.mem.RamRegion;
import calvin.machine.nic.RdmaCard;
import calvin.machine.sbi.SbiFirmware;
import calvin.sim.event.Lane;
import calvin.sim.state.Block;
import calvin.sim.time.SimTime;
import java.util.ArrayList;
import java.util.List;

/** Builds one node: checks, machine, card, memory contents, start. */
final class NodeBuilder {
    /** Number of the lightweight kernel in the window of hosted kernels; the firmware is 0. */
    private static final int LWK = 1;
    private static final long PAGE = 4096;
    private static final long MEGAPAGE = 2L << 20;
    /** The kernel takes an eighth of its memory, a power of two between these, for its heap; and a little more. */
    private static final long MIN_KERNEL_HEAP_BYTES = 1L << 20;
    private static final long MAX_KERNEL_HEAP_BYTES = 64L << 20;
    private static final int KERNEL_SHARE = 8;
    private static final long KERNEL_EXTRA_BYTES = 1L << 20;
    /** Lists and strings of boot parameters of one task, more than enough. */
    private static final long PARAMETER_BYTES = 64L << 10;

    private final Lane lane;
    private final BoardSpec board;
    private final NodeSpec spec;
    private final NodeWiring wiring;
    private final SharedImages shared;
    private final MemoryNeed need = new MemoryNeed();

    NodeBuilder(Lane lane, BoardSpec board, NodeSpec spec, NodeWiring wiring, SharedImages shared) {
        this.shared = shared;
        this.lane = lane;
        this.board = board;
        this.spec = spec;
        this.wiring = wiring;
    }

    Node build() {
        if (!board.problems().isEmpty()) {
            throw new NodeException(spec.hostname() + ": " + String.join("; ", board.problems()));
        }
        if (spec.card().isPresent() != (wiring.port() != null)) {
            throw new NodeException(spec.hostname() + " needs a port exactly when it has a card");
        }
        need.add(AddressMap.FIRMWARE_BYTES, "the firmware");
        return switch (spec.workload()) {
            case Workload.Lwk lwk -> lwk(lwk.tasks());
            case Workload.LwkInVm vm -> lwkInVm(vm);
            case Workload.KernelInVm vm -> kernelInVm(vm);
            case Workload.Kernel kernel -> supervisor(kernel);
            case Workload.BareMetal program -> bareMetal(program);
        };
    }

    private Node lwk(List<TaskSpec> tasks) {
        kernelNeeds(need, board.memoryBytes(), tasks, "");
        need.check(spec.hostname(), board.memoryBytes());
        Machine machine = machine();
        Images images = new Images(AddressMap.KERNEL);
        List<Job> jobs = jobs(tasks, images);
        shared.write(images, machine.memory());
        RdmaCard card = card(machine);
        boot(machine, AddressMap.KERNEL, images.endPa(), jobs, card != null);
        return new Node(machine, card, names(tasks), List.of(), 0);
    }

    private Node lwkInVm(Workload.LwkInVm vm) {
        MemoryNeed guestNeed = new MemoryNeed();
        kernelNeeds(guestNeed, vm.memory().bytes(), vm.tasks(), "");
        guestNeed.check("the virtual machine of " + spec.hostname(), vm.memory().bytes());
        kernelNeeds(need, board.memoryBytes(), vm.hostTasks(), "the host's ");
        guestNeeds(vm.memory());
        Images images = new Images(AddressMap.KERNEL);
        // The guest sees the same files at the beginning of its memory.
        Images guestImages = new Images(VmSpec.MEMORY_GPA);
        List<Job> guestJobs = jobs(vm.tasks(), guestImages);
        byte[] files = contents(guestImages);
        Job.Content.Placed filesPlace = images.place(files);
        List<Job> hostJobs = jobs(vm.hostTasks(), images);
        byte[] parameters = guestParameters(vm.memory(), guestImages.endPa(), guestJobs);
        need.add(files.length + parameters.length, "the guest's files");
        need.check(spec.hostname(), board.memoryBytes());
        Images own = new Images(images.endPa());
        Job.Content.Placed parametersPlace = own.place(parameters);
        VmSpec vmSpec = new VmSpec(Node.VM, vm.memory().bytes(), leaf(vm.memory()), -1, flags(),
                new VmSpec.Guest.HostedKernel(LWK, guestImages.endPa()),
                List.of(new VmSpec.BootFile(filesPlace.pa(), files.length, VmSpec.MEMORY_GPA),
                        new VmSpec.BootFile(parametersPlace.pa(), parameters.length, guestImages.endPa())),
                List.of(), spec.card().isPresent() ? AddressMap.RDMA : 0);
        return host(names(vm.hostTasks()), hostJobs, names(vm.tasks()), images, own, vmSpec);
    }

    private Node kernelInVm(Workload.KernelInVm vm) {
        kernelNeeds(need, board.memoryBytes(), vm.hostTasks(), "the host's ");
        guestNeeds(vm.memory());
        need.add(vm.elf().length, "the guest's kernel file");
        need.check(spec.hostname(), board.memoryBytes());
        parse(vm.name(), vm.elf());
        Images images = new Images(AddressMap.KERNEL);
        Job.Content.Placed elf = images.place(vm.elf());
        List<Job> hostJobs = jobs(vm.hostTasks(), images);
        VmSpec vmSpec = new VmSpec(Node.VM, vm.memory().bytes(), leaf(vm.memory()), -1, flags(),
                new VmSpec.Guest.ElfKernel(elf.pa(), elf.bytes(), vm.arguments()), List.of(), List.of(),
                spec.card().isPresent() ? AddressMap.RDMA : 0);
        return host(names(vm.hostTasks()), hostJobs, List.of(), images, new Images(images.endPa()), vmSpec);
    }

    /**
     * A lightweight kernel with these jobs and, after them, a virtual machine.
     *
     * @param images files that nodes of this kind have in common
     * @param own    files of this node, behind them
     */
    private Node host(List<String> names, List<Job> jobs, List<String> guestTasks, Images images, Images own,
            VmSpec vmSpec) {
        String problem = vmSpec.problem();
        if (problem != null) {
            throw new NodeException("the virtual machine of " + spec.hostname() + ": " + problem);
        }
        Machine machine = machine();
        shared.write(images, machine.memory());
        RdmaCard card = card(machine);
        Block config = new Block(VmSpecStruct.S.sizeBytes());
        vmSpec.write(config, 0);
        byte[] configBytes = new byte[config.sizeBytes()];
        config.read(0, configBytes, 0, configBytes.length);
        Job.Content.Placed configPlace = own.place(configBytes);
        jobs.add(new Job.Guest(Node.VM, JobStruct.ANY_HART, configPlace));
        own.write(machine.memory());
        // The files are the hypervisor's to read, and the kernel is not given their memory. The card, if any, is the
        // guest's.
        boot(machine, own.endPa(), own.endPa(), jobs, false);
        names.add(Node.VM);
        return new Node(machine, card, names, guestTasks, configPlace.pa());
    }

    private Node supervisor(Workload.Kernel kernel) {
        Machine machine = machine();
        RdmaCard card = card(machine);
        machine.bootSupervisor(load(machine, kernel.name(), kernel.elf()), kernel.arguments());
        return new Node(machine, card, List.of(), List.of(), 0);
    }

    private Node bareMetal(Workload.BareMetal program) {
        Machine machine = machine();
        RdmaCard card = card(machine);
        machine.bootBare(load(machine, program.name(), program.elf()));
        return new Node(machine, card, List.of(), List.of(), 0);
    }

    private long load(Machine machine, String name, byte[] file) {
        try {
            return machine.loadElf(file).entry();
        } catch (ElfException e) {
            throw new NodeException(spec.hostname() + " cannot load " + name + ": " + e.getMessage());
        }
    }

    private ElfFile parse(String name, byte[] file) {
        try {
            return ElfFile.parse(file);
        } catch (ElfException e) {
            throw new NodeException(spec.hostname() + " cannot load " + name + ": " + e.getMessage());
        }
    }

    private Machine machine() {
        return new Machine(lane, spec.number(), board, List.of(new SbiFirmware(), new Kitten(new Hypervisor())),
                wiring.engine(), wiring.console(), wiring.trace());
    }

    private RdmaCard card(Machine machine) {
        if (spec.card().isEmpty()) {
            return null;
        }
        int ipv4 = spec.card().get().ipv4();
        RdmaCard card = new RdmaCard(spec.card().get().costs(), spec.number(), RdmaCard.macOf(ipv4), ipv4,
                machine.dma(), lane.queue(), wiring.port(), wiring.trace());
        card.attach(lane.addTarget(card));
        machine.addDevice(AddressMap.RDMA, card);
        return card;
    }

    /**
     * Writes the boot parameters of the native kernel at {@code blockPa} and starts it with them; memory below
     * {@code freePa} is not its own.
     */
    private void boot(Machine machine, long freePa, long blockPa, List<Job> jobs, boolean ownsCard) {
        BootParamsWriter writer = parameters(jobs, ownsCard);
        for (int hart = 0; hart < board.harts(); hart++) {
            writer.hart(hart);
        }
        for (RamRegion region : board.memory()) {
            long base = Math.max(region.basePa(), freePa);
            if (base < region.endPa()) {
                writer.memory(base, region.endPa() - base, region.numaNode(), true);
            }
        }
        writer.write(machine.memory(), blockPa);
        machine.bootSupervisor(HostedVector.of(LWK, HostedVector.BOOT), blockPa);
    }

    private byte[] guestParameters(VmMemory memory, long blockGpa, List<Job> jobs) {
        BootParamsWriter writer = parameters(jobs, spec.card().isPresent()).hart(0).memory(VmSpec.MEMORY_GPA,
                memory.bytes(), 0, true);
        Block block = new Block((int) (PARAMETER_BYTES * (1 + jobs.size())));
        long end = writer.write(new Shifted(block, blockGpa), blockGpa);
        byte[] bytes = new byte[(int) (end - blockGpa)];
        block.read(0, bytes, 0, bytes.length);
        return bytes;
    }

    private BootParamsWriter parameters(List<Job> jobs, boolean ownsCard) {
        KernelOptions options = spec.options();
        BootParamsWriter writer = new BootParamsWriter().kernel(LWK).hostname(spec.hostname())
                .commandLine(options.commandLine()).timebaseHz(SimTime.PS_PER_S / board.timePeriodPs())
                .epochSeconds(options.epochSeconds()).seed(options.seed())
                .node(spec.number(), spec.card().map(NodeSpec.Card::ipv4).orElse(0))
                .flags(BootParams.FLAG_SSTC | (options.quiet() ? BootParams.FLAG_QUIET : 0)
                        | (options.consoleInput() ? BootParams.FLAG_CONSOLE_INPUT : 0));
        if (ownsCard) {
            writer.rdmaCard(AddressMap.RDMA);
        }
        jobs.forEach(writer::job);
        return writer;
    }

    private static List<Job> jobs(List<TaskSpec> tasks, Images images) {
        List<Job> jobs = new ArrayList<>();
        for (TaskSpec task : tasks) {
            jobs.add(new Job.Task(task.name(), task.hart() == TaskSpec.ANY_HART ? JobStruct.ANY_HART : task.hart(),
                    images.place(task.elf()), task.arguments(), task.environment(), task.heapBytes(), task.stackBytes(),
                    null, task.rank()));
        }
        return jobs;
    }

    private static byte[] contents(Images images) {
        Block block = new Block((int) (images.endPa() - images.basePa()));
        images.write(new Shifted(block, images.basePa()));
        byte[] bytes = new byte[block.sizeBytes()];
        block.read(0, bytes, 0, bytes.length);
        return bytes;
    }

    private void kernelNeeds(MemoryNeed total, long memoryBytes, List<TaskSpec> tasks, String whose) {
        long heapBytes = Long.highestOneBit(Math.max(1, Math.min(MAX_KERNEL_HEAP_BYTES, memoryBytes / KERNEL_SHARE)));
        total.add(Math.max(MIN_KERNEL_HEAP_BYTES, heapBytes) + KERNEL_EXTRA_BYTES, whose + "kernel");
        for (TaskSpec task : tasks) {
            long heap = task.heapBytes() == 0 ? TaskSpec.DEFAULT_HEAP_BYTES : task.heapBytes();
            long stack = task.stackBytes() == 0 ? TaskSpec.DEFAULT_STACK_BYTES : task.stackBytes();
            total.add(imageBytes(task), whose + "task " + task.name() + "'s file and image");
            total.add(roundUp(heap) + roundUp(stack) + MEGAPAGE, whose + "task " + task.name() + "'s heap and stack");
        }
    }

    private long imageBytes(TaskSpec task) {
        long bytes = task.elf().length;
        for (ElfSegment segment : parse(task.name(), task.elf()).segments()) {
            bytes += (segment.memoryBytes() + 2 * PAGE - 1) / PAGE * PAGE;
        }
        return bytes;
    }

    private void guestNeeds(VmMemory memory) {
        need.add(memory.bytes(), "guest memory");
        need.add(memory.largePages() ? MEGAPAGE : memory.bytes() >>> 9,
                "the hypervisor's control blocks and page tables");
    }

    private static long leaf(VmMemory memory) {
        return memory.largePages() ? VmSpec.GIGAPAGE : VmSpec.PAGE;
    }

    private int flags() {
        return (spec.options().telemetry() ? VmSpec.TELEMETRY : 0) | (spec.options().greedy() ? VmSpec.GREEDY : 0);
    }

    private static List<String> names(List<TaskSpec> tasks) {
        List<String> names = new ArrayList<>();
        tasks.forEach(task -> names.add(task.name()));
        return names;
    }

    private static long roundUp(long bytes) {
        return (bytes + MEGAPAGE - 1) / MEGAPAGE * MEGAPAGE;
    }
}
