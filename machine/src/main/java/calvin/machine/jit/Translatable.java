package calvin.machine.jit;

import calvin.machine.isa.OpIndex;
import calvin.machine.isa.Slot;

/** Which instructions regions are made of. The interpreter does the others. */
final class Translatable {
    private Translatable() {}

    static boolean is(long slot) {
        int op = Slot.op(slot);
        return op != OpIndex.UNDECODED && op != OpIndex.ILLEGAL && (BlockFinder.jumps(slot) || AluTable.knows(op)
                || MemoryEmitter.knows(op) || FpEmitter.knows(op) || isOrdering(op));
    }

    /** Fences, which do nothing here: harts take turns, and code is watched. PAUSE costs more than its cycle. */
    static boolean isOrdering(int op) {
        return op == OpIndex.FENCE || op == OpIndex.FENCE_TSO || op == OpIndex.FENCE_I;
    }
}
