package calvin.machine.hart;

/** Told when bytes of a page change that an engine may have decoded. */
public interface CodeWatcher {
    /** The page at physical address {@code pagePa} is about to change. The page is no longer watched. */
    void codeChanged(long pagePa);

    /** Everything may have changed: a restore, a fence of all code. */
    void allCodeChanged();
}
