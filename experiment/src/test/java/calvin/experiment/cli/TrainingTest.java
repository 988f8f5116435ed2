package calvin.experiment.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import calvin.experiment.input.Place;
import calvin.experiment.plan.ImageFinder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher says nothing when its training fails, so what it trains with must be right. */
class TrainingTest {
    @TempDir
    private Path folder;

    @Test
    void theExperimentPlans() throws IOException {
        StringWriter err = new StringWriter();
        List<String> line = Training.lines(folder).stream().filter(words -> words.getFirst().equals("plan")).findAny()
                .orElseThrow();
        assertEquals(ExitCode.SUCCESS, Main.run(new PrintWriter(new StringWriter()), new PrintWriter(err),
                line.toArray(String[]::new)), err::toString);
    }

    @Test
    void everyProgramIsInTheCatalogue() throws IOException {
        List<List<String>> runs = Training.lines(folder).stream()
                .filter(words -> words.getFirst().equals("exec") || words.getFirst().equals("boot")).toList();
        assertFalse(runs.isEmpty());
        for (List<String> line : runs) {
            String image = line.stream().skip(1).filter(word -> !word.startsWith("--")).findFirst().orElseThrow();
            // Throws if there is none.
            ImageFinder.find(image, folder, Place.of(image));
        }
    }
}
