package calvin.machine.aia;

import static calvin.machine.aia.IdcStruct.*;

import calvin.machine.bus.IrqLine;
import calvin.machine.bus.RegisterMap;
import calvin.machine.bus.RegisterMap.Access;
import calvin.sim.state.Block;
import java.util.List;

/** The delivery of an {@link AplicDomain}'s interrupts to harts directly (aia 4.8). Its state is in the domain's. */
final class IdcUnit {
    private static final int STRIDE = 32;
    private static final int IDELIVERY_AT = 0;
    private static final int IFORCE_AT = 4;
    private static final int ITHRESHOLD_AT = 8;
    private static final int TOPI = 0x18;
    private static final int CLAIMI = 0x1C;
    private static final int HART_SHIFT = 18;
    private static final int IDENTITY_SHIFT = 16;
    private static final int PRIORITY = 0xFF;

    private final AplicDomain domain;
    private final Block state;
    private final int base;
    private final IrqLine[] line;

    IdcUnit(AplicDomain domain, Block state, int base, List<IrqLine> lines) {
        this.domain = domain;
        this.state = state;
        this.base = base;
        line = lines.toArray(new IrqLine[0]);
    }

    static void declare(RegisterMap registers, int harts) {
        int w = RegisterMap.W4;
        int at = AplicDomain.IDC;
        // @formatter:off
        registers
            .registers("IDELIVERY", at + IDELIVERY_AT, harts, STRIDE, w, Access.READ_WRITE, "aia 4.8.1.1")
            .registers("IFORCE", at + IFORCE_AT, harts, STRIDE, w, Access.READ_WRITE, "aia 4.8.1.2")
            .registers("ITHRESHOLD", at + ITHRESHOLD_AT, harts, STRIDE, w, Access.READ_WRITE, "aia 4.8.1.3")
            .registers("TOPI", at + TOPI, harts, STRIDE, w, Access.READ_ONLY, "aia 4.8.1.4")
            .registers("CLAIMI", at + CLAIMI, harts, STRIDE, w, Access.READ_ONLY, "aia 4.8.1.5: reading claims");
        // @formatter:on
    }

    private int at(int hart) {
        return base + hart * S.sizeBytes();
    }

    /** topi: the source of lowest priority number below the threshold, the lowest source first; 0 for none. */
    private long top(int hart) {
        long threshold = ITHRESHOLD.get(state, at(hart));
        long best = 0;
        long bestPriority = threshold == 0 ? PRIORITY + 1 : threshold;
        for (int source = domain.nextReady(1); source > 0; source = domain.nextReady(source + 1)) {
            long target = domain.target(source);
            if (target >>> HART_SHIFT == hart && (target & PRIORITY) < bestPriority) {
                bestPriority = target & PRIORITY;
                best = (long) source << IDENTITY_SHIFT | bestPriority;
            }
        }
        return best;
    }

    void update() {
        for (int hart = 0; hart < line.length; hart++) {
            int at = at(hart);
            boolean raised = domain.enabled() && IDELIVERY.get(state, at) != 0
                    && (IFORCE.get(state, at) != 0 || top(hart) != 0);
            if (raised != (RAISED.get(state, at) != 0)) {
                RAISED.set(state, at, raised ? 1 : 0);
                line[hart].set(raised);
            }
        }
    }

    void lower() {
        for (IrqLine wire : line) {
            wire.set(false);
        }
    }

    long load(int offset) {
        int hart = offset / STRIDE;
        int at = at(hart);
        return switch (offset % STRIDE) {
            case IDELIVERY_AT -> IDELIVERY.get(state, at);
            case IFORCE_AT -> IFORCE.get(state, at);
            case ITHRESHOLD_AT -> ITHRESHOLD.get(state, at);
            case TOPI -> top(hart);
            default -> claim(hart);
        };
    }

    private long claim(int hart) {
        long top = top(hart);
        if (top == 0) {
            IFORCE.set(state, at(hart), 0);
        } else {
            domain.taken((int) (top >>> IDENTITY_SHIFT));
        }
        update();
        return top;
    }

    void store(int offset, long value) {
        int at = at(offset / STRIDE);
        switch (offset % STRIDE) {
            case IDELIVERY_AT -> IDELIVERY.set(state, at, value & 1);
            case IFORCE_AT -> IFORCE.set(state, at, value & 1);
            default -> ITHRESHOLD.set(state, at, value & PRIORITY);
        }
        update();
    }
}
