package calvin.machine.mem;

import calvin.sim.check.Check;
import calvin.sim.state.Derived;
import calvin.sim.state.Memory;
import calvin.sim.state.Pages;
import calvin.sim.state.Published;
import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;
import calvin.sim.state.Stateful;
import java.util.ArrayList;
import java.util.List;

/**
 * The RAM of one machine, by physical address.
 *
 * <pre>
 * pa -> region -> chunk (2 MiB, allocated on first write) -> frame (4 KiB) -> host address
 * </pre>
 *
 * A page nobody has written reads from one frame of zeros that all memories share. {@link #share} makes chunk tables
 * and frames immutable; the first write to a page afterwards copies it. So a snapshot costs a pointer per 2 MiB, and a
 * fork what it changes. Memories that share frames may be used by different threads; one memory is owned by one lane.
 *
 * <p>As {@link Memory}: where there is no RAM, reads give 0 and writes do nothing; callers who must know ask {@link
 * #isRam}. Every write tells the {@link MemoryWatcher} first when the page holds watched code.
 *
 * <p>Cost: a lookup is a scan over the regions (at most a handful), two loads and a bit test; engines cache its result
 * in TLBs.
 */
public final class PhysicalMemory implements Memory, Pages, Stateful {
    private static final int PAGE_MASK = PAGE_BYTES - 1;
    private static final Slab ZERO_SLAB = Slab.take();
    private static final long ZERO_FRAME = ZERO_SLAB.frame(0, false);

    private final String stateName;
    private final RamMap map;
    @Published
    private final Chunk[] chunks;
    /**
     * Bits per page of a chunk, 8 words each: holds code, host address was given out for reading, stores are watched,
     * holds page-table entries that translations were made from.
     */
    @Derived(from = "who caches what of this memory")
    private final long[][] notes;
    /** Slabs whose frames no image has ever seen. */
    @Derived(from = "the chunks")
    private List<Slab> ownSlabs = new ArrayList<>();
    @Derived(from = "the chunks")
    private Slab slab;
    @Derived(from = "the chunks")
    private int slabFrames = Slab.FRAMES;
    @Derived(from = "the machine")
    private MemoryWatcher watcher = MemoryWatcher.NONE;

    private static final int CODE = 0;
    private static final int READ_OUT = 8;
    private static final int STORES = 16;
    private static final int TABLE = 24;
    private static final int NOTE_WORDS = 32;

    /** @param regions by ascending address, not overlapping */
    public PhysicalMemory(String stateName, List<RamRegion> regions) {
        this.stateName = stateName;
        map = new RamMap(regions);
        chunks = new Chunk[map.chunkCount];
        notes = new long[map.chunkCount][];
    }

    public List<RamRegion> regions() {
        return map.regions;
    }

    /** Who is told of changes; set once while the machine is built. */
    public void setWatcher(MemoryWatcher value) {
        watcher = value;
    }

    /** Whether all of {@code [pa, pa + length)} is RAM of one region. */
    public boolean isRam(long pa, long length) {
        RamRegion region = map.region(pa);
        return region != null && Long.compareUnsigned(length, region.endPa() - pa) <= 0;
    }

    /** NUMA node of an address, or -1 where there is no RAM. */
    public int numaNode(long pa) {
        RamRegion region = map.region(pa);
        return region == null ? -1 : region.numaNode();
    }

    /** Pages that have been written, also those shared with images: the memory this machine has touched. */
    public long touchedPages() {
        long count = 0;
        for (long page = nextPage(0); page >= 0; page = nextPage(page + 1)) {
            count++;
        }
        return count;
    }

    // The fast path.

    /**
     * Host address from which the byte at {@code pa} can be read now, to the end of its page; 0 where there is no RAM.
     */
    public long readHost(long pa) {
        int slot = map.slot(pa);
        if (slot < 0) {
            return 0;
        }
        Chunk chunk = chunks[slot >>> Chunk.SHIFT];
        long frame = chunk == null ? 0 : chunk.host[slot & Chunk.MASK];
        return (frame == 0 ? ZERO_FRAME : frame) + (pa & PAGE_MASK);
    }

    /**
     * As {@link #readHost}, for a caller who keeps the address until {@link MemoryWatcher#frameMoved} takes it back.
     */
    public long mapRead(long pa) {
        long host = readHost(pa);
        if (host != 0) {
            note(map.slot(pa), READ_OUT, true);
        }
        return host;
    }

    /**
     * Host address at which the byte at {@code pa} can be read and written until the next {@link #share}, to the end of
     * its page; 0 where there is no RAM. The page is this memory's own afterwards, and not watched as code any more.
     */
    public long writeHost(long pa) {
        int slot = map.slot(pa);
        if (slot < 0) {
            return 0;
        }
        if (noted(slot, CODE)) {
            note(slot, CODE, false);
            watcher.codeChanged(pa & ~PAGE_MASK);
        }
        if (noted(slot, TABLE)) {
            note(slot, TABLE, false);
            watcher.tablesChanged();
        }
        return ownHost(slot, pa);
    }

    private long ownHost(int slot, long pa) {
        Chunk chunk = chunks[slot >>> Chunk.SHIFT];
        int frame = slot & Chunk.MASK;
        if (chunk == null || !chunk.owns(frame)) {
            own(slot, pa, false);
            chunk = chunks[slot >>> Chunk.SHIFT];
        }
        return chunk.host[frame] + (pa & PAGE_MASK);
    }

    /**
     * As {@link #writeHost}, for a caller who keeps the address until the watcher hears that the frame moved, is shared
     * or watched.
     */
    public long mapWrite(long pa) {
        long host = writeHost(pa);
        if (host != 0) {
            note(map.slot(pa), READ_OUT, true);
        }
        return host;
    }

    /** Whether stores to the page need nobody's attention: it is RAM, its own, and not watched. */
    public boolean storesDirectly(long pa) {
        int slot = map.slot(pa);
        if (slot < 0 || noted(slot, CODE) || noted(slot, STORES) || noted(slot, TABLE)) {
            return false;
        }
        Chunk chunk = chunks[slot >>> Chunk.SHIFT];
        return chunk != null && chunk.owns(slot & Chunk.MASK);
    }

    /** Tells the watcher before the next write to this page, once. */
    public void watchCode(long pa) {
        int slot = map.slot(pa);
        Check.that(slot >= 0, "code outside RAM", pa);
        if (!noted(slot, CODE)) {
            note(slot, CODE, true);
            watcher.storesWatched(pa & ~PAGE_MASK, readHost(pa & ~PAGE_MASK));
        }
    }

    /**
     * Tells the watcher before the next write to this page, once: translations come from it. So what TLBs hold always
     * agrees with the tables, and dropping them changes nothing.
     */
    public void watchTable(long pa) {
        int slot = map.slot(pa);
        if (slot >= 0 && !noted(slot, TABLE)) {
            note(slot, TABLE, true);
            watcher.storesWatched(pa & ~PAGE_MASK, readHost(pa & ~PAGE_MASK));
        }
    }

    /** Whether translations have been made from this page since it was last written. */
    public boolean isTable(long pa) {
        int slot = map.slot(pa);
        return slot >= 0 && noted(slot, TABLE);
    }

    /** Sets bits in a page-table entry as a walk does (A, D): no translation goes stale by it. */
    public void updateTable(long pa, long entry) {
        int slot = map.slot(pa);
        if (noted(slot, CODE)) {
            note(slot, CODE, false);
            watcher.codeChanged(pa & ~PAGE_MASK);
        }
        HostMemory.i64(ownHost(slot, pa), entry);
    }

    /** Keeps this page's stores on the slow path for good; {@link #storesWatched} tells which pages those are. */
    public void watchStores(long pa) {
        int slot = map.slot(pa);
        Check.that(slot >= 0, "watched page outside RAM", pa);
        note(slot, STORES, true);
        watcher.storesWatched(pa & ~PAGE_MASK, readHost(pa & ~PAGE_MASK));
    }

    public boolean storesWatched(long pa) {
        int slot = map.slot(pa);
        return slot >= 0 && noted(slot, STORES);
    }

    private boolean noted(int slot, int kind) {
        long[] bits = notes[slot >>> Chunk.SHIFT];
        return bits != null && (bits[kind + ((slot & Chunk.MASK) >>> 6)] >>> slot & 1) != 0;
    }

    private void note(int slot, int kind, boolean value) {
        long[] bits = notes[slot >>> Chunk.SHIFT];
        if (bits == null) {
            bits = new long[NOTE_WORDS];
            notes[slot >>> Chunk.SHIFT] = bits;
        }
        int word = kind + ((slot & Chunk.MASK) >>> 6);
        bits[word] = value ? bits[word] | 1L << slot : bits[word] & ~(1L << slot);
    }

    /** Makes the page at {@code pa} this memory's own, with its contents unless the caller overwrites all of them. */
    private void own(int slot, long pa, boolean overwritten) {
        Chunk chunk = chunks[slot >>> Chunk.SHIFT];
        if (chunk == null) {
            chunk = new Chunk();
        } else if (chunk.shared) {
            chunk = chunk.copy();
        }
        chunks[slot >>> Chunk.SHIFT] = chunk;
        if (slabFrames == Slab.FRAMES) {
            slab = Slab.take();
            ownSlabs.add(slab);
            slabFrames = 0;
        }
        int frame = slot & Chunk.MASK;
        long old = chunk.host[frame];
        long fresh = slab.frame(slabFrames++, overwritten || old != 0);
        if (old != 0 && !overwritten) {
            HostMemory.copy(old, fresh, PAGE_BYTES);
        }
        chunk.host[frame] = fresh;
        chunk.slabs[frame] = slab;
        chunk.owned[frame >>> 6] |= 1L << frame;
        if (noted(slot, READ_OUT)) {
            note(slot, READ_OUT, false);
            watcher.frameMoved(pa & ~PAGE_MASK, old == 0 ? ZERO_FRAME : old);
        }
    }

    // Memory.

    @Override
    public int u8(long at) {
        long host = readHost(at);
        return host == 0 ? 0 : HostMemory.i8(host) & 0xFF;
    }

    @Override
    public void u8(long at, int value) {
        long host = writeHost(at);
        if (host != 0) {
            HostMemory.i8(host, (byte) value);
        }
    }

    @Override
    public int u16(long at) {
        return (int) load(at, 1);
    }

    @Override
    public void u16(long at, int value) {
        store(at, 1, value);
    }

    @Override
    public long u32(long at) {
        return load(at, 2);
    }

    @Override
    public void u32(long at, long value) {
        store(at, 2, value);
    }

    @Override
    public long u64(long at) {
        return load(at, 3);
    }

    @Override
    public void u64(long at, long value) {
        store(at, 3, value);
    }

    private long load(long pa, int sizeLog2) {
        if ((pa & PAGE_MASK) + (1 << sizeLog2) <= PAGE_BYTES) {
            long host = readHost(pa);
            return host == 0 ? 0 : HostMemory.load(host, sizeLog2);
        }
        long value = 0;
        for (int i = 0; i < 1 << sizeLog2; i++) {
            value |= (long) u8(pa + i) << (8 * i);
        }
        return value;
    }

    private void store(long pa, int sizeLog2, long value) {
        if ((pa & PAGE_MASK) + (1 << sizeLog2) <= PAGE_BYTES) {
            long host = writeHost(pa);
            if (host != 0) {
                HostMemory.store(host, sizeLog2, value);
            }
            return;
        }
        for (int i = 0; i < 1 << sizeLog2; i++) {
            u8(pa + i, (int) (value >>> (8 * i)));
        }
    }

    @Override
    public void read(long at, byte[] into, int offset, int length) {
        for (int done = 0; done < length;) {
            long pa = at + done;
            int part = Math.min(length - done, PAGE_BYTES - (int) (pa & PAGE_MASK));
            long host = readHost(pa);
            if (host == 0) {
                java.util.Arrays.fill(into, offset + done, offset + done + part, (byte) 0);
            } else {
                HostMemory.read(host, into, offset + done, part);
            }
            done += part;
        }
    }

    @Override
    public void write(long at, byte[] from, int offset, int length) {
        for (int done = 0; done < length;) {
            long pa = at + done;
            int part = Math.min(length - done, PAGE_BYTES - (int) (pa & PAGE_MASK));
            long host = writeHost(pa);
            if (host != 0) {
                HostMemory.write(host, from, offset + done, part);
            }
            done += part;
        }
    }

    /** Clears bytes; pages that were never written stay untouched. */
    @Override
    public void zero(long at, long bytes) {
        for (long done = 0; done < bytes;) {
            long pa = at + done;
            long part = Math.min(bytes - done, PAGE_BYTES - (pa & PAGE_MASK));
            int slot = map.slot(pa);
            if (slot >= 0 && chunks[slot >>> Chunk.SHIFT] != null
                    && chunks[slot >>> Chunk.SHIFT].host[slot & Chunk.MASK] != 0) {
                HostMemory.zero(writeHost(pa), part);
            }
            done += part;
        }
    }

    // Pages.

    @Override
    public long nextPage(long from) {
        return map.nextPage(chunks, from);
    }

    @Override
    public void copyPage(long page, byte[] into) {
        HostMemory.read(readHost(page << 12), into, 0, PAGE_BYTES);
    }

    @Override
    public void clear() {
        java.util.Arrays.fill(chunks, null);
        for (Slab own : ownSlabs) {
            own.recycle();
        }
        forgetSlabs();
        everythingChanged();
    }

    private void forgetSlabs() {
        ownSlabs = new ArrayList<>();
        slab = null;
        slabFrames = Slab.FRAMES;
    }

    /** Stale caches go; pages whose stores are watched stay so, since who watches them has not changed. */
    private void everythingChanged() {
        for (long[] bits : notes) {
            if (bits != null) {
                java.util.Arrays.fill(bits, CODE, STORES, 0);
                java.util.Arrays.fill(bits, TABLE, NOTE_WORDS, 0);
            }
        }
        watcher.allChanged();
    }

    @Override
    public void putPage(long page, byte[] from) {
        write(page << 12, from, 0, PAGE_BYTES);
    }

    @Override
    public PageImage share() {
        for (Chunk chunk : chunks) {
            if (chunk != null) {
                chunk.shared = true;
            }
        }
        forgetSlabs();
        watcher.framesShared();
        return new Image(map, chunks.clone());
    }

    @Override
    public void adopt(PageImage image) {
        clear();
        if (image instanceof Image same && same.map.regions.equals(map.regions)) {
            System.arraycopy(same.chunks, 0, chunks, 0, chunks.length);
            return;
        }
        byte[] page = new byte[PAGE_BYTES];
        for (long p = image.nextPage(0); p >= 0; p = image.nextPage(p + 1)) {
            image.copyPage(p, page);
            Check.that(map.slot(p << 12) >= 0, "image has a page where this memory has none", p);
            putPage(p, page);
        }
    }

    /** Gives the frames that only this memory has used back for reuse. The memory is empty afterwards. */
    public void close() {
        clear();
    }

    /** Chunk tables as they were. */
    private record Image(RamMap map, Chunk[] chunks) implements PageImage {
        @Override
        public long nextPage(long from) {
            return map.nextPage(chunks, from);
        }

        @Override
        public void copyPage(long page, byte[] into) {
            int slot = map.slot(page << 12);
            HostMemory.read(chunks[slot >>> Chunk.SHIFT].host[slot & Chunk.MASK], into, 0, PAGE_BYTES);
        }
    }

    // Stateful.

    @Override
    public String stateName() {
        return stateName;
    }

    @Override
    public void save(StateWriter out) {
        out.pages(this);
    }

    @Override
    public void load(StateReader in) {
        in.pages(this);
    }
}
