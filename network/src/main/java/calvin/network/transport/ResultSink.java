package calvin.network.transport;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Where the runner puts what workers send back. Called on the server's event loop; a slow sink slows the workers,
 * nothing is piled up.
 */
public interface ResultSink {
    /**
     * Opens a result; it is closed when the worker has sent all of it or is lost. A worker sends one at a time.
     *
     * @param worker who sends it
     * @param name   a relative path with {@code /}, of letters, digits, {@code . _ -}, and without {@code .} and
     *               {@code ..} parts
     */
    OutputStream open(int worker, String name) throws IOException;
}
