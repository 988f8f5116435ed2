package calvin.machine.interp;

import calvin.machine.isa.Slot;

/**
 * The decoded instructions of one physical page: a {@link Slot} per halfword, 0 where nothing has been decoded yet.
 * Owned by a {@link CodeCache}; content follows from the page's bytes, so it may be dropped at any time.
 */
final class CodePage {
    static final int HALFWORDS = 2048;
    /** Physical address of the page. */
    final long pa;
    /** One slot per halfword, then {@link Interpreter#PAGE_END}, so that running off the end needs no test. */
    final long[] slots = new long[HALFWORDS + 1];

    CodePage(long pa) {
        this.pa = pa;
        slots[HALFWORDS] = Interpreter.PAGE_END;
    }
}
