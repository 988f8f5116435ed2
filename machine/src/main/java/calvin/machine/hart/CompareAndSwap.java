package calvin.machine.hart;

import calvin.machine.isa.Slot;
import calvin.machine.mem.HostMemory;

/** Zacas: AMOCAS.W, AMOCAS.D and AMOCAS.Q once their operand may be written (unpriv, "Zacas" chapter). */
public final class CompareAndSwap {
    public static final int QUADWORD = 4;

    private CompareAndSwap() {}

    /**
     * Stores rs2 where memory equals rd; rd becomes what memory held, a word sign-extended. Pairs whose first register
     * is x0 read as zero and take no result.
     *
     * @param host     host address of the operand
     * @param rd       register number, {@link Slot#SINK} for x0
     * @param sizeLog2 2, 3 or {@link #QUADWORD}
     */
    public static void execute(Hart hart, long host, int rd, int rs2, int sizeLog2) {
        long[] x = hart.x;
        long expected = rd == Slot.SINK ? 0 : x[rd];
        if (sizeLog2 == 2) {
            int old = HostMemory.i32(host);
            if (old == (int) expected) {
                HostMemory.i32(host, (int) x[rs2]);
            }
            x[rd] = old;
            return;
        }
        long old = HostMemory.i64(host);
        if (sizeLog2 == 3) {
            if (old == expected) {
                HostMemory.i64(host, x[rs2]);
            }
            x[rd] = old;
            return;
        }
        long oldHigh = HostMemory.i64(host + 8);
        long expectedHigh = rd == Slot.SINK ? 0 : x[rd + 1];
        if (old == expected && oldHigh == expectedHigh) {
            HostMemory.i64(host, rs2 == 0 ? 0 : x[rs2]);
            HostMemory.i64(host + 8, rs2 == 0 ? 0 : x[rs2 + 1]);
        }
        if (rd != Slot.SINK) {
            x[rd] = old;
            x[rd + 1] = oldHigh;
        }
    }
}
