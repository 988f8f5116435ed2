package calvin.machine.nic;

import static org.junit.jupiter.api.Assertions.assertEquals;

import calvin.machine.nic.verbs.CardSpec;
import calvin.sim.event.Lane;
import calvin.sim.trace.TraceSink;

/** Memory, a card, and a driver that uses nothing but the card's registers and memory. */
final class TestNode {
    static final int LOCAL_WRITE = 1;
    static final int REMOTE_WRITE = 2;
    static final int UAR = 3;

    final Ram ram;
    final RdmaCard card;
    final int ipv4;
    private final Lane lane;
    final long pd;

    TestNode(int number, Lane lane, TestWire wire, CardSpec spec, TraceSink trace, int ramBytes) {
        this.lane = lane;
        ipv4 = 0x0A00_0001 + number;
        ram = new Ram("ram" + number, ramBytes);
        card = new RdmaCard(spec, number, RdmaCard.macOf(ipv4), ipv4, ram, lane.queue(), wire.port(number), trace);
        card.attach(lane.addTarget(card));
        lane.addPort(number, card);
        pd = command(1);
    }

    long nowPs() {
        return Math.max(lane.timePs(), lane.queue().nowPs());
    }

    int errno(int opcode, long... arguments) {
        for (int i = 0; i < 8; i++) {
            card.store(nowPs(), CardRegisters.ARGUMENTS_AT + 8 * i, 8, i < arguments.length ? arguments[i] : 0);
        }
        card.store(nowPs(), CardRegisters.COMMAND_AT, 4, opcode);
        return (int) card.load(nowPs(), CardRegisters.STATUS_AT, 4);
    }

    long command(int opcode, long... arguments) {
        assertEquals(0, errno(opcode, arguments), "errno of command " + opcode);
        return card.load(nowPs(), CardRegisters.RESULT_AT, 8);
    }

    /** A region whose va is its pa. */
    Region region(int length, int access) {
        long pa = ram.allocate(length);
        return new Region(pa, length, (int) command(3, pd, pa, length, pa, access));
    }

    record Region(long pa, int length, int key) {}

    /** One completion. */
    record Completion(long id, long byteLen, long immediate, int qpn, int opcode, int status, int flags) {}

    final class Queue {
        final long ring;
        final long record = ram.allocate(8);
        final int log2;
        final int cqn;
        private int consumer;

        Queue(int log2) {
            this.log2 = log2;
            ring = ram.allocate(32L << log2);
            cqn = (int) command(5, ring, log2, record, UAR);
        }

        /** Takes the next completion, or null. */
        Completion poll() {
            Completion next = peek();
            if (next != null) {
                consumer++;
                ram.u32(record, consumer);
            }
            return next;
        }

        /** Looks at the next completion without telling the card that it has been taken. */
        Completion peek() {
            long at = ring + 32L * (consumer & (1 << log2) - 1);
            int phase = (consumer >>> log2 & 1) ^ 1;
            if (ram.u8(at + 31) != phase) {
                return null;
            }
            return new Completion(ram.u64(at), ram.u32(at + 8), ram.u32(at + 12), (int) ram.u32(at + 16),
                    ram.u8(at + 24), ram.u8(at + 25),
                    ram.u8(at + 26));
        }
    }

    /** One entry of a gather or scatter list. */
    record Piece(long va, int length, int key) {}

    final class Pair {
        final Queue sends;
        final Queue receives;
        final int sqLog2;
        final int rqLog2;
        final long sq;
        final long rq;
        final long record = ram.allocate(8);
        final int qpn;
        private int posted;
        private int receivesPosted;

        Pair(Queue sends, Queue receives, int sqLog2, int rqLog2, int wanted) {
            this.sends = sends;
            this.receives = receives;
            this.sqLog2 = sqLog2;
            this.rqLog2 = rqLog2;
            sq = ram.allocate(256L << sqLog2);
            rq = ram.allocate(64L << rqLog2);
            qpn = (int) command(7, pd | (long) UAR << 32, sends.cqn | (long) receives.cqn << 32, sq, sqLog2, rq, rqLog2,
                    record, wanted);
        }

        void modify(int state, long... rest) {
            long[] arguments = new long[1 + rest.length];
            arguments[0] = qpn | (long) state << 32;
            System.arraycopy(rest, 0, arguments, 1, rest.length);
            command(9, arguments);
        }

        void init() {
            modify(1, LOCAL_WRITE | REMOTE_WRITE);
        }

        void rtr(int peerQpn, int peerIp, int expectedPsn, int mtu, int rnrCode) {
            modify(2, peerQpn | (long) expectedPsn << 32, peerIp & 0xFFFF_FFFFL, RdmaCard.macOf(peerIp),
                    mtu | (long) rnrCode << 16);
        }

        void rts(int psn, int timeoutCode, int retries, int rnrRetries) {
            modify(3, psn | (long) timeoutCode << 32 | (long) retries << 40 | (long) rnrRetries << 48);
        }

        int state() {
            return (int) command(10, qpn) & 0xFF;
        }

        int nextPsn() {
            return (int) (command(10, qpn) >>> 8) & 0xFF_FFFF;
        }

        int expectedPsn() {
            return (int) (command(10, qpn) >>> 32) & 0xFF_FFFF;
        }

        void receive(long id, Piece... pieces) {
            long at = rq + 64L * (receivesPosted & (1 << rqLog2) - 1);
            ram.u64(at, id);
            ram.u32(at + 8, pieces.length);
            pieces(at + 16, pieces);
            receivesPosted++;
            ram.u32(record, receivesPosted);
        }

        private void pieces(long at, Piece[] pieces) {
            for (int i = 0; i < pieces.length; i++) {
                ram.u64(at + 16L * i, pieces[i].va());
                ram.u32(at + 16L * i + 8, pieces[i].length());
                ram.u32(at + 16L * i + 12, pieces[i].key());
            }
        }

        private long entry(int opcode, int flags, long immediate, long id, long remoteVa, int rkey) {
            long at = sq + 256L * (posted & (1 << sqLog2) - 1);
            for (int i = 0; i < 256; i += 8) {
                ram.u64(at + i, 0);
            }
            ram.u8(at, opcode);
            ram.u8(at + 1, flags);
            ram.u32(at + 4, immediate);
            ram.u64(at + 8, id);
            ram.u64(at + 16, remoteVa);
            ram.u32(at + 24, rkey);
            posted++;
            return at;
        }

        /** Writes an SQ entry without ringing. */
        void post(int opcode, int flags, long immediate, long id, long remoteVa, int rkey, Piece... pieces) {
            long at = entry(opcode, flags, immediate, id, remoteVa, rkey);
            ram.u8(at + 2, pieces.length);
            pieces(at + 32, pieces);
        }

        void postInline(int opcode, int flags, long immediate, long id, long remoteVa, int rkey, byte[] data) {
            long at = entry(opcode, flags | 8, immediate, id, remoteVa, rkey);
            ram.u32(at + 28, data.length);
            ram.bytes(at + 32, data);
        }

        void ring() {
            ringPage(UAR, posted);
        }

        void ringPage(int page, int producer) {
            card.store(nowPs(), RdmaCard.UAR_AT + RdmaCard.UAR_BYTES * page + RdmaCard.SQ_DOORBELL, 8,
                    (long) qpn << 32 | producer & 0xFFFF_FFFFL);
        }

        int posted() {
            return posted;
        }
    }
}
