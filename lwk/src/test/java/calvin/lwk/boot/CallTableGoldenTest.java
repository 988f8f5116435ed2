package calvin.lwk.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.lwk.call.Call;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/**
 * The table in docs/lwk.md is the table of the kernel. {@code -Dcalvin.golden=DIR} writes the page anew, as lwk.md in
 * that directory.
 */
class CallTableGoldenTest {
    private static final String START = "<!-- calls: written by CallTableGoldenTest -->\n";
    private static final String END = "<!-- end of calls -->";

    private static String table() {
        StringBuilder text = new StringBuilder("| number | name | here |\n|---|---|---|\n");
        for (Call call : Call.values()) {
            text.append("| ").append(call.number).append(" | ").append(call.name().toLowerCase(Locale.ROOT))
                    .append(" | ").append(call.note)
                    .append(" |\n");
        }
        return text.toString();
    }

    @Test
    void theDocumentedTableIsTheOneThatDispatches() throws Exception {
        Path page = Path.of("docs", "lwk.md");
        page = Files.exists(page) ? page : Path.of("..").resolve(page);
        String text = Files.readString(page);
        int start = text.indexOf(START) + START.length();
        int end = text.indexOf(END);
        assertTrue(start >= START.length() && end >= start, "the page has a place for the table");
        String refresh = System.getProperty("calvin.golden");
        if (refresh != null) {
            Files.writeString(Path.of(refresh, "lwk.md"), text.substring(0, start) + table() + text.substring(end));
        }
        assertEquals(table(), text.substring(start, end));
    }

    @Test
    void numbersAreUniqueAndInOrder() {
        int before = -1;
        for (Call call : Call.values()) {
            assertTrue(call.number > before, call.name());
            before = call.number;
        }
    }
}
