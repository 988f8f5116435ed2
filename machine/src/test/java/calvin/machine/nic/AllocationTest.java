package calvin.machine.nic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import calvin.machine.nic.roce.Icrc;
import calvin.machine.nic.roce.PacketWriter;
import calvin.machine.nic.roce.RcOpcode;
import calvin.machine.nic.verbs.CardSpec;
import calvin.machine.nic.verbs.Counter;
import calvin.sim.event.EventQueue;
import calvin.sim.trace.TraceSink;
import calvin.sim.wire.Frame;
import calvin.sim.wire.Port;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** A packet costs its frame's bytes and nothing else. */
class AllocationTest {
    private static final int ARRAY_HEADER_BYTES = 16;

    /** A port that swallows frames and counts what they take on the heap. */
    private static final class Sink implements Port {
        private long heapBytes;
        private long frames;

        @Override
        public int number() {
            return 0;
        }

        @Override
        public long freeAtPs() {
            return 0;
        }

        @Override
        public long durationPs(int frameBytes) {
            return frameBytes * 80L;
        }

        @Override
        public long send(long timePs, byte[] bytes, long origin) {
            heapBytes += ARRAY_HEADER_BYTES + (bytes.length + 7 & -8);
            frames++;
            return timePs;
        }
    }

    private final Ram ram = new Ram("ram", 1 << 20);
    private final EventQueue queue = new EventQueue();
    private final Sink sink = new Sink();
    private final RdmaCard card = new RdmaCard(CardSpec.connectX5Class(), 0, RdmaCard.macOf(1), 1, ram, queue, sink,
            TraceSink.NONE);

    private long command(int opcode, long... arguments) {
        for (int i = 0; i < arguments.length; i++) {
            card.store(queue.nowPs(), CardRegisters.ARGUMENTS_AT + 8 * i, 8, arguments[i]);
        }
        card.store(queue.nowPs(), CardRegisters.COMMAND_AT, 4, opcode);
        assertEquals(0, card.load(0, CardRegisters.STATUS_AT, 4));
        return card.load(0, CardRegisters.RESULT_AT, 8);
    }

    private void runFor(long ps) {
        long end = queue.nowPs() + ps;
        while (queue.nextTimePs() < end) {
            queue.take();
            card.onEvent(queue.nowPs(), queue.kind(), queue.a(), queue.b(), queue.payload());
        }
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getThreadAllocatedBytes(Thread.currentThread().threadId());
    }

    /**
     * A queue pair connected to 99 at address 2, and a region of 100,000 bytes; returns {qpn, key, pa of the SQ, pa
     * of the region}.
     */
    private long[] connect() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        assumeTrue(threads.isThreadAllocatedMemorySupported(), "this JVM does not count allocated bytes");
        card.attach(0);
        long pa = ram.allocate(512 << 10);
        long cq = command(5, pa, 10, pa + 40_000, 1);
        long pd = command(1);
        long key = command(3, pd, pa + 200_000, 100_000, pa + 200_000, 3);
        long qpn = command(7, pd | 1L << 32, cq | cq << 32, pa + 50_000, 4, pa + 60_000, 4, pa + 70_000, 0);
        command(9, qpn | 1L << 32, 3);
        command(9, qpn | 2L << 32, 99, 2, RdmaCard.macOf(2), 1024);
        command(9, qpn | 3L << 32, 1L << 32 | 7L << 40);
        return new long[]{qpn, key, pa + 50_000, pa + 200_000};
    }

    @Test
    void sendingAllocatesFramesOnly() {
        long[] made = connect();
        ram.u8(made[2] + 2, 1);
        ram.u64(made[2] + 32, made[3]);
        ram.u32(made[2] + 40, 60_000);
        ram.u32(made[2] + 44, made[1]);
        ram.u8(made[2], 2);
        // A SEND that nobody acknowledges: it is sent again at every timeout.
        card.store(0, RdmaCard.UAR_AT + RdmaCard.UAR_BYTES, 8, made[0] << 32 | 1);
        runFor(30_000_000);
        long frames = sink.frames;
        long heap = sink.heapBytes;
        long before = allocated();
        runFor(30_000_000);
        long all = allocated() - before;
        long packets = sink.frames - frames;
        assertTrue(packets > 100, packets + " packets");
        long beyond = all - (sink.heapBytes - heap);
        // Frames made and not yet sent at either end of the measurement are counted on one side only.
        assertTrue(Math.abs(beyond) < 20 * 1200, beyond + " bytes beyond the frames of " + packets + " packets");
    }

    @Test
    void receivingAllocatesRepliesOnly() {
        long[] made = connect();
        PacketWriter peer = new PacketWriter(RdmaCard.macOf(2), 2, new Icrc());
        Frame[] frames = new Frame[2000];
        for (int i = 0; i < frames.length; i++) {
            byte[] bytes = peer.frame(RcOpcode.WRITE_ONLY, 1000, RdmaCard.macOf(1), 1, i, 99, (int) made[0], i, true,
                    false);
            PacketWriter.reth(bytes, made[3], (int) made[1], 1000);
            peer.seal(bytes);
            frames[i] = new Frame(10_000_000 + i * 200_000L, 80_000, 0, 1, i, i, bytes);
        }
        runFor(10_000_000);
        long before = 0;
        long heap = 0;
        for (int i = 0; i < frames.length; i++) {
            if (i == frames.length / 2) {
                before = allocated();
                heap = sink.heapBytes;
            }
            runFor(frames[i].arrivalPs() - queue.nowPs());
            card.onFrame(frames[i]);
        }
        long beyond = allocated() - before - (sink.heapBytes - heap);
        assertEquals(1000L * frames.length, card.counter(Counter.PAYLOAD_RECEIVED), 1000 * 10);
        assertTrue(Math.abs(beyond) < 4096, beyond + " bytes beyond the ACKs of 1000 packets");
    }
}
