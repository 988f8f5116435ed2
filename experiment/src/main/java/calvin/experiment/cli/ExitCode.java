package calvin.experiment.cli;

/** What the process ends with. {@code exec} and {@code boot --elf} pass the guest's own code through. */
final class ExitCode {
    static final int SUCCESS = 0;
    static final int EXPECTATION_FAILED = 1;
    static final int BAD_INPUT = 2;
    static final int BUG = 3;

    private ExitCode() {}
}
