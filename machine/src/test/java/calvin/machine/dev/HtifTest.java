package calvin.machine.dev;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.machine.mem.PhysicalMemory;
import calvin.machine.mem.RamRegion;
import java.util.List;
import org.junit.jupiter.api.Test;

class HtifTest {
    private static final long RAM = 0x8000_0000L;
    private static final long TOHOST = RAM + 0x1000;
    private static final long FROMHOST = RAM + 0x1040;
    private static final long CALL = RAM + 0x2000;

    private final PhysicalMemory memory = new PhysicalMemory("memory", List.of(new RamRegion(RAM, 4 << 20, 0)));
    private final StringBuilder output = new StringBuilder();
    private final Ends ends = new Ends();
    private final Htif htif = new Htif(memory, TOHOST, FROMHOST, (timePs, value) -> output.append((char) value),
            ends);

    private void request(long value) {
        memory.u64(TOHOST, value);
        htif.stored(0);
    }

    private long call(long number, long a0, long a1, long a2) {
        long[] words = {number, a0, a1, a2};
        for (int i = 0; i < words.length; i++) {
            memory.u64(CALL + 8L * i, words[i]);
        }
        request(CALL);
        assertEquals(0, memory.u64(TOHOST));
        assertEquals(1, memory.u64(FROMHOST));
        return memory.u64(CALL);
    }

    @Test
    void oddValuesEndTheProgramWithTheirCode() {
        request(1);
        request(7);
        assertEquals(List.of(0L, 3L), ends.codes);
    }

    @Test
    void otherStoresToThePageAreNothing() {
        assertTrue(memory.storesWatched(TOHOST));
        memory.u64(FROMHOST, 5);
        htif.stored(0);
        assertEquals(5, memory.u64(FROMHOST));
        assertEquals(List.of(), ends.codes);
    }

    @Test
    void callsWriteExitOrAreRefused() {
        memory.write(RAM + 0x3000, "text".getBytes(java.nio.charset.StandardCharsets.US_ASCII), 0, 4);
        assertEquals(4, call(64, 1, RAM + 0x3000, 4));
        assertEquals("text", output.toString());
        assertEquals(-38, call(63, 0, 0, 0));
        call(93, 42, 0, 0);
        assertEquals(List.of(42L), ends.codes);
    }

    @Test
    void theConsoleDevicePrintsAByte() {
        request(1L << 56 | 1L << 48 | 'x');
        assertEquals("x", output.toString());
        assertEquals(0, memory.u64(TOHOST));
    }
}
