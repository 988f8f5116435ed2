package calvin.enclave;

import java.util.List;

/** What runs on a node: which kernels, at which level, with what. */
public sealed interface Workload {
    /** A lightweight kernel owns the node and runs tasks. */
    record Lwk(List<TaskSpec> tasks) implements Workload {
        public Lwk {
            tasks = List.copyOf(tasks);
        }
    }

    /** A lightweight kernel owns the node, hosts a virtual machine, and a second one in there runs tasks. */
    record LwkInVm(VmMemory memory, List<TaskSpec> tasks, List<TaskSpec> hostTasks) implements Workload {
        public LwkInVm {
            tasks = List.copyOf(tasks);
            hostTasks = List.copyOf(hostTasks);
        }
    }

    /**
     * A lightweight kernel owns the node and hosts a virtual machine that runs a supervisor-mode kernel, an ELF file.
     */
    record KernelInVm(VmMemory memory, String name, byte[] elf, String arguments,
            List<TaskSpec> hostTasks) implements Workload {
        public KernelInVm {
            hostTasks = List.copyOf(hostTasks);
        }
    }

    /** A supervisor-mode kernel, an ELF file, owns the node; the firmware is hosted. */
    record Kernel(String name, byte[] elf, String arguments) implements Workload {}

    /** A program owns the node from machine mode on and ends through its HTIF words. */
    record BareMetal(String name, byte[] elf) implements Workload {}

    /**
     * The memory of a virtual machine.
     *
     * @param bytes     guest RAM, a multiple of 2 MiB
     * @param largePages whether the G stage uses the largest leaves that fit; else 4 KiB pages only, for comparison
     */
    record VmMemory(long bytes, boolean largePages) {
        public static VmMemory of(long bytes) {
            return new VmMemory(bytes, true);
        }
    }
}
