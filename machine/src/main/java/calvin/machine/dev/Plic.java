package calvin.machine.dev;

import static calvin.machine.dev.PlicStruct.*;

import calvin.machine.bus.Device;
import calvin.machine.bus.IrqLine;
import calvin.machine.bus.RegisterMap;
import calvin.machine.bus.RegisterMap.Access;
import calvin.sim.check.Check;
import calvin.sim.state.Block;
import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;
import java.util.List;

/**
 * The platform-level interrupt controller: which device's wire interrupts which hart. Contexts, sources and priority
 * levels are numbered as on QEMU's virt machine: context 2n is hart n at M level, 2n+1 at S level.
 *
 * <pre>
 * 0x000000 + 4*source           PRIORITY   0 never, 1 lowest, 7 highest
 * 0x001000 + 4*(source/32)      PENDING    read-only
 * 0x002000 + 0x80*context       ENABLE     one bit per source, 32 words per context
 * 0x200000 + 0x1000*context     THRESHOLD  only higher priorities interrupt
 * 0x200004 + 0x1000*context     CLAIM      reading claims the best pending source, writing completes it
 * </pre>
 *
 * Gateways are level-triggered: a request stays pending when its wire falls, and a wire still high at completion asks
 * again. Interrupts and claims take no time. Not emulated: edge-triggered gateways. Spec: RISC-V PLIC 1.0.0.
 */
public final class Plic implements Device {
    public static final int WINDOW_BYTES = 0x60_0000;
    /** Sources are 1 to {@code SOURCES - 1}; 0 means none. */
    public static final int SOURCES = 96;

    private static final int PENDING_AT = 0x1000;
    private static final int ENABLE_AT = 0x2000;
    private static final int ENABLE_STRIDE = 0x80;
    private static final int CONTEXT_AT = 0x20_0000;
    private static final int CONTEXT_STRIDE = 0x1000;
    private static final int CLAIM = 4;
    private static final int PRIORITY_MASK = 7;
    private static final int WORD_BITS = 32;

    private final String stateName;
    private final RegisterMap registers = new RegisterMap(WINDOW_BYTES);
    private final IrqLine[] target;
    /** {@link PlicStruct}, then a {@link PlicContextStruct} per context. */
    private final Block state;

    /** @param targets wires by context */
    public Plic(String stateName, List<IrqLine> targets) {
        this.stateName = stateName;
        target = targets.toArray(new IrqLine[0]);
        int contexts = target.length;
        Check.that(CONTEXT_AT + contexts * CONTEXT_STRIDE <= WINDOW_BYTES, "too many contexts", contexts);
        state = new Block(S.sizeBytes() + contexts * PlicContextStruct.S.sizeBytes());
        // @formatter:off
        registers
            .registers("PRIORITY", 0, SOURCES, 4, RegisterMap.W4, Access.READ_WRITE, "plic 4: priority of a source")
            .registers("PENDING", PENDING_AT, SOURCES / WORD_BITS, 4, RegisterMap.W4, Access.READ_ONLY,
                "plic 5: requests waiting")
            .registers("ENABLE", ENABLE_AT, contexts * ENABLE_STRIDE / 4, 4, RegisterMap.W4, Access.READ_WRITE,
                "plic 6: sources of a context; absent ones stay 0")
            .registers("THRESHOLD", CONTEXT_AT, contexts, CONTEXT_STRIDE, RegisterMap.W4, Access.READ_WRITE,
                "plic 7: priority threshold of a context")
            .registers("CLAIM", CONTEXT_AT + CLAIM, contexts, CONTEXT_STRIDE, RegisterMap.W4, Access.READ_WRITE,
                "plic 8, 9: claim and completion");
        // @formatter:on
    }

    /** The wire of source 1 to 95. */
    public IrqLine source(int number) {
        Check.that(number > 0 && number < SOURCES, "no such interrupt source", number);
        return high -> setLevel(number, high);
    }

    private void setLevel(int source, boolean high) {
        if (has(LEVEL.offset(), source) != high) {
            set(LEVEL.offset(), source, high);
            admit(source);
        }
    }

    /** plic 3: an open gateway passes one request on, then stays closed until its completion. */
    private void admit(int source) {
        if (has(LEVEL.offset(), source) && !has(CLAIMED.offset(), source) && !has(PENDING.offset(), source)) {
            set(PENDING.offset(), source, true);
            update();
        }
    }

    private boolean has(int set, int source) {
        return (state.u64(set + (source >>> 6) * 8L) >>> source & 1) != 0;
    }

    private void set(int set, int source, boolean on) {
        long at = set + (source >>> 6) * 8L;
        long bit = 1L << source;
        state.u64(at, on ? state.u64(at) | bit : state.u64(at) & ~bit);
    }

    private static int contextAt(int context) {
        return S.sizeBytes() + context * PlicContextStruct.S.sizeBytes();
    }

    private int priority(int source) {
        return state.u8(PRIORITY.offset() + (long) source);
    }

    /** The pending source of highest priority that a context enables, the lowest number first; 0 when there is none. */
    private int best(int context) {
        int enabled = contextAt(context) + PlicContextStruct.ENABLED.offset();
        int best = 0;
        for (int word = 0; word < WORDS; word++) {
            long ready = state.u64(PENDING.offset() + word * 8L) & state.u64(enabled + word * 8L);
            for (; ready != 0; ready &= ready - 1) {
                int source = word * 64 + Long.numberOfTrailingZeros(ready);
                // Source 0 has priority 0, as one that never interrupts.
                best = priority(source) > priority(best) ? source : best;
            }
        }
        return best;
    }

    private void update() {
        for (int context = 0; context < target.length; context++) {
            int at = contextAt(context);
            boolean raised = priority(best(context)) > PlicContextStruct.THRESHOLD.get(state, at);
            if (raised != (PlicContextStruct.RAISED.get(state, at) != 0)) {
                PlicContextStruct.RAISED.set(state, at, raised ? 1 : 0);
                target[context].set(raised);
            }
        }
    }

    @Override
    public RegisterMap registers() {
        return registers;
    }

    @Override
    public void reset() {
        state.zero(0, state.sizeBytes());
        for (IrqLine line : target) {
            line.set(false);
        }
    }

    @Override
    public long load(long timePs, int offset, int widthBytes) {
        if (offset < PENDING_AT) {
            return priority(offset / 4);
        }
        if (offset < ENABLE_AT) {
            return state.u32(PENDING.offset() + (long) offset - PENDING_AT);
        }
        if (offset < CONTEXT_AT) {
            int at = enabledAt(offset);
            return at < 0 ? 0 : state.u32(at);
        }
        int context = (offset - CONTEXT_AT) / CONTEXT_STRIDE;
        boolean claims = offset % CONTEXT_STRIDE == CLAIM;
        return claims ? claim(context) : PlicContextStruct.THRESHOLD.get(state, contextAt(context));
    }

    /** Where the word of ENABLE at this offset is kept, or -1 for one of absent sources. */
    private static int enabledAt(int offset) {
        int context = (offset - ENABLE_AT) / ENABLE_STRIDE;
        int within = offset % ENABLE_STRIDE;
        return within >= SOURCES / 8 ? -1 : contextAt(context) + PlicContextStruct.ENABLED.offset() + within;
    }

    private int claim(int context) {
        int source = best(context);
        if (source != 0) {
            set(PENDING.offset(), source, false);
            set(CLAIMED.offset(), source, true);
            update();
        }
        return source;
    }

    @Override
    public void store(long timePs, int offset, int widthBytes, long value) {
        if (offset < PENDING_AT) {
            // plic 4: source 0 does not exist.
            state.u8(PRIORITY.offset() + offset / 4L, offset == 0 ? 0 : (int) value & PRIORITY_MASK);
        } else if (offset < CONTEXT_AT) {
            int at = enabledAt(offset);
            if (at < 0) {
                return;
            }
            // Source 0 cannot be enabled.
            state.u32(at, offset % ENABLE_STRIDE == 0 ? value & ~1L : value);
        } else {
            int context = (offset - CONTEXT_AT) / CONTEXT_STRIDE;
            if (offset % CONTEXT_STRIDE == CLAIM) {
                complete(context, value);
                return;
            }
            PlicContextStruct.THRESHOLD.set(state, contextAt(context), value & PRIORITY_MASK);
        }
        update();
    }

    /** plic 9: what this context does not enable is ignored. */
    private void complete(int context, long source) {
        if (source > 0 && source < SOURCES
                && has(contextAt(context) + PlicContextStruct.ENABLED.offset(), (int) source)) {
            set(CLAIMED.offset(), (int) source, false);
            admit((int) source);
        }
    }

    @Override
    public String stateName() {
        return stateName;
    }

    @Override
    public void save(StateWriter out) {
        state.save(out);
    }

    @Override
    public void load(StateReader in) {
        state.load(in);
    }
}
