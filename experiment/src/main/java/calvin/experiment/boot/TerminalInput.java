package calvin.experiment.boot;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/** What the user types, taken without waiting: a thread of its own reads. */
final class TerminalInput {
    private final ByteArrayOutputStream typed = new ByteArrayOutputStream();
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
                synchronized (typed) {
                    typed.write(buffer, 0, n);
                }
            }
        } catch (IOException e) {
            // A terminal that cannot be read any more has ended.
            synchronized (typed) {
                ended = true;
            }
            return;
        }
        synchronized (typed) {
            ended = true;
        }
    }

    /** What has come since the last call. */
    byte[] take() {
        synchronized (typed) {
            byte[] bytes = typed.toByteArray();
            typed.reset();
            return bytes;
        }
    }

    /** Whether no more will come. */
    boolean ended() {
        synchronized (typed) {
            return ended && typed.size() == 0;
        }
    }
}
