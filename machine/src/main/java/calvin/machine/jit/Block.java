package calvin.machine.jit;

import java.util.List;

/**
 * Instructions that are executed one after the other: only the first can be jumped to, only the last can jump.
 *
 * @param at     byte offset of the first instruction from the region's page
 * @param slots  the instructions
 * @param ends   byte offset behind the last one
 * @param leaves whether the interpreter has to do what follows
 */
record Block(int at, List<Long> slots, int ends, boolean leaves) {}
