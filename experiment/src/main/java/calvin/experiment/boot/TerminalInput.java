package calvin.experiment.boot;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;

/** What the user types, taken without waiting: a thread of its own reads. */
final class TerminalInput {
    /** Bounded, so that a large file waits in the pipe and not here. */
    private static final int MAX_BYTES = 1 << 16;
    private final ArrayDeque<Byte> typed = new ArrayDeque<>();
    private boolean ended;

    TerminalInput(InputStream in) {
        Thread reader = new Thread(() -> read(in), "terminal-input");
        reader.setDaemon(true);
        reader.start();
    }

    private void read(InputStream in) {
        byte[] buffer = new byte[1024];
        try {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                add(buffer, n);
            }
        } catch (IOException | InterruptedException e) {
            // A terminal that cannot be read any more has ended.
            end();
            return;
        }
        end();
    }

    private void add(byte[] bytes, int count) throws InterruptedException {
        synchronized (typed) {
            for (int i = 0; i < count; i++) {
                typed.add(bytes[i]);
            }
            while (typed.size() > MAX_BYTES) {
                typed.wait();
            }
        }
    }

    private void end() {
        synchronized (typed) {
            ended = true;
        }
    }

    /** The next bytes that have come, at most {@code most}. */
    byte[] take(int most) {
        synchronized (typed) {
            byte[] bytes = new byte[Math.min(most, typed.size())];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = typed.remove();
            }
            typed.notifyAll();
            return bytes;
        }
    }

    /** Whether nothing has come that was not taken. */
    boolean isEmpty() {
        synchronized (typed) {
            return typed.isEmpty();
        }
    }

    /** Whether no more will come. */
    boolean ended() {
        synchronized (typed) {
            return ended && typed.isEmpty();
        }
    }
}
