package calvin.lwk.boot;

import calvin.lwk.abi.BootParams;
import calvin.lwk.abi.JobStruct;
import calvin.lwk.abi.Sbi;
import calvin.lwk.drv.Console;
import calvin.lwk.drv.RdmaCard;
import calvin.lwk.fs.Kfs;
import calvin.lwk.mm.Kmem;
import calvin.lwk.sched.Scheduler;
import calvin.lwk.state.HartStruct;
import calvin.lwk.state.KernelState;
import calvin.lwk.state.TaskStruct;
import calvin.lwk.task.GuestRunner;
import calvin.lwk.task.Tasks;
import calvin.machine.hosted.HartPort;
import calvin.machine.hosted.HostedVector;
import calvin.machine.isa.Cause;
import calvin.machine.isa.Csr;
import calvin.sim.state.Memory;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** The first entry of the kernel, from boot parameters to tasks in run queues. */
final class StartKernel {
    private static final int PAGE_BYTES = 4096;
    private static final int MAX_HARTS = 4096;
    private static final int MAX_COMMAND_LINE = 4096;
    /** CY, TM and IR: programs may read cycle, time and instret. */
    private static final long COUNTERS = 7;
    /** {@code li a7, 139; ecall}: what a signal handler returns to. */
    private static final int[] TRAMPOLINE = {0x08B0_0893, 0x0000_0073};

    private StartKernel() {}

    /** Why the kernel cannot start, or null. From here on {@code sscratch} leads to the kernel's state. */
    static String run(HartPort port, long paramsAt, GuestRunner runner) {
        Memory memory = port.physical();
        String problem = check(memory, paramsAt);
        if (problem != null || port.badAccess()) {
            return problem == null ? "the boot parameters lie outside memory" : problem;
        }
        Options options = Options.parse(commandLine(memory, paramsAt));
        MemoryPlan plan = new MemoryPlan(memory, paramsAt);
        long kernel = plan.placeKernel(options.kmemBytes());
        if (kernel == 0) {
            return "no room for the kernel heap in the memory that the boot parameters list";
        }
        globals(memory, kernel, paramsAt, options);
        if (!plan.list(kernel) || !pages(memory, kernel) || !harts(memory, kernel, paramsAt)
                || !Kfs.init(memory, kernel)) {
            return "out of kernel memory while booting";
        }
        banner(port, kernel, paramsAt, plan, options);
        probe(port, kernel, paramsAt);
        enterHart(port, KernelState.HARTS.get(memory, kernel));
        startOthers(port, kernel, paramsAt);
        startJobs(port, kernel, paramsAt, runner);
        return null;
    }

    private static String check(Memory memory, long paramsAt) {
        if (BootParams.MAGIC.get(memory, paramsAt) != BootParams.MAGIC_VALUE) {
            return String.format(Locale.ROOT, "x11 = %#x is not the address of boot parameters", paramsAt);
        }
        if (BootParams.VERSION.get(memory, paramsAt) != BootParams.VERSION_VALUE) {
            return "the boot parameters have version " + BootParams.VERSION.get(memory, paramsAt)
                    + ", this kernel reads 1";
        }
        long harts = BootParams.HART_COUNT.get(memory, paramsAt);
        return BootParams.MEMORY_COUNT.get(memory, paramsAt) == 0 || harts == 0 || harts > MAX_HARTS
                ? "the boot parameters list no memory, or not 1 to " + MAX_HARTS + " harts"
                : null;
    }

    private static String commandLine(Memory memory, long paramsAt) {
        long pa = BootParams.COMMAND_LINE.get(memory, paramsAt);
        int length = 0;
        while (length < MAX_COMMAND_LINE && memory.u8(pa + length) != 0) {
            length++;
        }
        byte[] line = new byte[length];
        memory.read(pa, line, 0, length);
        return new String(line, StandardCharsets.UTF_8);
    }

    private static void globals(Memory memory, long kernel, long paramsAt, Options options) {
        long hz = Math.max(1, BootParams.TIMEBASE_HZ.get(memory, paramsAt));
        long flags = BootParams.FLAGS.get(memory, paramsAt)
                | (options.console().equals("none") ? BootParams.FLAG_QUIET : 0);
        KernelState.FLAGS.set(memory, kernel, flags);
        KernelState.TIMEBASE_HZ.set(memory, kernel, hz);
        KernelState.QUANTUM.set(memory, kernel, Math.max(1, hz / options.schedHz()));
        KernelState.NEXT_ID.set(memory, kernel, Tasks.FIRST_ID);
        KernelState.HEAP_BYTES.set(memory, kernel, options.heapBytes());
        KernelState.STACK_BYTES.set(memory, kernel, options.stackBytes());
        byte[] host = new byte[BootParams.HOSTNAME_BYTES];
        BootParams.HOSTNAME.get(memory, paramsAt, host);
        KernelState.HOSTNAME.set(memory, kernel, host);
    }

    private static boolean pages(Memory memory, long kernel) {
        long console = Kmem.alloc(memory, kernel, Console.BUFFER_BYTES);
        long trampoline = Kmem.alloc(memory, kernel, PAGE_BYTES);
        KernelState.CONSOLE.set(memory, kernel, console);
        KernelState.TRAMPOLINE.set(memory, kernel, trampoline);
        for (int i = 0; trampoline != 0 && i < TRAMPOLINE.length; i++) {
            memory.u32(trampoline + 4L * i, TRAMPOLINE[i]);
        }
        return console != 0 && trampoline != 0;
    }

    private static boolean harts(Memory memory, long kernel, long paramsAt) {
        long count = BootParams.HART_COUNT.get(memory, paramsAt);
        long harts = Kmem.alloc(memory, kernel, count * HartStruct.S.sizeBytes());
        KernelState.HARTS.set(memory, kernel, harts);
        KernelState.HART_COUNT.set(memory, kernel, count);
        for (int i = 0; harts != 0 && i < count; i++) {
            long at = harts + (long) i * HartStruct.S.sizeBytes();
            HartStruct.MAGIC.set(memory, at, HartStruct.MAGIC_VALUE);
            HartStruct.ROOT.set(memory, at, kernel);
            HartStruct.INDEX.set(memory, at, i);
            long entry = memory.u64(BootParams.HARTS.get(memory, paramsAt) + 8L * i);
            HartStruct.HART_ID.set(memory, at, entry & 0xFFFF_FFFFL);
            HartStruct.NUMA.set(memory, at, entry >>> 32);
            HartStruct.QUANTUM_END.set(memory, at, TaskStruct.NEVER);
            HartStruct.TIMER.set(memory, at, TaskStruct.NEVER);
        }
        return harts != 0;
    }

    private static void banner(HartPort port, long kernel, long paramsAt, MemoryPlan plan, Options options) {
        Memory memory = port.physical();
        log(port, kernel,
                "Kitten lightweight kernel for riscv64 (Calvin), Sv48, " + (port.virtual() ? "VS" : "HS") + " mode");
        log(port, kernel, "Command line: " + commandLine(memory, paramsAt));
        for (String complaint : options.complaints()) {
            Console.log(port, kernel, Console.WARNING, "Command line: " + complaint);
        }
        log(port, kernel, "Physical memory map:");
        for (MemoryPlan.Range range : plan.ranges()) {
            log(port, kernel,
                    String.format(Locale.ROOT, "  [%#014x, %#014x) node %d  %s", range.start(), range.end(),
                            range.node(),
                            range.type() == null ? "UMEM" : range.type().name()));
        }
        log(port, kernel, "Kernel heap: " + (KernelState.KMEM_BYTES.get(memory, kernel) >> 10) + " KiB");
        log(port, kernel, "Harts: " + KernelState.HART_COUNT.get(memory, kernel) + ", timebase "
                + KernelState.TIMEBASE_HZ.get(memory, kernel) + " Hz, sched_hz=" + options.schedHz());
    }

    private static void probe(HartPort port, long kernel, long paramsAt) {
        long card = BootParams.RDMA_CARD.get(port.physical(), paramsAt);
        if (card == 0) {
            return;
        }
        if (RdmaCard.probe(port, card)) {
            KernelState.RDMA_CARD.set(port.physical(), kernel, card);
            log(port, kernel, String.format(Locale.ROOT, "RDMA card at %#x: /dev/infiniband/uverbs0", card));
        } else {
            Console.log(port, kernel, Console.WARNING,
                    String.format(Locale.ROOT, "RDMA card at %#x: no card of version 1 there", card));
        }
    }

    /** Makes the hart this kernel's: trap vector, state, interrupts, counters. */
    static void enterHart(HartPort port, long hartAt) {
        Memory memory = port.physical();
        long params = KernelState.PARAMS.get(memory, HartStruct.ROOT.get(memory, hartAt));
        port.csr(Csr.SSCRATCH.number, hartAt);
        port.csr(Csr.STVEC.number, HostedVector.of((int) BootParams.KERNEL.get(memory, params), HostedVector.TRAP));
        port.csr(Csr.SCOUNTEREN.number, COUNTERS);
        port.csr(Csr.SATP.number, 0);
        port.csr(Csr.SIE.number, Cause.SUPERVISOR_TIMER.bit() | Cause.SUPERVISOR_SOFTWARE.bit());
        HartStruct.STATE.set(memory, hartAt, HartStruct.ONLINE);
        Scheduler.mark(memory, hartAt, Scheduler.LOOK);
    }

    private static void startOthers(HartPort port, long kernel, long paramsAt) {
        Memory memory = port.physical();
        long entry = HostedVector.of((int) BootParams.KERNEL.get(memory, paramsAt), HostedVector.BOOT);
        for (int i = 1; i < KernelState.HART_COUNT.get(memory, kernel); i++) {
            long at = KernelState.HARTS.get(memory, kernel) + (long) i * HartStruct.S.sizeBytes();
            long id = HartStruct.HART_ID.get(memory, at);
            long error = (int) port.ecall(Sbi.HSM, 0, id, entry, at, 0);
            if (error != 0) {
                Console.log(port, kernel, Console.ERROR, "hart " + id + " cannot be started (SBI error " + error + ")");
            }
        }
    }

    private static void startJobs(HartPort port, long kernel, long paramsAt, GuestRunner runner) {
        Memory memory = port.physical();
        long jobs = BootParams.JOBS.get(memory, paramsAt);
        for (int i = 0; i < BootParams.JOB_COUNT.get(memory, paramsAt); i++) {
            Tasks.start(port, kernel, jobs + (long) i * JobStruct.S.sizeBytes(), runner);
        }
    }

    private static void log(HartPort port, long kernel, String text) {
        Console.log(port, kernel, Console.INFO, text);
    }
}
