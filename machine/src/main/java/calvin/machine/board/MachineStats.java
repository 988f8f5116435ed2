package calvin.machine.board;

import calvin.machine.hart.HartStats;
import calvin.machine.hart.HartUnit;
import java.util.List;

/**
 * How machines were executed: not what they computed, so it may differ between engines.
 *
 * @param instructions retired by all harts
 * @param translated   those of them that translated code retired
 * @param tlbFills     translations put into data TLBs
 * @param tlbFlushes   times a data TLB was emptied, of everything or of a part
 * @param codeChanges  stores that changed a page of code, and so what engines had made of it
 */
public record MachineStats(long instructions, long translated, long tlbFills, long tlbFlushes, long codeChanges) {
    public static final MachineStats NONE = new MachineStats(0, 0, 0, 0, 0);

    static MachineStats of(List<HartUnit> units, long codeChanges) {
        MachineStats sum = NONE;
        for (HartUnit unit : units) {
            HartStats hart = unit.hart().stats;
            sum = sum.plus(
                    new MachineStats(unit.hart().instret, hart.translated, hart.tlbFills, hart.tlbFlushes, 0));
        }
        return sum.plus(new MachineStats(0, 0, 0, 0, codeChanges));
    }

    /** Of this machine and others. */
    public MachineStats plus(MachineStats other) {
        return new MachineStats(instructions + other.instructions, translated + other.translated,
                tlbFills + other.tlbFills, tlbFlushes + other.tlbFlushes, codeChanges + other.codeChanges);
    }
}
