package calvin.experiment.plan;

import calvin.experiment.input.InputException;
import calvin.experiment.input.Nearest;
import calvin.experiment.input.Place;
import calvin.guests.Guest;
import calvin.guests.Guests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Finds an image by what the user wrote: a file, or a name of the catalogue. */
public final class ImageFinder {
    private ImageFinder() {}

    /**
     * The image's bytes. A name of the catalogue comes before a file of that name; {@code ./name} means the file.
     *
     * @param folder where relative paths start
     * @throws InputException if there is none
     */
    public static byte[] find(String image, Path folder, Place place) {
        Optional<Guest> guest = Guests.find(image);
        if (guest.isPresent()) {
            return guest.get().bytes();
        }
        Path path = folder.resolve(image);
        if (image.isEmpty() || !Files.isRegularFile(path)) {
            throw new InputException(place,
                    "there is no image `" + image + "`: neither a guest of the catalogue nor a file at " + path
                            + Nearest.hint(image, Guests.all().stream().map(Guest::name).toList()));
        }
        try {
            return Files.readAllBytes(path);
        } catch (IOException e) {
            throw new InputException(place, "the image " + path + " cannot be read: " + e.getMessage());
        }
    }
}
