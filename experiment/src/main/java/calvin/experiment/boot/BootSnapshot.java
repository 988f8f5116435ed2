package calvin.experiment.boot;

import calvin.experiment.input.InputException;
import calvin.experiment.input.Place;
import calvin.sim.event.Lane;
import calvin.sim.state.Snapshot;
import calvin.sim.state.SnapshotFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Saves a machine to a file and goes on from one. A file belongs to the board and the images it was saved with: they
 * must be given again, since a restart of the machine loads them.
 */
final class BootSnapshot {
    private BootSnapshot() {}

    /** Writes the whole file, or leaves what was there. */
    static void save(Lane lane, String machine, Path file) throws IOException {
        try {
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                // A pipe or a device keeps what it is.
                write(lane, machine, file);
                return;
            }
            Path part = Files.createTempFile(file.toAbsolutePath().getParent(), "." + file.getFileName(), ".part");
            // For a process that is interrupted meanwhile.
            part.toFile().deleteOnExit();
            try {
                write(lane, machine, part);
                Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(part);
            }
        } catch (IOException e) {
            throw new IOException("the snapshot " + file + " cannot be written: " + e.getMessage(), e);
        }
    }

    private static void write(Lane lane, String machine, Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            SnapshotFile.write(Snapshot.take(lane.components()), machine, out);
        }
    }

    /**
     * @param machine what {@link #save} was given
     * @throws InputException if the file is none, is damaged, or is of another machine
     */
    static void load(Lane lane, String machine, Path file) {
        Place place = Place.of("--load " + file);
        try {
            SnapshotFile.Loaded loaded = SnapshotFile.read(Files.readAllBytes(file));
            if (!loaded.header().equals(machine)) {
                throw new InputException(place, "was saved by another machine: the board, the files and the command"
                        + " line must be the same (saved: " + loaded.header() + "; here: " + machine + ")");
            }
            loaded.snapshot().restore(lane.components());
        } catch (SnapshotFile.FormatException e) {
            throw new InputException(place, e.getMessage());
        } catch (java.nio.file.NoSuchFileException e) {
            throw new InputException(place, "there is no such file");
        } catch (IOException e) {
            throw new InputException(place, "cannot be read: " + e);
        }
    }
}
