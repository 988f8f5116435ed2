package calvin.machine.timing;

import calvin.sim.state.Derived;
import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;

/**
 * Caches, links and memories of a machine: what one access to a line costs, and what it leaves behind.
 *
 * <pre>
 * core: L1I, L1D - L2 ---- link (if remote) ---- home node: last-level cache and directory - DRAM
 * </pre>
 *
 * A line that a core writes is in no other core; a line that others read may be written only after its home has taken
 * it from them. Writing back costs nothing: only what a hart waits for is counted.
 *
 * <p>Cost: a few scans of a cache set per access.
 */
final class MemorySystem {
    private final TimingSpec spec;
    private final MachineShape shape;
    private final CoreCaches[] cores;
    private final Home[] homes;
    /** By from-node times nodes plus to-node. */
    private final Throughput[] links;
    private final int[] coreNode;
    private final long[] regionBase;
    private final long[] regionEnd;
    private final int[] regionNode;
    /** No other core holds the line, so the core may write it without asking again. */
    @Derived(from = "the last request")
    private boolean alone;

    MemorySystem(TimingSpec spec, MachineShape shape) {
        this.spec = spec;
        this.shape = shape;
        int nodes = shape.dram().size();
        cores = new CoreCaches[shape.cores()];
        coreNode = new int[cores.length];
        for (int i = 0; i < cores.length; i++) {
            cores[i] = new CoreCaches(spec);
            coreNode[i] = shape.nodeOfHart().get(i * shape.hartsPerCore());
        }
        homes = new Home[nodes];
        links = new Throughput[nodes * nodes];
        for (int i = 0; i < nodes; i++) {
            homes[i] = new Home(spec.last(), shape.dram().get(i), cores.length);
        }
        for (int i = 0; i < links.length; i++) {
            links[i] = new Throughput(spec.linkPs());
        }
        regionBase = shape.regions().stream().mapToLong(MachineShape.Region::basePa).toArray();
        regionEnd = shape.regions().stream().mapToLong(region -> region.basePa() + region.sizeBytes()).toArray();
        regionNode = shape.regions().stream().mapToInt(MachineShape.Region::node).toArray();
    }

    private int nodeOf(long pa) {
        for (int i = 0; i < regionBase.length; i++) {
            if (pa >= regionBase[i] && pa < regionEnd[i]) {
                return regionNode[i];
            }
        }
        return 0;
    }

    private long cycles(int cycles) {
        return cycles * shape.periodPs();
    }

    /** From the request to the data, in picoseconds, for the line that holds {@code pa}. */
    long access(int core, long pa, boolean write, boolean instruction, long nowPs) {
        CoreCaches caches = cores[core];
        long line = pa >>> TimingSpec.LINE_SHIFT;
        boolean first = caches.inFirst(line, instruction);
        int place = caches.inSecond(line);
        if (first && (!write || caches.exclusive(place))) {
            return Math.max(cycles((instruction ? spec.firstInstruction() : spec.firstData()).latencyCycles()),
                    caches.arrivesPs(place) - nowPs);
        }
        long latencyPs;
        if (place >= 0 && (!write || caches.exclusive(place))) {
            latencyPs = Math.max(cycles(spec.second().latencyCycles()), caches.arrivesPs(place) - nowPs);
        } else {
            latencyPs = cycles(spec.second().latencyCycles()) + request(core, pa, write, nowPs);
            if (place >= 0) {
                caches.exclusive(place, true);
            } else {
                caches.fillSecond(line, alone, 0);
            }
        }
        if (!first) {
            caches.fillFirst(line, instruction);
            prefetch(core, line, nowPs);
        }
        return latencyPs;
    }

    /** A page-table entry is read by the walker, which uses L2 but no L1. */
    long walkerRead(int core, long pa, long nowPs) {
        CoreCaches caches = cores[core];
        long line = pa >>> TimingSpec.LINE_SHIFT;
        int place = caches.inSecond(line);
        if (place >= 0) {
            return Math.max(cycles(spec.second().latencyCycles()), caches.arrivesPs(place) - nowPs);
        }
        long latencyPs = cycles(spec.second().latencyCycles()) + request(core, pa, false, nowPs);
        caches.fillSecond(line, alone, 0);
        return latencyPs;
    }

    private void prefetch(int core, long line, long nowPs) {
        CoreCaches caches = cores[core];
        int stream = caches.stream(line);
        if (stream < 0) {
            return;
        }
        // Prefetchers stay within 4 KiB: what follows a page physically is another page's.
        long end = Math.min(line + spec.prefetchLines(), line | 63);
        for (long next = caches.fetched(stream) + 1; next <= end; next++) {
            if (!caches.holds(next)) {
                long latencyPs = cycles(spec.second().latencyCycles())
                        + request(core, next << TimingSpec.LINE_SHIFT, false, nowPs);
                caches.fillSecond(next, alone, nowPs + latencyPs);
            }
            caches.fetched(stream, next);
        }
    }

    /** Gets a line from its home into the core, for reading, or for writing, which takes it from all others. */
    private long request(int core, long pa, boolean write, long nowPs) {
        int node = nodeOf(pa);
        long line = pa >>> TimingSpec.LINE_SHIFT;
        long latencyPs = travel(coreNode[core], node, nowPs) + cycles(spec.last().latencyCycles());
        Home home = homes[node];
        int place = home.find(line);
        if (place < 0) {
            place = home.victim(line);
            evict(home, place);
            home.put(place, line);
            latencyPs += home.dramPs(line, nowPs + latencyPs);
        } else if (home.owner(place) >= 0 && home.owner(place) != core) {
            latencyPs += cycles(spec.transferCycles());
            cores[(int) home.owner(place)].downgrade(line);
        }
        if (write) {
            for (int other = home.nextSharer(place, 0); other >= 0; other = home.nextSharer(place, other + 1)) {
                if (other != core) {
                    cores[other].invalidate(line);
                }
            }
            home.onlyShare(place, core);
        } else {
            home.share(place, core);
        }
        alone = write || home.nextSharer(place, 0) == core && home.nextSharer(place, core + 1) < 0;
        home.own(place, alone ? core : -1);
        return latencyPs;
    }

    private void evict(Home home, int place) {
        long line = home.line(place);
        if (line < 0) {
            return;
        }
        for (int core = home.nextSharer(place, 0); core >= 0; core = home.nextSharer(place, core + 1)) {
            cores[core].invalidate(line);
        }
    }

    /** There and back between two nodes. */
    private long travel(int from, int to, long nowPs) {
        if (from == to) {
            return 0;
        }
        long beyondLocal = Math.max(0, shape.distances().get(from).get(to) - 10);
        long onePs = spec.linePsPerDistance() * beyondLocal / 10;
        return 2 * onePs + links[to * homes.length + from].reserve(nowPs + onePs) + spec.linkPs();
    }

    /**
     * A device reads or writes {@code bytes} from {@code pa} on: written lines go to their home's cache and leave all
     * cores, which is what makes a polling hart miss once.
     */
    void device(long pa, long bytes, boolean write) {
        if (bytes <= 0) {
            return;
        }
        for (long line = pa >>> TimingSpec.LINE_SHIFT; line <= pa + bytes - 1 >>> TimingSpec.LINE_SHIFT; line++) {
            Home home = homes[nodeOf(line << TimingSpec.LINE_SHIFT)];
            int place = home.find(line);
            if (place >= 0) {
                if (write) {
                    evict(home, place);
                    home.put(place, line);
                } else if (home.owner(place) >= 0) {
                    cores[(int) home.owner(place)].downgrade(line);
                    home.own(place, -1);
                }
            } else if (write) {
                place = home.victim(line);
                evict(home, place);
                home.put(place, line);
            }
        }
    }

    void save(StateWriter out) {
        for (CoreCaches core : cores) {
            core.save(out);
        }
        for (Home home : homes) {
            home.save(out);
        }
        for (Throughput link : links) {
            link.save(out);
        }
    }

    void load(StateReader in) {
        for (CoreCaches core : cores) {
            core.load(in);
        }
        for (Home home : homes) {
            home.load(in);
        }
        for (Throughput link : links) {
            link.load(in);
        }
    }
}
