package calvin.machine.interp;

import calvin.machine.hart.CodeWatcher;
import calvin.machine.hart.Stops;
import calvin.sim.state.Derived;
import java.util.ArrayList;
import java.util.List;
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

    /** Pages with stops on them, each for one virtual page; few. */
    @Derived(from = "the bytes of code pages and the debugger's stops")
    private final List<CodePage> stopPages = new ArrayList<>();

    /** The page at {@code pa} as it is where it is mapped at {@code pageVa}: with the stops of those addresses. */
    CodePage page(long pa, long pageVa, Stops stops) {
        if (!stops.inPage(pageVa)) {
            return page(pa);
        }
        for (CodePage page : stopPages) {
            if (page.pa == pa && page.stopVa == pageVa) {
                return page;
            }
        }
        CodePage page = new CodePage(pa, pageVa);
        for (int halfword : stops.halfwords(pageVa)) {
            page.slots[halfword] = Interpreter.STOP;
        }
        stopPages.add(page);
        return page;
    }

    /** Where stops are has changed. */
    void stopsChanged() {
        stopPages.clear();
        generation++;
    }

    private CodePage page(long pa) {
        CodePage page = pages.get(pa);
        if (page == null) {
            page = new CodePage(pa);
            pages.put(pa, page);
        }
        return page;
    }

    @Override
    public void codeChanged(long pagePa) {
        boolean stops = stopPages.removeIf(page -> page.pa == pagePa);
        CodePage page = pages.remove(pagePa);
        if (page != null) {
            page.drop();
        }
        if (page != null || stops) {
            generation++;
        }
    }

    @Override
    public void allCodeChanged() {
        pages.forEach(CodePage::drop);
        pages.clear();
        stopPages.clear();
        generation++;
    }
}
