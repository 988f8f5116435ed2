package calvin.experiment.campaign;

import calvin.experiment.input.InputException;
import calvin.experiment.input.Place;
import calvin.experiment.plan.ImageStore;
import calvin.experiment.plan.Plan;
import calvin.experiment.plan.PlanDocument;
import calvin.experiment.plan.Planner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The folder of a campaign: the experiment file, its images by content and the database. It has all that a replay
 * needs, wherever it is taken.
 */
final class CampaignFolder {
    private static final String EXPERIMENT = "experiment.yaml";
    private static final String IMAGES = "images";

    private final Path folder;

    CampaignFolder(Path folder) {
        this.folder = folder;
    }

    Path database() {
        return folder.resolve("campaign.sqlite");
    }

    boolean exists() {
        return Files.exists(database());
    }

    /** Copies the experiment file and its images. */
    void create(Path file, PlanDocument document) throws IOException {
        Files.createDirectories(folder.resolve(IMAGES));
        Files.write(folder.resolve(EXPERIMENT), Files.readAllBytes(file));
        Files.write(folder.resolve("plan.json"), document.bytes());
        ImageStore images = document.images();
        StringBuilder names = new StringBuilder();
        for (Plan.Image image : document.plan().images()) {
            Files.write(folder.resolve(IMAGES).resolve(image.sha256()), images.get(image.sha256()));
            names.append(image.sha256()).append(' ').append(image.name()).append('\n');
        }
        Files.writeString(folder.resolve(IMAGES).resolve("names.txt"), names);
    }

    /** The plan again, from what lies here. */
    PlanDocument plan(long seed) throws IOException {
        Path names = folder.resolve(IMAGES).resolve("names.txt");
        if (!exists() || !Files.exists(names)) {
            throw new InputException(Place.of(folder.toString()), "is not the folder of a campaign");
        }
        Map<String, byte[]> images = new LinkedHashMap<>();
        for (String line : Files.readAllLines(names)) {
            int space = line.indexOf(' ');
            images.put(line.substring(space + 1),
                    Files.readAllBytes(folder.resolve(IMAGES).resolve(line.substring(0, space))));
        }
        return Planner.plan(folder.resolve(EXPERIMENT), new Planner.Changes(seed, null, null, images));
    }

    /** The seed that the campaign's plan was made with. */
    long seed() throws IOException {
        return calvin.experiment.json.JsonObject.parse(Files.readAllBytes(folder.resolve("plan.json"))).number("seed");
    }
}
