package calvin.experiment.cli;

import calvin.experiment.input.InputException;
import calvin.experiment.input.Nearest;
import calvin.experiment.run.WorkerLostException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code calvin} command. */
// @formatter:off
@Command(name = "calvin", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
        description = "A deterministic machine room: emulated RISC-V computers, kernels and RDMA networks in "
                + "one virtual time.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Exit codes: 0 success, 1 an expectation failed, 2 bad input, 3 a bug in Calvin."},
        subcommands = {RunCommand.class, PlanCommand.class, BootCommand.class, ExecCommand.class, GuestCommand.class,
                CampaignCommand.class, ReplayCommand.class, WorkerCommand.class})
public final class Main implements Runnable {
    @Spec
    private CommandSpec spec;

    // @formatter:on

    public static void main(String[] args) {
        // SQLite's driver would log that it logs nowhere.
        System.setProperty("slf4j.internal.verbosity", "ERROR");
        int code = run(args);
        System.out.flush();
        System.exit(code);
    }

    /** Runs a command line and returns its exit code. */
    static int run(String... args) {
        return run(new PrintWriter(System.out), new PrintWriter(System.err, true), args);
    }

    /** The same with other places to print to. */
    static int run(PrintWriter out, PrintWriter err, String... args) {
        CommandLine line = new CommandLine(new Main());
        line.setOut(out);
        line.setErr(err);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setUsageHelpAutoWidth(true);
        // What follows the program's name is the program's.
        line.getSubcommands().get("exec").setStopAtPositional(true);
        line.setParameterExceptionHandler(Main::badArguments);
        line.setExecutionExceptionHandler((exception, command, parsed) -> failed(exception, command.getErr(), args));
        int code = line.execute(args);
        line.getOut().flush();
        line.getErr().flush();
        return code;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command? `calvin --help` lists them");
    }

    private static int badArguments(ParameterException exception, String[] args) {
        CommandLine command = exception.getCommandLine();
        PrintWriter err = command.getErr();
        String hint = "";
        if (exception instanceof CommandLine.UnmatchedArgumentException unmatched
                && !unmatched.getUnmatched().isEmpty()) {
            String word = unmatched.getUnmatched().get(0);
            hint = Nearest.hint(word, word.startsWith("-")
                    ? command.getCommandSpec().optionsMap().keySet()
                    : command.getSubcommands().keySet());
        }
        err.println("calvin: " + exception.getMessage() + hint);
        err.println("calvin: try `" + command.getCommandSpec().qualifiedName() + " --help`");
        return ExitCode.BAD_INPUT;
    }

    private static int failed(Exception exception, PrintWriter err, String[] args) {
        if (exception instanceof InputException input) {
            input.problems().forEach(problem -> err.println("calvin: " + problem));
            return ExitCode.BAD_INPUT;
        }
        if (exception instanceof WorkerLostException lost) {
            err.println("calvin: " + lost.getMessage());
            return ExitCode.BAD_INPUT;
        }
        if (exception instanceof java.io.IOException io) {
            err.println("calvin: " + message(io));
            return ExitCode.BAD_INPUT;
        }
        if (exception instanceof java.io.UncheckedIOException io) {
            err.println("calvin: " + message(io.getCause()));
            return ExitCode.BAD_INPUT;
        }
        return BugReport.print(exception, err, args);
    }

    private static String message(java.io.IOException exception) {
        String message = exception.getMessage() == null ? exception.getClass().getSimpleName() : exception.getMessage();
        return switch (exception) {
            case java.nio.file.NoSuchFileException e -> "there is no such file: " + message;
            case java.nio.file.AccessDeniedException e -> "may not be read or written: " + message;
            case java.nio.file.FileAlreadyExistsException e -> "exists already: " + message;
            default -> message;
        };
    }
}
