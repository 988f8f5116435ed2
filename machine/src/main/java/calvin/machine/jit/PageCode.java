package calvin.machine.jit;

import calvin.machine.interp.Region;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * What is known of one content of a page, by all machines that have a page with it: how hot its places are, and the
 * regions made of it. Used by all lanes and the compiling thread.
 */
final class PageCode {
    /** Added to the heat of a place when it is given to the compiler, so that it never is again. */
    private static final int REQUESTED = Integer.MIN_VALUE / 2;

    /** A region and the byte offsets at which it may be entered; {@code entry} is the one it was made for. */
    record Translation(Region region, int entry, SortedSet<Integer> entries) {}

    private final PageImage image;
    private final AtomicIntegerArray heat = new AtomicIntegerArray(PageImage.BYTES / 2);
    private final List<Translation> translations = new CopyOnWriteArrayList<>();

    PageCode(PageImage image) {
        this.image = image;
    }

    PageImage image() {
        return image;
    }

    /** Regions in the order in which they were made; only ever grows. */
    List<Translation> translations() {
        return translations;
    }

    /** Byte offsets of the places that were given to the compiler or are at least this hot. */
    List<Integer> warm(int least) {
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < heat.length(); i++) {
            int h = heat.get(i);
            if (h < 0 || h >= least) {
                places.add(2 * i);
            }
        }
        return places;
    }

    /** Adds to the heat of a halfword; true for the one caller who is to have it compiled. */
    boolean heats(int halfword, int weight, int threshold) {
        int sum = heat.addAndGet(halfword, weight);
        return sum >= threshold && heat.compareAndSet(halfword, sum, REQUESTED);
    }
}
