package calvin.experiment.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.experiment.input.InputException;
import calvin.machine.board.BoardSpec;
import calvin.machine.elf.ElfException;
import calvin.machine.observe.TraceFilter;
import calvin.machine.observe.TraceKind;
import calvin.machine.profile.Symbols;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectionTest {
    @TempDir
    Path folder;

    private int boot(Inspection inspection, OutputStream messages) throws IOException {
        BootOptions options = BootOptions.of(new BootImages("smode.elf", false, null, null, ""),
                BoardSpec.virt(2, 64 << 20)).withInspection(inspection);
        return BootRun.run(options, InputStream.nullInputStream(), new PrintStream(OutputStream.nullOutputStream()),
                new PrintStream(messages, true));
    }

    /** Held to the "Trace Event Format": known phases, ordered exact times, slices that nest on their track. */
    @Test
    void theTimelineIsWellFormed() throws IOException {
        Path file = folder.resolve("trace.json");
        Inspection.Trace trace = new Inspection.Trace(EnumSet.complementOf(EnumSet.of(TraceKind.INSN)), List.of(),
                file);
        assertEquals(0, boot(Inspection.NONE.withTrace(trace), OutputStream.nullOutputStream()));
        Map<Integer, Deque<String>> open = new HashMap<>();
        Set<String> names = new TreeSet<>();
        Set<Integer> named = new TreeSet<>();
        double last = 0;
        for (Map<String, String> event : events(file)) {
            int thread = Integer.parseInt(event.get("tid"));
            assertEquals("1", event.get("pid"));
            double ts = Double.parseDouble(event.get("ts"));
            assertTrue(ts >= last, "times are in order: " + event);
            last = ts;
            String name = event.get("name");
            names.add(name);
            switch (event.get("ph")) {
                case "M" -> named.add(thread);
                case "B" -> open.computeIfAbsent(thread, t -> new ArrayDeque<>()).push(name);
                case "E" -> assertEquals(open.get(thread).pop(), name, "slices nest: " + event);
                case "i" -> assertEquals("t", event.get("s"));
                default -> throw new AssertionError("unknown phase: " + event);
            }
            assertTrue(named.contains(thread), "track without a name: " + event);
        }
        open.values().forEach(stack -> assertTrue(stack.isEmpty(), "slice without an end: " + stack));
        assertTrue(names.containsAll(Set.of("HS", "U", "waiting", "sbi", "ecall_from_u", "ecall_from_s",
                "supervisor_timer", "uart store")), names.toString());
    }

    /** The events of a trace; what their arguments hold is only parsed. */
    private static List<Map<String, String>> events(Path file) throws IOException {
        List<Map<String, String>> events = new ArrayList<>();
        try (JsonParser json = new JsonFactory().createParser(file.toFile())) {
            assertEquals(JsonToken.START_OBJECT, json.nextToken());
            assertEquals("displayTimeUnit", json.nextFieldName());
            assertEquals("ns", json.nextTextValue());
            assertEquals("traceEvents", json.nextFieldName());
            assertEquals(JsonToken.START_ARRAY, json.nextToken());
            while (json.nextToken() == JsonToken.START_OBJECT) {
                Map<String, String> event = new HashMap<>();
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    String name = json.currentName();
                    if (json.nextToken() == JsonToken.START_OBJECT) {
                        json.skipChildren();
                    } else {
                        event.put(name, json.getText());
                    }
                }
                events.add(event);
            }
            assertEquals(JsonToken.END_OBJECT, json.nextToken());
            assertEquals(null, json.nextToken());
        }
        return events;
    }

    @Test
    void theProfileIsATableAndFoldedChains() throws IOException {
        Path file = folder.resolve("profile.folded");
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        assertEquals(0, boot(Inspection.NONE.withProfile(new Inspection.Profiling(file, 1000, true)), messages));
        assertTrue(messages.toString().contains("mode symbol"), messages.toString());
        assertTrue(messages.toString().contains("HS periodic"), messages.toString());
        for (String line : Files.readAllLines(file)) {
            assertTrue(line.matches("(M|HS|U)(;[^; ][^;]*)+ \\d+"), line);
        }
    }

    @Test
    void filtersAreUnderstoodOrRefusedAllAtOnce() throws ElfException {
        Symbols symbols = Symbols.parse("0000000080200000 T start\n0000000080200040 T next\n"
                .getBytes(StandardCharsets.UTF_8));
        TraceFilter filter = FilterText.parse(List.of("hart=0,2", "mode=HS", "pc=start,0x10-0x20",
                "cause=ecall_from_u,5", "time=1 ms-2 ms"), symbols);
        assertEquals(Set.of(0, 2), filter.harts());
        assertEquals(0x8020_0040L, filter.pcs().getFirst()[1]);
        assertEquals(Set.of(8, 5), filter.causes());
        assertEquals(1_000_000_000L, filter.fromPs());
        assertEquals(2_000_000_000L, filter.toPs());
        InputException refused = assertThrows(InputException.class,
                () -> FilterText.parse(List.of("hrat=1", "mode=X", "pc=nowhere", "time=5"), symbols));
        assertEquals(4, refused.problems().size());
        assertTrue(refused.problems().getFirst().toString().contains("hart"), refused.problems().toString());
    }

    @Test
    void aFileThatIsNeitherElfNorAMapIsRefused() {
        assertThrows(ElfException.class, () -> Symbols.parse("these are no symbols".getBytes(StandardCharsets.UTF_8)));
        assertThrows(ElfException.class, () -> Symbols.parse(new byte[0]));
    }
}
