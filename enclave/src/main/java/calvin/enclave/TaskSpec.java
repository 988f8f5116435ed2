package calvin.enclave;

import java.util.ArrayList;
import java.util.List;

/**
 * A static Linux RISC-V program to run as one task of a lightweight kernel.
 *
 * @param name        how listings and results call it
 * @param elf         the program's file; not changed by anyone
 * @param arguments   argv from argv[0] on
 * @param environment {@code NAME=value} entries
 * @param hart        number, within its kernel's harts, of the hart it is pinned to; {@link #ANY_HART} lets the kernel
 *                    deal them out in turn
 * @param heapBytes   memory for brk and mmap; 0 for {@link #DEFAULT_HEAP_BYTES}
 * @param stackBytes  its stack; 0 for {@link #DEFAULT_STACK_BYTES}
 * @param rank        its rank in the parallel job it belongs to
 */
public record TaskSpec(String name, byte[] elf, List<String> arguments, List<String> environment, int hart,
        long heapBytes, long stackBytes, int rank) {
    public static final int ANY_HART = -1;
    public static final long DEFAULT_HEAP_BYTES = 32L << 20;
    public static final long DEFAULT_STACK_BYTES = 8L << 20;

    public TaskSpec {
        arguments = List.copyOf(arguments);
        environment = List.copyOf(environment);
    }

    /** A task on any hart, with default sizes and without environment; argv[0] is its name, the rest follows. */
    public static TaskSpec of(String name, byte[] elf, String... arguments) {
        List<String> all = new ArrayList<>(List.of(name));
        all.addAll(List.of(arguments));
        return new TaskSpec(name, elf, all, List.of(), ANY_HART, 0, 0, 0);
    }

    /** The same task with more environment entries at the end. */
    public TaskSpec withEnvironment(List<String> more) {
        List<String> all = new ArrayList<>(environment);
        all.addAll(more);
        return new TaskSpec(name, elf, arguments, all, hart, heapBytes, stackBytes, rank);
    }

    public TaskSpec withRank(int value) {
        return new TaskSpec(name, elf, arguments, environment, hart, heapBytes, stackBytes, value);
    }

    public TaskSpec onHart(int value) {
        return new TaskSpec(name, elf, arguments, environment, value, heapBytes, stackBytes, rank);
    }

    public TaskSpec withSizes(long heap, long stack) {
        return new TaskSpec(name, elf, arguments, environment, hart, heap, stack, rank);
    }
}
