package calvin.lwk.state;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * The offsets of every structure, as reviewed. {@code -Dcalvin.golden=DIR} writes the file anew into that directory.
 */
class LayoutGoldenTest {
    @Test
    void everyOffsetIsTheReviewedOne() throws Exception {
        String refresh = System.getProperty("calvin.golden");
        if (refresh != null) {
            Files.writeString(Path.of(refresh, "layouts.txt"), Layouts.text());
        }
        try (InputStream golden = LayoutGoldenTest.class.getResourceAsStream("/calvin/lwk/layouts.txt")) {
            assertEquals(new String(golden.readAllBytes(), StandardCharsets.UTF_8), Layouts.text());
        }
    }
}
