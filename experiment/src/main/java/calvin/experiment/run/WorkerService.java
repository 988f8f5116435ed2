package calvin.experiment.run;

import calvin.experiment.input.InputException;
import calvin.experiment.input.Place;
import calvin.network.transport.PeerLostException;
import calvin.network.transport.TransportOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** The {@code worker} command: one run for a runner that started it, or run after run for runners that ask. */
public final class WorkerService {
    private WorkerService() {}

    /** Takes part in the run of the runner at {@code hostAndPort}, whose token is in the environment. */
    public static void connect(String hostAndPort, int number) throws IOException {
        String token = System.getenv(Workers.TOKEN_VARIABLE);
        if (token == null || token.isEmpty()) {
            throw new InputException(Place.of("--connect " + hostAndPort),
                    "needs the run's token in " + Workers.TOKEN_VARIABLE
                            + "; `calvin run --workers N` starts such workers by itself");
        }
        InetSocketAddress runner = address("--connect", hostAndPort);
        try {
            WorkerRun.run(runner, TransportOptions.withToken(token.getBytes(StandardCharsets.US_ASCII)), number,
                    Workers.bind(!runner.getAddress().isLoopbackAddress()), Progress.silent());
        } catch (PeerLostException e) {
            throw new WorkerLostException(e.getMessage());
        }
    }

    /** Waits for runners, one after the other, until the process is ended. */
    public static void listen(String hostAndPort, boolean once, PrintWriter log) throws IOException {
        InetSocketAddress bind = address("--listen", hostAndPort);
        boolean local = bind.getAddress().isLoopbackAddress();
        if (!local && !Invitation.hasSecret()) {
            throw new InputException(Place.of("--listen " + hostAndPort), "others can reach this address: set "
                    + Invitation.SECRET_VARIABLE + " to the same secret here and where the run starts");
        }
        try (ServerSocket server = new ServerSocket()) {
            server.bind(bind);
            log.println("calvin: worker listens on " + bind.getHostString() + ":" + server.getLocalPort());
            log.flush();
            do {
                Invitation invitation = accept(server);
                if (invitation != null) {
                    serve(invitation, local, log);
                }
            } while (!once);
        }
    }

    private static Invitation accept(ServerSocket server) throws IOException {
        try (Socket socket = server.accept()) {
            return Invitation.receive(socket);
        } catch (java.io.EOFException | java.net.SocketTimeoutException | java.net.SocketException e) {
            // Somebody knocked and went: the next one may be a runner.
            return null;
        }
    }

    private static void serve(Invitation invitation, boolean local, PrintWriter log) throws IOException {
        InetSocketAddress runner = new InetSocketAddress(invitation.runnerHost(), invitation.runnerPort());
        log.println("calvin: takes part as worker " + invitation.number() + " for " + runner.getHostString());
        log.flush();
        try {
            WorkerRun.run(runner, TransportOptions.withToken(invitation.token()), invitation.number(),
                    Workers.bind(!local),
                    Progress.silent());
        } catch (PeerLostException e) {
            log.println("calvin: " + e.getMessage());
            log.flush();
        }
    }

    private static InetSocketAddress address(String option, String hostAndPort) {
        if (!hostAndPort.matches("[^\\s]+:[0-9]{1,5}")) {
            throw new InputException(Place.of(option + " " + hostAndPort), "write `HOST:PORT`");
        }
        InetSocketAddress address = Invitation.parse(hostAndPort);
        if (address.isUnresolved()) {
            throw new InputException(Place.of(option + " " + hostAndPort), "there is no host of that name");
        }
        return address;
    }
}
