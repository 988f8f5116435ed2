package calvin.enclave;

/**
 * How the lightweight kernels of a node behave.
 *
 * @param quiet        no kernel messages on the console but errors
 * @param consoleInput tasks read the console as standard input; otherwise they see the end of file
 * @param telemetry    the hypervisor prints its exit statistics on the console
 * @param greedy       a guest keeps its hart while it waits
 * @param seed         of getrandom and AT_RANDOM
 * @param epochSeconds CLOCK_REALTIME at virtual time 0
 * @param commandLine  the kernel's options
 */
public record KernelOptions(boolean quiet, boolean consoleInput, boolean telemetry, boolean greedy, long seed,
        long epochSeconds, String commandLine) {
    /** Messages on the console, no input, no statistics. */
    public static final KernelOptions DEFAULT = new KernelOptions(false, false, false, false, 0, 0, "");

    public KernelOptions withQuiet(boolean value) {
        return new KernelOptions(value, consoleInput, telemetry, greedy, seed, epochSeconds, commandLine);
    }

    public KernelOptions withConsoleInput(boolean value) {
        return new KernelOptions(quiet, value, telemetry, greedy, seed, epochSeconds, commandLine);
    }

    public KernelOptions withTelemetry(boolean value) {
        return new KernelOptions(quiet, consoleInput, value, greedy, seed, epochSeconds, commandLine);
    }

    public KernelOptions withGreedy(boolean value) {
        return new KernelOptions(quiet, consoleInput, telemetry, value, seed, epochSeconds, commandLine);
    }

    public KernelOptions withSeed(long value) {
        return new KernelOptions(quiet, consoleInput, telemetry, greedy, value, epochSeconds, commandLine);
    }
}
