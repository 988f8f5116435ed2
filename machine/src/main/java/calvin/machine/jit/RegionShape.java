package calvin.machine.jit;

import java.util.List;
import java.util.SortedSet;

/**
 * What a region is made of.
 *
 * @param blocks  in the order of their addresses
 * @param entries byte offsets at which it may be entered: where the interpreter arrived, targets of backward jumps and
 *                of calls, and where calls return to. They are beginnings of blocks
 */
record RegionShape(List<Block> blocks, SortedSet<Integer> entries) {
    int instructions() {
        return blocks.stream().mapToInt(block -> block.slots().size()).sum();
    }
}
