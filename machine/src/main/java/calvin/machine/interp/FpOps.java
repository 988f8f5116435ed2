package calvin.machine.interp;

import calvin.machine.hart.Hart;
import calvin.machine.hart.HartBus;

/** Dispatches floating-point instructions. */
final class FpOps {
    /** Upper half of a NaN-boxed single (unpriv D, "NaN Boxing of Narrower Values"). */
    static final long BOX = 0xFFFF_FFFF_0000_0000L;

    static boolean knows(int op) {
        return false;
    }

    boolean execute(Hart hart, HartBus bus, long slot) {
        return false;
    }
}
