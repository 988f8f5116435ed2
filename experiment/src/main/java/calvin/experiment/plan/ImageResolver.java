package calvin.experiment.plan;

import calvin.experiment.input.InputException;
import calvin.experiment.input.Problems;
import calvin.experiment.input.Text;
import calvin.guests.Guest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds images by what the user wrote: a name of the catalogue, or a path relative to the experiment file. */
final class ImageResolver {
    private final Path folder;
    private final Map<String, byte[]> known;
    private final Problems problems;
    private final ImageStore store = new ImageStore();
    private final Map<String, String> hashes = new LinkedHashMap<>();
    private final List<Plan.Image> used = new ArrayList<>();

    ImageResolver(Path folder, Map<String, byte[]> known, Problems problems) {
        this.folder = folder;
        this.known = known;
        this.problems = problems;
    }

    /**
     * The hash of the image, empty after reporting that there is none or that it cannot run.
     *
     * @param wanted what the image must be
     */
    String resolve(Text image, Guest.Kind wanted) {
        String before = hashes.get(image.value());
        if (before != null) {
            return before;
        }
        String hash = "";
        try {
            byte[] bytes = known.containsKey(image.value())
                    ? known.get(image.value())
                    : ImageFinder.find(image.value(), folder, image.place());
            if (ImageCheck.check(image, bytes, wanted, problems)) {
                hash = store.add(bytes);
                used.add(new Plan.Image(image.value(), hash, bytes.length));
            }
        } catch (InputException e) {
            e.problems().forEach(problem -> problems.add(problem.place(), problem.message()));
        }
        hashes.put(image.value(), hash);
        return hash;
    }

    List<Plan.Image> used() {
        return List.copyOf(used);
    }

    ImageStore store() {
        return store;
    }
}
