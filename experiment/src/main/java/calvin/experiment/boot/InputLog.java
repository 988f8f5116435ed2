package calvin.experiment.boot;

import calvin.experiment.input.InputException;
import calvin.experiment.input.Place;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * What was typed at a console, for a run that types the same: a line {@code TIME HEX} for each batch, the time in
 * picoseconds.
 */
final class InputLog {
    /** @param timePs when {@code bytes} are typed */
    record Batch(long timePs, byte[] bytes) {}

    private InputLog() {}

    static void write(Writer log, long timePs, byte[] bytes) throws IOException {
        log.write(timePs + " " + HexFormat.of().formatHex(bytes) + "\n");
        log.flush();
    }

    /** @throws InputException naming the first line that is wrong */
    static List<Batch> read(Path file) throws IOException {
        List<Batch> batches = new ArrayList<>();
        int number = 0;
        long last = -1;
        for (String line : Files.readAllLines(file)) {
            number++;
            String[] words = line.split(" ");
            try {
                Batch batch = new Batch(Long.parseLong(words[0]), HexFormat.of().parseHex(words[1]));
                if (batch.timePs <= last) {
                    throw new InputException(new Place(file.toString(), number, 1),
                            "does not come after the line before");
                }
                last = batch.timePs;
                batches.add(batch);
            } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
                throw new InputException(new Place(file.toString(), number, 1),
                        "expected a time in picoseconds and bytes in hexadecimal, found `" + line + "`");
            }
        }
        return batches;
    }
}
