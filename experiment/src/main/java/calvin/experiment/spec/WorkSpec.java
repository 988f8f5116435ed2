package calvin.experiment.spec;

import calvin.experiment.input.Text;
import java.util.List;
import java.util.Map;

/**
 * An entry of the workload: one program or one kernel image, on each of some nodes.
 *
 * @param image       name in the catalogue of guests, or a path relative to the experiment file
 * @param nodes       names of nodes, in the order of ranks; empty for all
 * @param mpi         whether the tasks are the ranks of one job
 * @param heapBytes   memory of each task for brk and mmap, 0 for the default
 * @param stackBytes  its stack, 0 for the default
 * @param append      command line of a kernel
 * @param guestMemoryBytes memory of the VM where the entry is virtualized; 0 lets the node choose
 */
public record WorkSpec(Text name, Kind kind, Text image, List<String> args, Map<String, String> env, List<Text> nodes,
        boolean mpi,
        long heapBytes, long stackBytes, Virtualized virtualized, String append, long guestMemoryBytes) {
    /** What the image is. */
    public enum Kind {
        /** A static Linux program, run as a task of the LWK. */
        PROGRAM,
        /** A supervisor-mode kernel. */
        KERNEL
    }

    /** Whether it runs in a virtual machine, and how that one's memory is translated. */
    public enum Virtualized {
        NONE, NESTED
    }
}
