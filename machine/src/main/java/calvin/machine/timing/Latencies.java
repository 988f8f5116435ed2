package calvin.machine.timing;

import calvin.machine.isa.Op;
import calvin.machine.isa.Op.Kind;
import calvin.machine.isa.Slot;

/**
 * Cycles from an instruction's issue to its result, by kind; 1 means that the next instruction may use it. The numbers
 * are those of an in-order server core: multiply 3, divide 20, FP add, multiply and fused 4, FP divide and square root
 * 20 (compare the tables of SiFive U74 and Arm Cortex-A55 software optimisation guides).
 */
final class Latencies {
    private static final byte[] CYCLES = cycles();

    private Latencies() {}

    private static byte[] cycles() {
        byte[] cycles = new byte[Op.count() + 1];
        for (int i = 0; i < Op.count(); i++) {
            cycles[i + 1] = of(Op.at(i).kind);
        }
        return cycles;
    }

    private static byte of(Kind kind) {
        return switch (kind) {
            case ALU, BRANCH, JUMP, LOAD, STORE, ATOMIC, CSR, SYSTEM, ORDER, CACHE, HYPLOAD, HYPSTORE -> 1;
            case MULT -> 3;
            case FP, FMA -> 4;
            case DIVIDE, FPDIV -> 20;
        };
    }

    static int cycles(long slot) {
        int op = Slot.op(slot);
        return op < CYCLES.length ? CYCLES[op] : 1;
    }
}
