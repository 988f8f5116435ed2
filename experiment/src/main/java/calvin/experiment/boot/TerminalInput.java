package calvin.experiment.boot;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;

/** What the user types, taken without waiting: a thread of its own reads. */
final class TerminalInput {
    /** Bounded, so that a large file waits in the pipe and not here. */
    private static final int MAX_BYTES = 1 << 16;
    private final ArrayDeque<Byte> typed = new ArrayDeque<>();
    private final TerminalKeys keys;
    private boolean ended;

    TerminalInput(InputStream in) {
        this(in, null);
    }

    /** @param keys takes out what is not the guest's; null where all is */
    TerminalInput(InputStream in, TerminalKeys keys) {
        this.keys = keys;
        Thread reader = new Thread(() -> read(in), "terminal-input");
        reader.setDaemon(true);
        reader.start();
    }

    private void read(InputStream in) {
        byte[] buffer = new byte[1024];
        try {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                byte[] bytes = keys == null ? buffer : keys.guests(buffer, n);
                add(bytes, keys == null ? n : bytes.length);
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
            // For who waits for input, and for who waits that something is read.
            typed.notifyAll();
            while (typed.size() > MAX_BYTES) {
                typed.wait();
            }
        }
    }

    private void end() {
        synchronized (typed) {
            ended = true;
            typed.notifyAll();
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

    /** Waits for something to be typed, {@code ms} milliseconds at most; false when interrupted. */
    boolean await(long ms) {
        synchronized (typed) {
            try {
                if (typed.isEmpty()) {
                    typed.wait(ms);
                }
                return true;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
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
