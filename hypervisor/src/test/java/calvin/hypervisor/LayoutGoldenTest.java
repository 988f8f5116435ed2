package calvin.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * The offsets of every structure, as reviewed. {@code -Dcalvin.golden=DIR} writes the file anew into that directory.
 */
final class LayoutGoldenTest {
    @Test
    void everyOffsetIsTheReviewedOne() throws IOException {
        String refresh = System.getProperty("calvin.golden");
        if (refresh != null) {
            Files.writeString(Path.of(refresh, "layouts.txt"), Layouts.text());
        }
        try (InputStream golden = LayoutGoldenTest.class.getResourceAsStream("/calvin/hypervisor/layouts.txt")) {
            assertEquals(new String(golden.readAllBytes(), StandardCharsets.UTF_8), Layouts.text());
        }
    }
}
