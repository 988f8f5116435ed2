package calvin.machine.jit;

import calvin.machine.isa.Op;
import calvin.machine.isa.Slot;
import java.util.ArrayList;
import java.util.List;

/**
 * Which registers an instruction names: from the operands in the instruction table. Integer registers are 0 to 31,
 * floating-point registers 32 to 63.
 *
 * @param reads  registers read; x0 is not among them
 * @param writes the register written, or -1
 */
record Operands(List<Integer> reads, int writes) {
    static final int FLOAT = 32;

    static Operands of(long slot) {
        List<Integer> reads = new ArrayList<>();
        int writes = -1;
        for (String word : Op.at(Slot.op(slot) - 1).syntax.split("[^a-z0-9]+")) {
            switch (word) {
                case "rs1" -> reads.add(Slot.rs1(slot));
                case "rs2" -> reads.add(Slot.rs2(slot));
                case "fs1" -> reads.add(FLOAT + Slot.rs1(slot));
                case "fs2" -> reads.add(FLOAT + Slot.rs2(slot));
                case "fs3" -> reads.add(FLOAT + Slot.rs3(slot));
                case "rd" -> writes = Slot.rd(slot) == Slot.SINK ? -1 : Slot.rd(slot);
                case "fd" -> writes = FLOAT + Slot.rd(slot);
                default -> {
                }
            }
        }
        reads.removeIf(register -> register == 0);
        return new Operands(reads, writes);
    }
}
