package calvin.machine.interp;

import calvin.machine.hart.CodeWatcher;
import calvin.sim.state.Derived;
import org.eclipse.collections.impl.map.mutable.primitive.LongObjectHashMap;

/**
 * Decoded pages of one machine by physical address, shared by its harts (owned by the machine's lane). A page costs 16
 * KiB and lives until its bytes change.
 */
public final class CodeCache implements CodeWatcher {
    @Derived(from = "the bytes of code pages")
    private final LongObjectHashMap<CodePage> pages = new LongObjectHashMap<>();
    /** Changes whenever a page was dropped, so that references kept elsewhere are to be looked up again. */
    @Derived(from = "nothing: compared for equality only")
    long generation;

    CodePage page(long pa) {
        CodePage page = pages.get(pa);
        if (page == null) {
            page = new CodePage(pa);
            pages.put(pa, page);
        }
        return page;
    }

    @Override
    public void codeChanged(long pagePa) {
        CodePage page = pages.remove(pagePa);
        if (page != null) {
            page.drop();
            generation++;
        }
    }

    @Override
    public void allCodeChanged() {
        pages.forEach(CodePage::drop);
        pages.clear();
        generation++;
    }
}
