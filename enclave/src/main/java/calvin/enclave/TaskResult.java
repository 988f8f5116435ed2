package calvin.enclave;

/**
 * How a task of the workload went.
 *
 * @param name     from its {@link TaskSpec}; {@code vm} for the task that is a virtual machine
 * @param inGuest  whether it ran in the virtual machine
 * @param ended    whether it has ended
 * @param exitCode what it ended with, or 128 + signal; 0 before
 * @param endPs    when it ended; 0 before
 */
public record TaskResult(String name, boolean inGuest, boolean ended, long exitCode, long endPs) {}
