package calvin.experiment.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Tells the user of a bug in Calvin: one message with the command that reproduces it; the stack trace goes to a file.
 */
final class BugReport {
    private BugReport() {}

    static int print(Throwable thrown, PrintWriter err, String[] args) {
        StringBuilder command = new StringBuilder("./calvin");
        for (String arg : args) {
            command.append(' ').append(quoted(arg));
        }
        String what = thrown.getMessage() == null ? thrown.getClass().getSimpleName() : thrown.getMessage();
        err.println("calvin: a bug in Calvin: " + what);
        err.println("calvin: to reproduce it: " + command);
        StringWriter trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace));
        try {
            Path file = Files.createTempFile("calvin-bug-", ".txt");
            Files.writeString(file, command + "\nJava " + System.getProperty("java.version") + "\n\n" + trace);
            err.println("calvin: details are in " + file);
        } catch (IOException e) {
            err.println("calvin: the details could not be written to a file (" + e.getMessage() + ")");
        }
        return ExitCode.BUG;
    }

    private static String quoted(String arg) {
        return arg.matches("[A-Za-z0-9_./:=,@%+-]+") ? arg : "'" + arg.replace("'", "'\\''") + "'";
    }
}
