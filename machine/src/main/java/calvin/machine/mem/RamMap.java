package calvin.machine.mem;

import calvin.sim.check.Check;
import java.util.List;

/** Which physical addresses are RAM, and the number (slot) of each page in a dense table of chunks. */
final class RamMap {
    private static final int CHUNK_SHIFT = 21;

    final List<RamRegion> regions;
    final int chunkCount;
    private final long[] bases;
    private final long[] sizes;
    private final int[] firstSlots;

    RamMap(List<RamRegion> regions) {
        this.regions = List.copyOf(regions);
        int count = regions.size();
        bases = new long[count];
        sizes = new long[count];
        firstSlots = new int[count];
        int chunks = 0;
        long end = 0;
        for (int i = 0; i < count; i++) {
            RamRegion region = regions.get(i);
            Check.that(region.basePa() >= end && region.basePa() % (1 << CHUNK_SHIFT) == 0, "RAM region's base",
                    region.basePa());
            Check.that(region.sizeBytes() > 0 && region.sizeBytes() % Slab.FRAME_BYTES == 0, "RAM region's size",
                    region.sizeBytes());
            end = region.endPa();
            bases[i] = region.basePa();
            sizes[i] = region.sizeBytes();
            firstSlots[i] = chunks * Chunk.FRAMES;
            chunks += Math.toIntExact((region.sizeBytes() + (1L << CHUNK_SHIFT) - 1) >>> CHUNK_SHIFT);
        }
        chunkCount = chunks;
    }

    /** Number of the page at {@code pa}, or -1 where there is no RAM. */
    int slot(long pa) {
        for (int i = 0; i < bases.length; i++) {
            long inside = pa - bases[i];
            if (Long.compareUnsigned(inside, sizes[i]) < 0) {
                return firstSlots[i] + (int) (inside >>> 12);
            }
        }
        return -1;
    }

    /** The region of an address, or null. */
    RamRegion region(long pa) {
        for (int i = 0; i < bases.length; i++) {
            if (Long.compareUnsigned(pa - bases[i], sizes[i]) < 0) {
                return regions.get(i);
            }
        }
        return null;
    }

    /** The lowest page number {@code >= from} that has a frame in {@code chunks}, or -1. */
    long nextPage(Chunk[] chunks, long from) {
        for (int i = 0; i < bases.length; i++) {
            long firstPage = bases[i] >>> 12;
            long count = sizes[i] >>> 12;
            long inside = Math.max(0, from - firstPage);
            while (inside < count) {
                int slot = firstSlots[i] + (int) inside;
                Chunk chunk = chunks[slot >>> Chunk.SHIFT];
                if (chunk == null) {
                    inside = (inside | Chunk.MASK) + 1;
                } else if (chunk.host[slot & Chunk.MASK] != 0) {
                    return firstPage + inside;
                } else {
                    inside++;
                }
            }
        }
        return -1;
    }
}
