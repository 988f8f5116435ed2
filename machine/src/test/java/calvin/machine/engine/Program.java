package calvin.machine.engine;

import calvin.machine.isa.Decoder;
import calvin.machine.isa.Disassembler;
import java.util.ArrayList;
import java.util.List;

/**
 * A random program: code in units that can be replaced by nops without moving the others, and the rounds that enter it.
 *
 * @param seed    what everything else follows from, also page tables and data
 * @param harts   1 or 2, all run the same code on the same data
 * @param units   encodings, in the order in which they lie in memory
 * @param entries byte offset of each chunk that a round may enter
 * @param rounds  the table that harts go round in
 * @param repeats rounds that each hart runs
 */
record Program(long seed, int harts, List<int[]> units, List<Round> rounds, int repeats) {
    /** How code is entered: {@code mode} is M, S, U, VS or VU as in {@link calvin.machine.hart.Hart}. */
    record Round(int entry, int mode, int root, int asid, int status, int fcsr, int traps) {}

    static int length(int word) {
        return Decoder.isCompressed(word) ? 2 : 4;
    }

    static int bytes(int[] words) {
        int bytes = 0;
        for (int word : words) {
            bytes += length(word);
        }
        return bytes;
    }

    /** With nops instead of units {@code from} to {@code to}; all but the ends of chunks. */
    Program without(int from, int to) {
        List<int[]> reduced = new ArrayList<>(units);
        for (int i = from; i < to; i++) {
            int[] unit = units.get(i).clone();
            for (int k = 0; k < unit.length; k++) {
                unit[k] = length(unit[k]) == 2 ? 0x0001 : 0x13;
            }
            reduced.set(i, unit);
        }
        return new Program(seed, harts, reduced, rounds, repeats);
    }

    Program withRepeats(int value) {
        return new Program(seed, harts, units, rounds, value);
    }

    Program withRounds(List<Round> value) {
        return new Program(seed, harts, units, value, repeats);
    }

    /** Instructions other than nops, with their offsets, and the rounds. */
    String listing() {
        StringBuilder text = new StringBuilder();
        int at = 0;
        for (int[] unit : units) {
            for (int word : unit) {
                if (word != 0x0001 && word != 0x13) {
                    text.append(String.format("  %05x: %08x  %s%n", at, word, Disassembler.disassemble(word)));
                }
                at += length(word);
            }
        }
        rounds.forEach(round -> text.append("  ").append(round).append('\n'));
        return text.append("  harts ").append(harts).append(", rounds in all ").append(repeats).toString();
    }
}
