package calvin.machine.nic.verbs;

import calvin.machine.nic.roce.DropReason;
import calvin.sim.state.Block;
import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;

/**
 * All state of a card in one block: the {@link CardStruct}, then pools of contexts and pipeline entries, then the
 * buckets that find a queue pair by its number.
 */
final class CardState {
    /** Path MTU and the largest payload of a packet. */
    static final int MAX_MTU = 4096;
    /** What one packet may need at most: three scattered parts and a completion. */
    static final int LANDINGS_PER_PACKET = ReceiveWorkStruct.MAX_SEGMENTS + 1;

    final CardSpec spec;
    final Block block;
    final Pool domains;
    final Pool regions;
    final Pool queues;
    final Pool pairs;
    final Pool slots;
    final Pool messages;
    final Pool transmissions;
    final Pool landings;
    private final Pool[] pools;
    private final int bucketsAt;
    private final int bucketMask;

    CardState(CardSpec spec) {
        this.spec = spec;
        int[] entryBytes = {DomainStruct.S.sizeBytes(), RegionStruct.S.sizeBytes(), CompletionQueueStruct.S.sizeBytes(),
            PairStruct.S.sizeBytes(), SlotStruct.S.sizeBytes(), MessageStruct.S.sizeBytes(),
            TransmissionStruct.S.sizeBytes(),
            LandingStruct.S.sizeBytes()};
        int[] capacity = {spec.protectionDomains(), spec.memoryRegions(), spec.completionQueues(), spec.queuePairs(),
            spec.workSlots(),
            spec.outstandingMessages() + spec.queuePairs(), spec.transmitPackets(), spec.landings()};
        int[] at = new int[capacity.length + 1];
        at[0] = CardStruct.S.sizeBytes();
        for (int i = 0; i < capacity.length; i++) {
            at[i + 1] = at[i] + Pool.sizeBytes(entryBytes[i], capacity[i]);
        }
        bucketsAt = at[capacity.length];
        int buckets = Integer.highestOneBit(Math.max(1, 2 * spec.queuePairs() - 1));
        bucketMask = buckets - 1;
        block = new Block(bucketsAt + 4 * buckets);
        pools = new Pool[capacity.length];
        for (int i = 0; i < pools.length; i++) {
            pools[i] = new Pool(block, at[i], entryBytes[i], capacity[i]);
        }
        domains = pools[0];
        regions = pools[1];
        queues = pools[2];
        pairs = pools[3];
        slots = pools[4];
        messages = pools[5];
        transmissions = pools[6];
        landings = pools[7];
    }

    /** A number no pool entry had before. */
    static long nextGeneration(Block block) {
        long next = CardStruct.GENERATION.get(block, 0) + 1;
        CardStruct.GENERATION.set(block, 0, next);
        return next;
    }

    void count(Counter counter) {
        add(counter, 1);
    }

    void add(Counter counter, long n) {
        CardStruct.COUNTERS.set(block, 0, counter.ordinal(), CardStruct.COUNTERS.get(block, 0, counter.ordinal()) + n);
    }

    void countDrop(DropReason reason) {
        CardStruct.DROPS.set(block, 0, reason.ordinal(), CardStruct.DROPS.get(block, 0, reason.ordinal()) + 1);
    }

    /** The queue pair with this number, as a pool index, or -1. */
    int findPair(int qpn) {
        int index = (int) block.u32(bucketAt(qpn)) - 1;
        while (index >= 0 && PairStruct.QPN.get(block, pairs.at(index)) != qpn) {
            index = (int) PairStruct.NEXT.get(block, pairs.at(index)) - 1;
        }
        return index;
    }

    /** Makes a queue pair findable by its number. */
    void linkPair(int index) {
        long at = pairs.at(index);
        long bucket = bucketAt((int) PairStruct.QPN.get(block, at));
        PairStruct.NEXT.set(block, at, block.u32(bucket));
        block.u32(bucket, index + 1);
    }

    void unlinkPair(int index) {
        long link = bucketAt((int) PairStruct.QPN.get(block, pairs.at(index)));
        while (block.u32(link) != index + 1) {
            link = pairs.at((int) block.u32(link) - 1) + PairStruct.NEXT.offset();
        }
        block.u32(link, PairStruct.NEXT.get(block, pairs.at(index)));
    }

    private long bucketAt(int qpn) {
        return bucketsAt + 4L * (qpn & bucketMask);
    }

    /** All zero, except what must never repeat as long as old events and old frames may be about. */
    void reset() {
        long sequence = CardStruct.SEQUENCE.get(block, 0);
        long generation = CardStruct.GENERATION.get(block, 0);
        long sent = CardStruct.FRAMES_SENT.get(block, 0);
        long looped = CardStruct.FRAMES_LOOPED.get(block, 0);
        block.zero(0, block.sizeBytes());
        CardStruct.SEQUENCE.set(block, 0, sequence);
        CardStruct.GENERATION.set(block, 0, generation);
        CardStruct.FRAMES_SENT.set(block, 0, sent);
        CardStruct.FRAMES_LOOPED.set(block, 0, looped);
    }

    void save(StateWriter out) {
        byte[] buffer = buffer();
        block.read(0, buffer, 0, CardStruct.S.sizeBytes());
        out.bytes(buffer, 0, CardStruct.S.sizeBytes());
        for (Pool pool : pools) {
            pool.save(out, buffer);
        }
        for (int at = bucketsAt; at < block.sizeBytes(); at += 4) {
            out.u64(block.u32(at));
        }
    }

    void load(StateReader in) {
        block.zero(0, block.sizeBytes());
        byte[] buffer = buffer();
        in.bytes(buffer, 0, CardStruct.S.sizeBytes());
        block.write(0, buffer, 0, CardStruct.S.sizeBytes());
        for (Pool pool : pools) {
            pool.load(in, buffer);
        }
        for (int at = bucketsAt; at < block.sizeBytes(); at += 4) {
            block.u32(at, in.u64());
        }
    }

    /** Long enough for any struct. */
    private static byte[] buffer() {
        return new byte[1024];
    }
}
