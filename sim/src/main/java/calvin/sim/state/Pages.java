package calvin.sim.state;

/** Sparse memory in pages of {@link #PAGE_BYTES}, as snapshots see it. */
public interface Pages {
    int PAGE_BYTES = 4096;

    /** The lowest page number {@code >= from} that has been touched, or -1. */
    long nextPage(long from);

    /** Copies page {@code page} into {@code into[0..PAGE_BYTES)}. */
    void copyPage(long page, byte[] into);

    /** Makes every page absent. */
    void clear();

    /** Sets the contents of page {@code page}. */
    void putPage(long page, byte[] from);

    /**
     * An image that shares all pages copy-on-write with this memory. It stays valid whatever happens to this memory.
     */
    PageImage share();

    /**
     * Replaces the contents by an image: shared copy-on-write where a memory of the same kind made it, copied
     * otherwise.
     */
    void adopt(PageImage image);

    /** Pages held by a snapshot in memory: the same enumeration, read-only. */
    interface PageImage {
        long nextPage(long from);

        void copyPage(long page, byte[] into);
    }
}
