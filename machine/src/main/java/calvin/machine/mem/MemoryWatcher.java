package calvin.machine.mem;

/** Told by a memory when what others have cached of it goes stale. */
public interface MemoryWatcher {
    /** The frame of this page was replaced; host addresses in the page at {@code oldHost} must not be used any more. */
    void frameMoved(long pagePa, long oldHost);

    /** From now on the memory wants to hear of stores to this page: drop direct ways to write to {@code host}. */
    void storesWatched(long pagePa, long host);

    /** A page that was watched as code is about to change, and is not watched any more. */
    void codeChanged(long pagePa);

    /** A page that held page-table entries is about to change, and is not watched any more: translations are stale. */
    void tablesChanged();

    /** All frames are shared now: host addresses may still be read, but not written. */
    void framesShared();

    /** Every frame was replaced: a restore. */
    void allChanged();

    /** Nobody has cached anything. */
    MemoryWatcher NONE = new MemoryWatcher() {
        @Override
        public void frameMoved(long pagePa, long oldHost) {}

        @Override
        public void storesWatched(long pagePa, long host) {}

        @Override
        public void codeChanged(long pagePa) {}

        @Override
        public void tablesChanged() {}

        @Override
        public void framesShared() {}

        @Override
        public void allChanged() {}
    };
}
