package calvin.machine.timing;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The tables of the {@code timed} fidelity: a core with an in-order pipeline, non-blocking caches and a stream
 * prefetcher, in the manner of a server core of today. Latencies of the levels are those commonly measured on such
 * parts (L1 4, L2 14, last level about 50 cycles at 2 GHz, local DRAM about 100 ns, a remote socket about 60 ns more);
 * docs/timed.md compares what the model gives.
 *
 * @param firstInstruction   L1I of a core
 * @param firstData          L1D of a core
 * @param second             L2 of a core, holds whatever its L1s hold
 * @param last               last-level cache of a NUMA node, which caches that node's memory and keeps its directory
 * @param tlb                translation caches of a core
 * @param outstandingMisses  misses of a hart that may be under way at once
 * @param storeEntries       stores of a hart that may be under way at once
 * @param prefetchStreams    sequential streams that a core follows; 0 switches prefetching off
 * @param prefetchLines      how far it runs ahead
 * @param transferCycles     further cost of a line that another core has modified
 * @param linePsPerDistance  latency for each 10 units of NUMA distance beyond the local 10, one way
 * @param linkPs             time that 64 bytes keep a link between two NUMA nodes busy
 * @param deviceReadPs       a load from a device, beyond the hart's own cost
 * @param deviceWritePs      a store to one
 * @param sharedIssueCycles  further cycles of an instruction while another hart of the core runs
 */
public record TimingSpec(CacheSpec firstInstruction, CacheSpec firstData, CacheSpec second, CacheSpec last,
        TlbSpec tlb, int outstandingMisses, int storeEntries, int prefetchStreams, int prefetchLines,
        int transferCycles, long linePsPerDistance, long linkPs, long deviceReadPs, long deviceWritePs,
        int sharedIssueCycles) {
    /** Bytes of a line of every cache; also the block of Zicbom. */
    public static final int LINE_BYTES = 64;
    static final int LINE_SHIFT = 6;

    // @formatter:off
    public static final TimingSpec DEFAULT = new TimingSpec(
            new CacheSpec(32 << 10, 8, 1),
            new CacheSpec(32 << 10, 8, 4),
            new CacheSpec(1 << 20, 8, 14),
            new CacheSpec(16 << 20, 16, 50),
            new TlbSpec(48, 1024, 8, 16, 7, 32, 32),
            16, 32, 16, 12, 40, 30_000, 3_000, 400_000, 50_000, 1);
    // @formatter:on

    /** Everything that is wrong with these tables; empty when a model can be built from them. */
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        problems.add(firstInstruction.problem("L1I"));
        problems.add(firstData.problem("L1D"));
        problems.add(second.problem("L2"));
        problems.add(last.problem("last-level cache"));
        problems.removeIf(Objects::isNull);
        if (outstandingMisses < 1 || storeEntries < 1) {
            problems.add("a hart needs at least one miss and one store under way");
        }
        return problems;
    }
}
