package calvin.experiment.plan;

import calvin.experiment.input.Problems;
import calvin.experiment.spec.NodeClassSpec;
import calvin.machine.board.AddressMap;
import calvin.machine.board.BoardSpec;
import calvin.machine.elf.ElfException;
import calvin.machine.elf.ElfFile;
import calvin.machine.elf.ElfSegment;

/** Whether a node can be what the plan says: its board, and room for what it runs. */
final class NodeCheck {
    private static final long MIB = 1 << 20;

    private final Plan.Node node;
    private final ImageStore images;
    private final NodeClassSpec own;
    private final Problems problems;

    private NodeCheck(Plan.Node node, ImageStore images, NodeClassSpec own, Problems problems) {
        this.node = node;
        this.images = images;
        this.own = own;
        this.problems = problems;
    }

    static void check(Plan plan, Plan.Node node, ImageStore images, NodeClassSpec own, Problems problems) {
        BoardSpec board = Boards.of(node, plan.lookaheadPs());
        board.problems().forEach(problem -> problems.add(own.memoryPlace(), "class `" + own.name() + "`: " + problem));
        if (board.problems().isEmpty()) {
            new NodeCheck(node, images, own, problems).memory();
        }
    }

    private void memory() {
        Plan.Work work = node.work();
        long needed = 0;
        for (Plan.Task task : work.kind() == Plan.Work.Kind.LWK_IN_VM ? work.hostTasks() : work.tasks()) {
            needed += loaded(task.image());
        }
        if (work.kind() == Plan.Work.Kind.KERNEL) {
            kernel(work, AddressMap.RAM, node.memoryBytes(), "memory");
        } else {
            needed += work.guestMemoryBytes();
            if (work.kind() == Plan.Work.Kind.KERNEL_IN_VM) {
                kernel(work, AddressMap.RAM, work.guestMemoryBytes(), "guest_memory");
            }
        }
        if (needed + AddressMap.MIN_RAM_BYTES > node.memoryBytes()) {
            problems.add(own.memoryPlace(), "node `" + node.name() + "` has " + node.memoryBytes() / MIB + " MiB, but what it runs needs "
                    + (needed + AddressMap.MIN_RAM_BYTES + MIB - 1) / MIB + " MiB or more");
        }
    }

    private void kernel(Plan.Work work, long base, long bytes, String key) {
        for (ElfSegment segment : elf(work.image()).segments()) {
            if (Long.compareUnsigned(segment.pa(), base) < 0 || segment.pa() + segment.memoryBytes() > base + bytes) {
                problems.add(own.memoryPlace(), "`" + work.name() + "` on node `" + node.name() + "` loads to 0x"
                        + Long.toHexString(segment.pa()) + "..0x" + Long.toHexString(segment.pa() + segment.memoryBytes())
                        + ", outside of its memory 0x" + Long.toHexString(base) + "..0x" + Long.toHexString(base + bytes)
                        + ": raise `" + key + "`");
                return;
            }
        }
    }

    private long loaded(String image) {
        return elf(image).segments().stream().mapToLong(ElfSegment::memoryBytes).sum();
    }

    private ElfFile elf(String image) {
        try {
            return ElfFile.parse(images.get(image));
        } catch (ElfException e) {
            throw new IllegalStateException("an image that was checked is bad", e);
        }
    }
}
