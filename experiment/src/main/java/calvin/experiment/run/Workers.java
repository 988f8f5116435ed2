package calvin.experiment.run;

import calvin.experiment.input.Text;
import calvin.network.transport.PeerLostException;
import calvin.network.transport.TransportOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** The workers of one run as this process started or invited them; closing it ends those it started. */
final class Workers implements AutoCloseable {
    /** The environment variable in which a spawned worker finds the run's token. */
    static final String TOKEN_VARIABLE = "CALVIN_RUN_TOKEN";
    private static final int TOKEN_BYTES = 16;
    private static final int END_SECONDS = 5;

    private final TransportOptions options;
    private final InetSocketAddress server;
    private final Path logs;
    private final Map<Integer, String> names = new TreeMap<>();
    private final List<Process> processes = new ArrayList<>();
    private final Thread owner = Thread.currentThread();
    private volatile boolean together;
    private volatile String early;

    Workers(TransportOptions options, InetSocketAddress server, Path logs) {
        this.options = options;
        this.server = server;
        this.logs = logs;
    }

    static byte[] newToken() {
        byte[] token = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(token);
        return HexFormat.of().formatHex(token).getBytes(StandardCharsets.US_ASCII);
    }

    /** Loopback unless workers are on other hosts. */
    static InetSocketAddress bind(boolean remote) {
        return remote ? new InetSocketAddress(0) : new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private InetSocketAddress local() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort());
    }

    /** Worker 0, on a thread of this process. */
    void startHere(boolean remote, Progress progress) {
        names.put(0, "worker 0 (this process)");
        Thread here = new Thread(() -> {
            try {
                WorkerRun.run(local(), options, 0, bind(remote), progress);
            } catch (PeerLostException | IOException e) {
                // The server sees that this worker has gone, and says so.
                return;
            }
        }, "worker-0");
        here.setDaemon(true);
        here.start();
    }

    /** A process on this machine with the same class path. */
    void spawn(int number) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                "calvin.experiment.cli.Main", "worker", "--connect", "127.0.0.1:" + server.getPort(), "--number",
                Integer.toString(number)));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put(TOKEN_VARIABLE, new String(options.token(), StandardCharsets.US_ASCII));
        builder.redirectErrorStream(true).redirectOutput(log(number).toFile());
        Process process = builder.start();
        processes.add(process);
        names.put(number, "worker " + number + " (process " + process.pid() + ")");
        // A thread of its own: Process.onExit needs one of the common pool, which may all be waiting.
        Thread watch = new Thread(() -> watch(number, process), "watch-worker-" + number);
        watch.setDaemon(true);
        watch.start();
    }

    private void watch(int number, Process process) {
        try {
            ended(number, process.waitFor());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A worker that ends before all have come together will not come: its runner need not wait for it. */
    private void ended(int number, int code) {
        if (!together) {
            early = name(number) + " ended with code " + code + " before the run began; its words are in "
                    + log(number);
            owner.interrupt();
        }
    }

    /** All workers have come. */
    void together() {
        together = true;
    }

    /** What {@code lost} means: its own words, or those of a worker that ended too early. */
    WorkerLostException explain(PeerLostException lost) {
        boolean interrupted = Thread.interrupted();
        if (early != null) {
            return new WorkerLostException(early);
        }
        if (interrupted) {
            owner.interrupt();
        }
        return new WorkerLostException(named(lost.getMessage()));
    }

    /** A worker that listens elsewhere. */
    void invite(int number, Text host) {
        names.put(number, "worker " + number + " (" + host + ")");
        try {
            Invitation.send(host.value(), number, options.token(), server.getPort());
        } catch (IOException e) {
            throw new WorkerLostException(host.place() + ": " + name(number) + " cannot be reached: " + e.getMessage()
                    + "; start it there with `calvin worker --listen " + host + "`");
        }
    }

    String name(int number) {
        return names.getOrDefault(number, "worker " + number);
    }

    /** A message in which the first worker's bare number is replaced by its name. */
    String named(String message) {
        java.util.regex.Matcher matcher = java.util.regex.Pattern.compile("worker (\\d+)(?! \\()").matcher(message);
        return matcher.find()
                ? matcher.replaceFirst(
                        java.util.regex.Matcher.quoteReplacement(name(Integer.parseInt(matcher.group(1)))))
                : message;
    }

    List<String> all() {
        return List.copyOf(names.values());
    }

    @Override
    public void close() throws IOException {
        for (Process process : processes) {
            try {
                if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
        for (int number : names.keySet()) {
            Path log = log(number);
            if (Files.exists(log) && Files.size(log) == 0) {
                Files.delete(log);
            }
        }
    }

    private Path log(int number) {
        return logs.resolve("worker-" + number + ".log");
    }
}
