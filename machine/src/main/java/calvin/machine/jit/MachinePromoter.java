package calvin.machine.jit;

import calvin.machine.hart.HartBus;
import calvin.machine.interp.CodePage;
import calvin.machine.interp.Promoter;
import calvin.machine.jit.PageCode.Translation;
import calvin.sim.state.Derived;
import java.util.ArrayList;
import java.util.List;

/** Links the regions of a {@link RegionCache} to the pages of one machine. Owned by the machine's lane. */
public final class MachinePromoter implements Promoter {
    /** What a page keeps of its translation. */
    private static final class Linked {
        final PageCode code;
        int translations;

        Linked(PageCode code) {
            this.code = code;
        }
    }

    private final RegionCache cache;
    private final HartBus bus;
    private final Sampling sampling;
    @Derived(from = "the pages that are hot")
    private final List<CodePage> pages = new ArrayList<>();
    @Derived(from = "the cache")
    private long seen;
    @Derived(from = "the pages")
    private long links;

    public MachinePromoter(RegionCache cache, HartBus bus) {
        this.cache = cache;
        this.bus = bus;
        sampling = new Sampling(cache.tuning().period(), cache.tuning().burst());
    }

    @Override
    public Sampling sampling() {
        return sampling;
    }

    @Override
    public void reached(CodePage page, int halfword, int weight) {
        if (page.linked(halfword)) {
            return;
        }
        if (page.translation() == null) {
            page.translation(new Linked(cache.page(image(page))));
            pages.add(page);
        }
        Linked linked = (Linked) page.translation();
        cache.heat(linked.code, halfword, weight);
        link(page, linked);
    }

    private PageImage image(CodePage page) {
        short[] halves = new short[PageImage.BYTES / 2];
        for (int i = 0; i < halves.length; i++) {
            halves[i] = (short) bus.fetchHalf(page.pa() + 2L * i);
        }
        return new PageImage(halves);
    }

    @Override
    public void poll() {
        if (seen == cache.made()) {
            return;
        }
        seen = cache.made();
        pages.removeIf(CodePage::dropped);
        for (int i = 0; i < pages.size(); i++) {
            link(pages.get(i), (Linked) pages.get(i).translation());
        }
    }

    @Override
    public long links() {
        return links;
    }

    private void link(CodePage page, Linked linked) {
        List<Translation> all = linked.code.translations();
        while (linked.translations < all.size()) {
            Translation translation = all.get(linked.translations++);
            for (int entry : translation.entries()) {
                if (entry == translation.entry() || !page.linked(entry >>> 1)) {
                    page.link(entry >>> 1, translation.region());
                    links++;
                }
            }
        }
    }
}
