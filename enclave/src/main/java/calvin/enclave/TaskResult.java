package calvin.enclave;

/**
 * How a task of the workload went.
 *
 * @param name     from its {@link TaskSpec}; for a virtual machine, {@code vm}
 * @param started  whether it began
 * @param ended    whether it ended
 * @param exitCode what it ended with, or 128 + signal; 0 before
 */
public record TaskResult(String name, boolean started, boolean ended, long exitCode) {
}
