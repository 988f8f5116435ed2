package calvin.experiment.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.experiment.input.InputException;
import calvin.machine.board.BoardSpec;
import calvin.machine.mem.MemoryClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BoardFileTest {
    @TempDir
    Path folder;

    private BoardSpec read(String text) throws IOException {
        Path file = folder.resolve("board.yaml");
        Files.writeString(file, text);
        return BoardChoice.choose(file.toString(), null, null, null);
    }

    private static final String WHOLE = """
            schema_version: 1
            board:
              name: two-sockets
              base: hpc
              harts: 8
              threads_per_core: 2
              hart_frequency: 4 GHz
              time_frequency: 10 MHz
              quantum: 200 ns
              interrupts: plic
              memory:
                - {size: 256 MiB, node: 0}
                - {size: 64 MiB, node: 1, class: hbm}
              numa:
                - {distances: [10, 14]}
                - {distances: [14, 10], harts: no}
              hart: {pmp_entries: 64, page_levels: 4, updates_at_reset: no, vendor_id: 0x612}
              fittings:
                - {name: uart2, kind: ns16550a, base: 0x10010000, wire: 12, parameters: {role: errors}}
            """;

    @Test
    void everyKeyIsRead() throws IOException {
        BoardSpec board = read(WHOLE);
        assertEquals("two-sockets", board.name());
        assertEquals(8, board.harts());
        assertEquals(2, board.threadsPerCore());
        assertEquals(250, board.hartPeriodPs());
        assertEquals(100_000, board.timePeriodPs());
        assertEquals(200_000, board.quantumPs());
        assertEquals(0x9000_0000L, board.memory().get(1).basePa(), "regions follow each other");
        assertEquals(MemoryClass.HBM, board.memory().get(1).memoryClass());
        assertEquals(14, board.numa().distance(0, 1));
        assertEquals(0, board.numaNodeOfHart(7), "node 1 has no harts");
        assertEquals(64, board.hartModel().pmpEntries());
        assertEquals(4, board.hartModel().pageLevels());
        assertEquals(false, board.hartModel().updatesAtReset());
        assertEquals(0x612, board.hartModel().vendorId());
        assertEquals(4, board.hartModel().triggers(), "what is not said is as ever");
        assertEquals(12, board.fitting("uart2").orElseThrow().wire());
        assertTrue(board.fitting("clint").isPresent(), "what the base board has is there");
    }

    @Test
    void aFileMayBeShort() throws IOException {
        BoardSpec board = read("board: {name: small}\n");
        assertEquals(BoardSpec.virt(1, 128 << 20).fittings(), board.fittings());
        assertEquals(1, board.harts());
    }

    @Test
    void everyMistakeIsListedWithItsLine() {
        InputException e = assertThrows(InputException.class, () -> read("""
                board:
                  name: mine
                  harts: 4096
                  base: virtt
                  memory: [{size: 1 Gib}]
                  fittings:
                    - {name: x, kind: ns16550, base: 0x10010000}
                  speed: 3
                """));
        String all = e.getMessage();
        for (String wanted : new String[]{"board.yaml:3:", "board.yaml:4:", "board.yaml:5:", "board.yaml:7:",
            "board.yaml:8:", "did you mean `virt`", "did you mean `GiB`", "`ns16550a`", "unknown key `speed`"}) {
            assertTrue(all.contains(wanted), wanted + " is missing in\n" + all);
        }
        assertEquals(5, e.problems().size(), all);
    }

    @Test
    void whatCannotBeBuiltIsRefused() {
        assertTrue(refusal(WHOLE.replace("0x10010000", "0x10000000")).contains("overlaps fitting uart at 0x10000000"));
        assertTrue(refusal(WHOLE.replace("[14, 10]", "[14, 11]")).contains("must be 10 to itself"));
        assertTrue(refusal(WHOLE.replace("node: 1", "node: 2")).contains("NUMA node 2 has no distances"));
        assertTrue(refusal(WHOLE.replace("harts: 8", "harts: 7")).contains("does not divide 7"));
        assertTrue(refusal(WHOLE.replace("role: errors", "rule: errors")).contains("parameter rule"));
        assertTrue(refusal(WHOLE.replace("pmp_entries: 64", "pmp_entries: 17")).contains("pmp entries is 17"));
        assertTrue(refusal("board: {name: bare, base: none}\n").contains("a fitting called clint is missing"));
    }

    private String refusal(String text) {
        return assertThrows(InputException.class, () -> read(text)).getMessage();
    }

    @Test
    void optionsThatTheFileDecidesAreRefused() {
        assertThrows(InputException.class, () -> BoardChoice.choose("x.yaml", 2, null, null));
        assertThrows(InputException.class, () -> BoardChoice.choose("virt", 513, null, null));
        assertThrows(InputException.class, () -> BoardChoice.choose("virt", null, null, 2));
        assertThrows(InputException.class, () -> BoardChoice.choose("toaster", null, null, null));
        assertEquals(4, BoardChoice.choose("hpc", 16, 1L << 30, 4).numaNodes());
    }
}
