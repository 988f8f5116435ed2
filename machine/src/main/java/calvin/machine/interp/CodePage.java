package calvin.machine.interp;

import calvin.machine.isa.Slot;
import calvin.sim.state.Derived;
import java.util.Arrays;

/**
 * The decoded instructions of one physical page: a {@link Slot} per halfword, 0 where nothing has been decoded yet.
 * Owned by a {@link CodeCache}; content follows from the page's bytes, so it may be dropped at any time.
 *
 * <p>Where a translated region may be entered, the slot is {@link Interpreter#REGION} with the number of a link.
 */
public final class CodePage {
    static final int HALFWORDS = 2048;

    /** A region to go on in, and the slot that stood where it is entered. */
    record Link(Region region, long hidden) {}

    /** Physical address of the page. */
    final long pa;
    /** Virtual address of the page where it has stops; unused in a page without. */
    final long stopVa;
    /** One slot per halfword, then {@link Interpreter#PAGE_END}, so that running off the end needs no test. */
    final long[] slots = new long[HALFWORDS + 1];
    @Derived(from = "the page's bytes")
    private Link[] links;
    @Derived(from = "the page's bytes")
    private int linkCount;
    /** Whatever translated this page keeps with it; null if nobody did. */
    @Derived(from = "the page's bytes")
    private Object translation;
    /** The page's bytes have changed since: nobody will execute it again. */
    @Derived(from = "nothing: set once")
    private boolean dropped;

    CodePage(long pa) {
        this(pa, -1);
    }

    CodePage(long pa, long stopVa) {
        this.pa = pa;
        this.stopVa = stopVa;
        slots[HALFWORDS] = Interpreter.PAGE_END;
    }

    /** Whether a debugger stops somewhere on it. Such a page is never translated: a region would run over the stop. */
    boolean hasStops() {
        return stopVa != -1;
    }

    /** Physical address of the page. */
    public long pa() {
        return pa;
    }

    public Object translation() {
        return translation;
    }

    public void translation(Object value) {
        translation = value;
    }

    public boolean dropped() {
        return dropped;
    }

    void drop() {
        dropped = true;
    }

    Link link(long slot) {
        return links[Slot.immediate(slot)];
    }

    /** Whether execution that comes to this halfword goes on in a region. */
    public boolean linked(int halfword) {
        return Slot.op(slots[halfword]) == Interpreter.REGION;
    }

    /** From now on, execution that comes to this halfword goes on in the region. */
    public void link(int halfword, Region region) {
        long slot = slots[halfword];
        if (Slot.op(slot) == Interpreter.REGION) {
            links[Slot.immediate(slot)] = new Link(region, links[Slot.immediate(slot)].hidden);
            return;
        }
        links = links == null ? new Link[4] : linkCount < links.length ? links : Arrays.copyOf(links, 2 * linkCount);
        links[linkCount] = new Link(region, slot);
        slots[halfword] = Slot.of(Interpreter.REGION, 0, 0, 0, 0, linkCount++);
    }
}
