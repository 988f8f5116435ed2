package calvin.machine.jit;

import calvin.machine.isa.Decoder;
import calvin.machine.jit.PageCode.Translation;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The regions of a process, by the content of the page they were made of: a thousand machines that run one image share
 * each of them, and HotSpot's work on it. Safe for use by many threads; nothing a guest can observe depends on it.
 *
 * <p>Bounded: when there are too many regions, or contents of pages, the content that came first is forgotten. Machines
 * that have linked its regions keep them until their page changes or is dropped; then their classes are unloaded.
 */
public final class RegionCache {
    private final Decoder decoder;
    private final Tuning tuning;
    private final Compiler compiler;
    private final ConcurrentMap<PageImage, PageCode> pages = new ConcurrentHashMap<>();
    private final Queue<PageImage> order = new ConcurrentLinkedQueue<>();
    private final AtomicInteger kept = new AtomicInteger();
    private final AtomicLong made = new AtomicLong();

    /** A cache for machines whose instructions {@code decoder} knows. */
    public RegionCache(Decoder decoder, Tuning tuning) {
        this.decoder = decoder;
        this.tuning = tuning;
        compiler = new Compiler(this, tuning.background());
    }

    Tuning tuning() {
        return tuning;
    }

    Decoder decoder() {
        return decoder;
    }

    /** What is known of a page with this content. */
    PageCode page(PageImage image) {
        PageCode known = pages.get(image);
        return known != null ? known : keep(new PageCode(image));
    }

    /** Makes a page known, unless there is one with its content, and returns the one that is known then. */
    private PageCode keep(PageCode page) {
        PageCode other = pages.putIfAbsent(page.image(), page);
        if (other != null) {
            return other;
        }
        order.add(page.image());
        kept.addAndGet(page.translations().size());
        while ((kept.get() > tuning.regions() || pages.size() > tuning.regions()) && !order.isEmpty()) {
            PageCode dropped = pages.remove(order.remove());
            kept.addAndGet(-dropped.translations().size());
        }
        return page;
    }

    /** Tells that a place was reached so often; has it compiled when it is hot. */
    void heat(PageCode page, int halfword, int weight) {
        long threshold = tuning.threshold() * (1 + made.get() / tuning.patience());
        if (page.heats(halfword, weight, (int) Math.min(threshold, Integer.MAX_VALUE))) {
            compiler.request(page, 2 * halfword);
        }
    }

    /** Called by the compiler. */
    void publish(PageCode page, Translation translation) {
        boolean known = keep(page) == page; // it may have been forgotten, and its content known anew
        page.translations().add(translation);
        made.incrementAndGet();
        if (known) {
            kept.incrementAndGet();
        }
    }

    /** What was done since the process began. */
    public RegionStats stats() {
        long all = made.get();
        return new RegionStats(all, Math.max(0, all - kept.get()), compiler.waiting());
    }

    /** Regions made since the process began. Changes when there is something new to link. */
    public long made() {
        return made.get();
    }
}
