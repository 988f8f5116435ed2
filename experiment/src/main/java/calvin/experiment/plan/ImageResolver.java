package calvin.experiment.plan;

import calvin.experiment.input.Nearest;
import calvin.experiment.input.Problems;
import calvin.experiment.input.Text;
import calvin.guests.Guest;
import calvin.guests.Guests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds images by what the user wrote: a name of the catalogue, or a path relative to the experiment file. */
final class ImageResolver {
    private final Path folder;
    private final Problems problems;
    private final ImageStore store = new ImageStore();
    private final Map<String, String> hashes = new LinkedHashMap<>();
    private final List<Plan.Image> used = new ArrayList<>();

    ImageResolver(Path folder, Problems problems) {
        this.folder = folder;
        this.problems = problems;
    }

    /**
     * The hash of the image, empty after reporting that there is none or that it cannot run.
     *
     * @param wanted what the image must be
     */
    String resolve(Text image, Guest.Kind wanted) {
        String known = hashes.get(image.value());
        if (known != null) {
            return known;
        }
        byte[] bytes = load(image, wanted);
        String hash = "";
        if (bytes != null && ImageCheck.check(image, bytes, wanted, problems)) {
            hash = store.add(bytes);
            used.add(new Plan.Image(image.value(), hash, bytes.length));
        }
        hashes.put(image.value(), hash);
        return hash;
    }

    private byte[] load(Text image, Guest.Kind wanted) {
        Optional<Guest> guest = Guests.find(image.value());
        if (guest.isPresent()) {
            return guest.get().bytes();
        }
        Path path = folder.resolve(image.value());
        try {
            if (!image.value().isEmpty() && Files.isRegularFile(path)) {
                return Files.readAllBytes(path);
            }
            List<String> names = Guests.all().stream().filter(g -> g.kind() == wanted).map(Guest::name).toList();
            problems.add(image.place(), "there is no image `" + image + "`: neither a guest of the catalogue nor a file at " + path
                    + Nearest.hint(image.value(), names));
        } catch (IOException e) {
            problems.add(image.place(), "the image " + path + " cannot be read: " + e.getMessage());
        }
        return null;
    }

    List<Plan.Image> used() {
        return List.copyOf(used);
    }

    ImageStore store() {
        return store;
    }
}
