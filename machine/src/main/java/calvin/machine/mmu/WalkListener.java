package calvin.machine.mmu;

/** Hears of the page-table entries that a walk reads, in order. */
public interface WalkListener {
    /**
     * @param ptePa physical address of the entry
     * @param guest it belongs to the G stage
     * @param leaf  it maps a page
     */
    void entry(long ptePa, boolean guest, boolean leaf);

    /** Nobody listens. */
    WalkListener NONE = (ptePa, guest, leaf) -> {
    };
}
