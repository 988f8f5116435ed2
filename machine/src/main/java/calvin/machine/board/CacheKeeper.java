package calvin.machine.board;

import calvin.machine.hart.Engine;
import calvin.machine.hart.HartUnit;
import calvin.machine.mem.MemoryWatcher;
import calvin.sim.state.Derived;
import java.util.List;

/** Takes out of TLBs and engines what memory says has gone stale. */
final class CacheKeeper implements MemoryWatcher {
    private final List<HartUnit> units;
    private final List<Engine> engines;
    @Derived(from = "how the machine was executed")
    private long codeChanges;

    CacheKeeper(List<HartUnit> units, List<Engine> engines) {
        this.units = units;
        this.engines = engines;
    }

    @Override
    public void frameMoved(long pagePa, long oldHost) {
        for (int i = 0; i < units.size(); i++) {
            units.get(i).drop(oldHost, false);
        }
    }

    @Override
    public void storesWatched(long pagePa, long host) {
        for (int i = 0; i < units.size(); i++) {
            units.get(i).drop(host, true);
        }
    }

    /** Stores so far that changed a page of code, and so what engines had made of it. */
    long codeChanges() {
        return codeChanges;
    }

    @Override
    public void codeChanged(long pagePa) {
        codeChanges++;
        for (int i = 0; i < engines.size(); i++) {
            engines.get(i).codeChanged(pagePa);
        }
    }

    @Override
    public void tablesChanged() {
        for (int i = 0; i < units.size(); i++) {
            units.get(i).flush();
        }
    }

    @Override
    public void framesShared() {
        for (int i = 0; i < units.size(); i++) {
            units.get(i).flushWrites();
        }
    }

    @Override
    public void allChanged() {
        for (int i = 0; i < units.size(); i++) {
            units.get(i).flush();
            engines.get(i).allCodeChanged();
        }
    }
}
