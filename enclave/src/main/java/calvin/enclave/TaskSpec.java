package calvin.enclave;

import java.util.List;

/**
 * A static Linux RISC-V program to run as one task of a lightweight kernel.
 *
 * @param name        how listings and results call it
 * @param elf         the program's file; not changed by anyone
 * @param arguments   argv, the program's name first
 * @param environment {@code NAME=value} entries
 * @param hart        number, within its kernel's harts, of the hart it is pinned to; {@link #ANY_HART} lets the builder deal them out in turn
 */
public record TaskSpec(String name, byte[] elf, List<String> arguments, List<String> environment, int hart) {
    public static final int ANY_HART = -1;

    public TaskSpec {
        arguments = List.copyOf(arguments);
        environment = List.copyOf(environment);
    }

    /** A task with these arguments on any hart, without environment. */
    public static TaskSpec of(String name, byte[] elf, String... arguments) {
        return new TaskSpec(name, elf, List.of(arguments), List.of(), ANY_HART);
    }

    /** The same task with more environment entries at the end. */
    public TaskSpec with(List<String> moreEnvironment) {
        List<String> all = new java.util.ArrayList<>(environment);
        all.addAll(moreEnvironment);
        return new TaskSpec(name, elf, arguments, all, hart);
    }
}
