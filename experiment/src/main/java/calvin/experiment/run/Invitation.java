package calvin.experiment.run;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * How a runner asks a listening worker to take part: one message to the worker's port, upon which the worker calls the
 * runner back and proves by the token that it was asked.
 *
 * <pre>
 * u64 magic | UTF secret | UTF token | u16 port of the runner | u32 number      answer: u8 0 = comes, 1 = wrong secret
 * </pre>
 *
 * The secret is {@code CALVIN_WORKER_SECRET} of the environment on both sides; a worker that listens on more than
 * loopback must have one. It goes over the wire in clear: use a network that you trust.
 *
 * @param runnerHost where the message came from
 */
record Invitation(String runnerHost, int runnerPort, byte[] token, int number) {
    static final String SECRET_VARIABLE = "CALVIN_WORKER_SECRET";
    private static final long MAGIC = 0x43414C56_494E5654L;
    private static final int TIMEOUT_MS = 10_000;

    private static String secret() {
        String secret = System.getenv(SECRET_VARIABLE);
        return secret == null ? "" : secret;
    }

    static boolean hasSecret() {
        return !secret().isEmpty();
    }

    /** Asks the worker at {@code hostAndPort}. */
    static void send(String hostAndPort, int number, byte[] token, int runnerPort) throws IOException {
        InetSocketAddress address = parse(hostAndPort);
        try (Socket socket = new Socket()) {
            socket.connect(address, TIMEOUT_MS);
            socket.setSoTimeout(TIMEOUT_MS);
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.writeLong(MAGIC);
            out.writeUTF(secret());
            out.writeUTF(new String(token, StandardCharsets.US_ASCII));
            out.writeShort(runnerPort);
            out.writeInt(number);
            out.flush();
            if (socket.getInputStream().read() != 0) {
                throw new IOException("it refuses (" + SECRET_VARIABLE + " must be the same on both sides)");
            }
        }
    }

    /** Takes a message, or null from someone who may not send one. */
    static Invitation receive(Socket socket) throws IOException {
        socket.setSoTimeout(TIMEOUT_MS);
        DataInputStream in = new DataInputStream(socket.getInputStream());
        if (in.readLong() != MAGIC) {
            return null;
        }
        boolean known = MessageDigest.isEqual(in.readUTF().getBytes(StandardCharsets.UTF_8),
                secret().getBytes(StandardCharsets.UTF_8));
        String token = in.readUTF();
        int port = in.readUnsignedShort();
        int number = in.readInt();
        socket.getOutputStream().write(known ? 0 : 1);
        return known
                ? new Invitation(socket.getInetAddress().getHostAddress(), port,
                        token.getBytes(StandardCharsets.US_ASCII), number)
                : null;
    }

    static InetSocketAddress parse(String hostAndPort) {
        int colon = hostAndPort.lastIndexOf(':');
        return new InetSocketAddress(hostAndPort.substring(0, colon),
                Integer.parseInt(hostAndPort.substring(colon + 1)));
    }
}
