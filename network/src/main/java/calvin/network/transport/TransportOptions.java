package calvin.network.transport;

import java.util.Arrays;

/**
 * How processes of a run find and trust each other.
 *
 * @param token           the run's secret, the same in all its processes; 1 to 1024 bytes
 * @param timeoutMs       a process from which no byte comes for so long is lost
 * @param heartbeatMs     a process that has nothing to say sends a sign of life so often
 * @param joinTimeoutMs   how long to wait until all processes have come together
 * @param maxMessageBytes larger messages are refused, on sending and on receiving
 */
public record TransportOptions(byte[] token, int timeoutMs, int heartbeatMs, int joinTimeoutMs, int maxMessageBytes) {
    private static final int MAX_TOKEN_BYTES = 1024;
    /** Room for a chunk of a plan or file. */
    private static final int LEAST_MESSAGE_BYTES = 2 * Control.CHUNK_BYTES;

    public TransportOptions {
        token = token.clone();
        if (token.length == 0 || token.length > MAX_TOKEN_BYTES) {
            throw new IllegalArgumentException("a token has 1 to " + MAX_TOKEN_BYTES + " bytes, not " + token.length);
        }
        if (timeoutMs <= 0 || joinTimeoutMs <= 0 || maxMessageBytes < LEAST_MESSAGE_BYTES) {
            throw new IllegalArgumentException("timeouts must be positive and messages may have " + LEAST_MESSAGE_BYTES
                    + " bytes or more");
        }
        if (heartbeatMs <= 0 || heartbeatMs >= timeoutMs) {
            throw new IllegalArgumentException("a heartbeat of " + heartbeatMs + " ms does not fit a timeout of "
                    + timeoutMs + " ms");
        }
    }

    /** Half a minute without a byte, a sign of life every two seconds, a minute to come together, 64 MiB a message. */
    public static TransportOptions withToken(byte[] token) {
        return new TransportOptions(token, 30_000, 2_000, 60_000, 64 << 20);
    }

    public TransportOptions withTimes(int timeoutMillis, int heartbeatMillis, int joinTimeoutMillis) {
        return new TransportOptions(token, timeoutMillis, heartbeatMillis, joinTimeoutMillis, maxMessageBytes);
    }

    @Override
    public byte[] token() {
        return token.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TransportOptions o && Arrays.equals(token, o.token) && timeoutMs == o.timeoutMs
                && heartbeatMs == o.heartbeatMs && joinTimeoutMs == o.joinTimeoutMs
                && maxMessageBytes == o.maxMessageBytes;
    }

    @Override
    public int hashCode() {
        return timeoutMs;
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "TransportOptions[timeoutMs=" + timeoutMs + ", heartbeatMs=" + heartbeatMs + ", joinTimeoutMs="
                + joinTimeoutMs
                + ", maxMessageBytes=" + maxMessageBytes + "]";
    }
}
