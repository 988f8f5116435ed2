package calvin.machine.iommu;

import calvin.machine.bus.Dma;
import calvin.machine.bus.IrqLine;
import calvin.machine.mem.PhysicalMemory;
import calvin.machine.mem.RamRegion;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** An IOMMU with memory, and software that fills its tables. */
final class Bench implements Dma {
    static final long RAM = 0x8000_0000L;
    static final long DDT = RAM + 0x1000;
    static final long FAULTS = RAM + 0x2000;
    static final long COMMANDS = RAM + 0x3000;
    /** Page tables: a first stage's, and a second stage's of 16 KiB with the tables below it. */
    static final long FIRST = RAM + 0x1_0000;
    static final long SECOND = RAM + 0x2_0000;
    static final long DATA = RAM + 0x10_0000;
    static final long SV39 = 8L << 60;
    static final long SV39X4 = 8L << 60;
    static final int ONE_LEVEL = 2;
    /** A page of interrupt files: messages arrive, nothing else. */
    static final long FILES = 0x2800_0000L;

    final PhysicalMemory memory = new PhysicalMemory("memory", List.of(new RamRegion(RAM, 16 << 20, 0)));
    final List<String> sent = new ArrayList<>();
    final boolean[] wire = new boolean[4];
    final Iommu iommu;
    private long nextTable = RAM + 0x8_0000;

    Bench() {
        List<IrqLine> lines = IntStream.range(0, 4).<IrqLine>mapToObj(i -> high -> wire[i] = high).toList();
        iommu = new Iommu("iommu", memory, this, lines, false);
    }

    static long ppn(long pa) {
        return pa >>> 12;
    }

    void store(int offset, long value) {
        iommu.store(0, offset, iommu.registers().find(offset, 8) != null ? 8 : 4, value);
    }

    long load(int offset) {
        return iommu.load(0, offset, iommu.registers().find(offset, 8) != null ? 8 : 4);
    }

    /** A fault queue of 8 and a command queue of 8 entries, both on, without interrupts. */
    Bench queues() {
        store(0x28, ppn(FAULTS) << 10 | 2);
        store(0x4C, 1);
        store(0x18, ppn(COMMANDS) << 10 | 2);
        store(0x48, 1);
        return this;
    }

    /** A directory of one level. */
    Bench directory() {
        store(0x10, ppn(DDT) << 10 | ONE_LEVEL);
        return this;
    }

    /** Writes words of a device's context into a directory of one level. */
    void context(int deviceId, long... words) {
        for (int i = 0; i < words.length; i++) {
            memory.u64(DDT + 64L * deviceId + 8L * i, words[i]);
        }
    }

    /** Maps a page in a table of three levels; {@code wide} for a second stage. */
    void map(long root, boolean wide, long va, long pa, int bits) {
        long table = root;
        for (int level = 2; level > 0; level--) {
            long at = table + 8 * (va >>> 12 + 9 * level & (wide && level == 2 ? 2047 : 511));
            if (memory.u64(at) == 0) {
                memory.u64(at, ppn(nextTable) << 10 | 1);
                nextTable += 4096;
            }
            table = memory.u64(at) >>> 10 << 12;
        }
        memory.u64(table + 8 * (va >>> 12 & 511), ppn(pa) << 10 | bits);
    }

    /** Where a mapped page's entry is. */
    long entryPa(long root, boolean wide, long va) {
        long table = root;
        for (int level = 2; level > 0; level--) {
            table = memory.u64(table + 8 * (va >>> 12 + 9 * level & (wide && level == 2 ? 2047 : 511))) >>> 10 << 12;
        }
        return table + 8 * (va >>> 12 & 511);
    }

    /** The records in the fault queue: cause, who, iotval, iotval2. */
    List<String> faults() {
        List<String> found = new ArrayList<>();
        for (long i = load(0x30); i != load(0x34); i = i + 1 & 7) {
            long at = FAULTS + 32 * i;
            found.add(String.format("%d %x %x %x", memory.u64(at) & 0xFFF, memory.u64(at) >>> 12,
                    memory.u64(at + 16), memory.u64(at + 24)));
        }
        store(0x30, load(0x34));
        return found;
    }

    /** The record's first word without the cause, as {@link #faults} shows it. */
    static String who(int deviceId, int type) {
        return Long.toHexString((long) type << 22 | (long) deviceId << 28);
    }

    /** Puts commands behind the last one and lets them be taken. */
    void command(long... words) {
        long tail = load(0x24);
        for (int i = 0; i < words.length; i += 2) {
            memory.u64(COMMANDS + 16 * tail, words[i]);
            memory.u64(COMMANDS + 16 * tail + 8, words[i + 1]);
            tail = tail + 1 & 7;
        }
        store(0x24, tail);
    }

    @Override
    public boolean read(long pa, byte[] into, int offset, int length) {
        boolean there = memory.isRam(pa, length);
        if (there) {
            memory.read(pa, into, offset, length);
        }
        return there;
    }

    @Override
    public boolean write(long pa, byte[] from, int offset, int length) {
        boolean there = memory.isRam(pa, length);
        if (there) {
            memory.write(pa, from, offset, length);
        }
        return there;
    }

    @Override
    public boolean message(long pa, int data) {
        if (memory.isRam(pa, 4)) {
            memory.u32(pa, data & 0xFFFF_FFFFL);
            return true;
        }
        if (pa >>> 16 != FILES >>> 16) {
            return false;
        }
        sent.add(Long.toHexString(pa) + "=" + data);
        return true;
    }
}
