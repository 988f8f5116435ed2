package calvin.lwk.abi;

import calvin.sim.check.Check;
import calvin.sim.state.Memory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Lays {@link BootParams} out in memory. The block is
 *
 * <pre>
 * BootParams | memory list | hart list | job list | strings | images, inputs and configurations, each on a page
 * </pre>
 */
public final class BootParamsWriter {
    private static final int PAGE_BYTES = 4096;

    private final List<long[]> memory = new ArrayList<>();
    private final List<Long> harts = new ArrayList<>();
    private final List<Job> jobs = new ArrayList<>();
    private String commandLine = "";
    private String hostname = "node0";
    private int flags;
    private int kernel;
    private long timebaseHz = 10_000_000;
    private long epochSeconds;
    private long seed;
    private long rdmaCardPa;
    private int node;
    private int ipv4;

    /** Adds a range of memory that the kernel shall own; {@code zeroed} promises that what nobody wrote is zero. */
    public BootParamsWriter memory(long basePa, long bytes, int numaNode, boolean zeroed) {
        Check.that((basePa | bytes) % PAGE_BYTES == 0 && bytes > 0, "memory is not whole pages", basePa, bytes);
        memory.add(new long[]{basePa, bytes, numaNode, zeroed ? MemoryStruct.FLAG_ZEROED : 0});
        return this;
    }

    /** Adds a hart of NUMA node 0; the first one added is the one that boots. */
    public BootParamsWriter hart(long id) {
        return hart(id, 0);
    }

    /** Adds a hart whose tasks should have their memory on a NUMA node. */
    public BootParamsWriter hart(long id, int numaNode) {
        harts.add(id | (long) numaNode << 32);
        return this;
    }

    public BootParamsWriter job(Job job) {
        jobs.add(job);
        return this;
    }

    public BootParamsWriter commandLine(String options) {
        commandLine = options;
        return this;
    }

    public BootParamsWriter hostname(String name) {
        hostname = name;
        return this;
    }

    /** Sets {@code FLAG_*} bits of {@link BootParams}. */
    public BootParamsWriter flags(int bits) {
        flags |= bits;
        return this;
    }

    /** The kernel's number in the window of hosted kernels. */
    public BootParamsWriter kernel(int number) {
        kernel = number;
        return this;
    }

    public BootParamsWriter timebaseHz(long hz) {
        timebaseHz = hz;
        return this;
    }

    public BootParamsWriter epochSeconds(long seconds) {
        epochSeconds = seconds;
        return this;
    }

    public BootParamsWriter seed(long value) {
        seed = value;
        return this;
    }

    public BootParamsWriter rdmaCard(long bar0Pa) {
        rdmaCardPa = bar0Pa;
        return this;
    }

    /** @param address in host order, 10.0.0.1 = 0x0A000001 */
    public BootParamsWriter node(int number, int address) {
        node = number;
        ipv4 = address;
        return this;
    }

    /**
     * Writes the block.
     *
     * @param blockPa where, a multiple of 4096; this is what x11 must hold
     * @return the first page boundary behind the block
     */
    public long write(Memory to, long blockPa) {
        Check.that(blockPa % PAGE_BYTES == 0, "the block is not at a page boundary", blockPa);
        Check.that(!memory.isEmpty() && !harts.isEmpty(), "a kernel needs memory and a hart");
        long memoryPa = blockPa + BootParams.S.sizeBytes();
        long hartsPa = memoryPa + (long) memory.size() * MemoryStruct.S.sizeBytes();
        long jobsPa = hartsPa + 8L * harts.size();
        Cursor cursor = new Cursor(to, jobsPa + (long) jobs.size() * JobStruct.S.sizeBytes());

        BootParams.MAGIC.set(to, blockPa, BootParams.MAGIC_VALUE);
        BootParams.VERSION.set(to, blockPa, BootParams.VERSION_VALUE);
        BootParams.FLAGS.set(to, blockPa, flags);
        BootParams.KERNEL.set(to, blockPa, kernel);
        BootParams.MEMORY_COUNT.set(to, blockPa, memory.size());
        BootParams.MEMORY.set(to, blockPa, memoryPa);
        BootParams.HART_COUNT.set(to, blockPa, harts.size());
        BootParams.HARTS.set(to, blockPa, hartsPa);
        BootParams.JOB_COUNT.set(to, blockPa, jobs.size());
        BootParams.JOBS.set(to, blockPa, jobsPa);
        BootParams.COMMAND_LINE.set(to, blockPa, cursor.strings(List.of(commandLine)));
        BootParams.TIMEBASE_HZ.set(to, blockPa, timebaseHz);
        BootParams.EPOCH.set(to, blockPa, epochSeconds);
        BootParams.SEED.set(to, blockPa, seed);
        BootParams.RDMA_CARD.set(to, blockPa, rdmaCardPa);
        BootParams.NODE.set(to, blockPa, node);
        BootParams.IPV4.set(to, blockPa, ipv4 & 0xFFFF_FFFFL);
        BootParams.HOSTNAME.set(to, blockPa, text(hostname, BootParams.HOSTNAME_BYTES));

        for (int i = 0; i < memory.size(); i++) {
            long at = memoryPa + (long) i * MemoryStruct.S.sizeBytes();
            MemoryStruct.BASE.set(to, at, memory.get(i)[0]);
            MemoryStruct.BYTES.set(to, at, memory.get(i)[1]);
            MemoryStruct.NUMA.set(to, at, memory.get(i)[2]);
            MemoryStruct.FLAGS.set(to, at, memory.get(i)[3]);
        }
        for (int i = 0; i < harts.size(); i++) {
            to.u64(hartsPa + 8L * i, harts.get(i));
        }
        for (int i = 0; i < jobs.size(); i++) {
            write(to, jobsPa + (long) i * JobStruct.S.sizeBytes(), jobs.get(i), cursor);
        }
        for (int i = 0; i < jobs.size(); i++) {
            writeContent(to, jobsPa + (long) i * JobStruct.S.sizeBytes(), jobs.get(i), cursor);
        }
        long end = cursor.page();
        BootParams.BLOCK_BYTES.set(to, blockPa, end - blockPa);
        return end;
    }

    private static void write(Memory to, long at, Job job, Cursor cursor) {
        to.zero(at, JobStruct.S.sizeBytes());
        JobStruct.HART.set(to, at, job.hart());
        JobStruct.NAME.set(to, at, text(job.name(), JobStruct.NAME_BYTES));
        switch (job) {
            case Job.Task task -> {
                JobStruct.KIND.set(to, at, JobStruct.KIND_TASK);
                JobStruct.ARGC.set(to, at, task.arguments().size());
                JobStruct.ENVC.set(to, at, task.environment().size());
                JobStruct.ARGV.set(to, at, cursor.strings(task.arguments()));
                JobStruct.ENVP.set(to, at, cursor.strings(task.environment()));
                JobStruct.HEAP_BYTES.set(to, at, task.heapBytes());
                JobStruct.STACK_BYTES.set(to, at, task.stackBytes());
                JobStruct.RANK.set(to, at, task.rank());
            }
            case Job.Guest guest -> JobStruct.KIND.set(to, at, JobStruct.KIND_GUEST);
        }
    }

    private static void writeContent(Memory to, long at, Job job, Cursor cursor) {
        switch (job) {
            case Job.Task task -> {
                Job.Content.Placed image = cursor.place(task.image());
                JobStruct.IMAGE.set(to, at, image.pa());
                JobStruct.IMAGE_BYTES.set(to, at, image.bytes());
                if (task.input() != null) {
                    Job.Content.Placed input = cursor.place(Job.Content.of(task.input()));
                    JobStruct.INPUT.set(to, at, input.pa());
                    JobStruct.INPUT_BYTES.set(to, at, input.bytes());
                }
            }
            case Job.Guest guest -> {
                Job.Content.Placed config = cursor.place(guest.config());
                JobStruct.CONFIG.set(to, at, config.pa());
                JobStruct.CONFIG_BYTES.set(to, at, config.bytes());
            }
        }
    }

    /** Cut so that a zero remains at the end of the field. */
    private static byte[] text(String value, int fieldBytes) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        return bytes.length < fieldBytes ? bytes : java.util.Arrays.copyOf(bytes, fieldBytes - 1);
    }

    /** Where the next bytes of the block go. */
    private static final class Cursor {
        private final Memory to;
        private long pa;

        Cursor(Memory to, long pa) {
            this.to = to;
            this.pa = pa;
        }

        long strings(List<String> values) {
            long at = pa;
            for (String value : values) {
                byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
                to.write(pa, bytes, 0, bytes.length);
                to.u8(pa + bytes.length, 0);
                pa += bytes.length + 1;
            }
            return at;
        }

        Job.Content.Placed place(Job.Content content) {
            return switch (content) {
                case Job.Content.Placed placed -> placed;
                case Job.Content.Given given -> {
                    long at = page();
                    to.write(at, given.bytes(), 0, given.bytes().length);
                    pa += given.bytes().length;
                    yield new Job.Content.Placed(at, given.bytes().length);
                }
            };
        }

        long page() {
            pa = (pa + PAGE_BYTES - 1) & -PAGE_BYTES;
            return pa;
        }
    }
}
