package calvin.experiment.boot;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The user's terminal in raw mode: keys go to the guest one by one, Ctrl-C too. Set and put back by {@code stty}, on
 * whatever way the process ends, short of being killed.
 */
final class HostTerminal {
    private final String before;
    private final Thread restorer;

    private HostTerminal(String before) {
        this.before = before;
        restorer = new Thread(this::restore, "terminal-restorer");
    }

    /** Whether someone sits at standard input and output. */
    static boolean present() {
        return System.console() != null && System.console().isTerminal();
    }

    /** @throws IOException when the terminal cannot be set, or there is no stty */
    static HostTerminal raw() throws IOException {
        HostTerminal terminal = new HostTerminal(stty("-g"));
        Runtime.getRuntime().addShutdownHook(terminal.restorer);
        stty("raw", "-echo", "-isig", "-ixon");
        return terminal;
    }

    private static String stty(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("stty"));
        command.addAll(Arrays.asList(arguments));
        Process process = new ProcessBuilder(command).redirectInput(ProcessBuilder.Redirect.from(new File("/dev/tty")))
                .redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        try {
            if (process.waitFor() != 0) {
                throw new IOException("the terminal cannot be set: " + output);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the terminal was set", e);
        }
        return output;
    }

    private void restore() {
        try {
            stty(before);
        } catch (IOException e) {
            // The terminal has been closed: nothing is left to put back, and nobody to tell.
            return;
        }
    }

    /** Puts back what was. */
    void close() {
        restore();
        Runtime.getRuntime().removeShutdownHook(restorer);
    }
}
