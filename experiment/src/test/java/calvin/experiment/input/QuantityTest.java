package calvin.experiment.input;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class QuantityTest {
    @Test
    void unitsScaleExactly() {
        assertEquals(200_000, Quantity.TIME.parse("200 ns"));
        assertEquals(1_500_000, Quantity.TIME.parse("1.5us"));
        assertEquals(100_000_000_000L, Quantity.BANDWIDTH.parse("100 Gbit/s"));
        assertEquals(100_000_000_000L, Quantity.BANDWIDTH.parse("12.5 GB/s"));
        assertEquals(64L << 20, Quantity.SIZE.parse("64 MiB"));
        assertEquals(64_000_000L, Quantity.SIZE.parse("64 MB"));
        assertEquals(2_000_000_000L, Quantity.FREQUENCY.parse("2 GHz"));
        assertEquals(1L << 30, Quantity.parseMemory("1G"));
    }

    @Test
    void aWrongUnitIsToldWhatWouldBeRight() {
        assertTrue(message(Quantity.TIME, "200 MiB").contains("write for example `200 ns`"));
        assertTrue(message(Quantity.TIME, "200").contains("needs a unit"));
        assertTrue(message(Quantity.SIZE, "64 mib").contains("did you mean `MiB`?"));
        assertTrue(message(Quantity.TIME, "soon").contains("is not a time"));
        assertTrue(message(Quantity.TIME, "0.5 ps").contains("whole number"));
        assertTrue(message(Quantity.SIZE, "99999999999 GiB").contains("too large"));
    }

    private static String message(Quantity kind, String text) {
        return assertThrows(IllegalArgumentException.class, () -> kind.parse(text)).getMessage();
    }

    @Test
    void theNearestWordIsSuggestedAndElseAllAreListed() {
        List<String> words = List.of("latency", "bandwidth");
        assertEquals("; did you mean `latency`?", Nearest.hint("latncy", words));
        assertEquals("; did you mean `bandwidth`?", Nearest.hint("bandwith", words));
        assertEquals("; valid here: latency, bandwidth", Nearest.hint("colour", words));
        assertEquals(3, Nearest.distance("kitten", "sitting"));
    }
}
