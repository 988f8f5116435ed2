package calvin.machine.nic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.machine.nic.TestNode.Piece;
import calvin.machine.nic.roce.DropReason;
import calvin.machine.nic.roce.Icrc;
import calvin.machine.nic.roce.Packet;
import calvin.machine.nic.roce.PacketWriter;
import calvin.machine.nic.roce.RcOpcode;
import calvin.machine.nic.verbs.Counter;
import calvin.sim.wire.Frame;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Packets that no honest requester sends, put on the wire by hand. */
class ProtocolTest {
    private static final int MTU = 1024;

    private final Rig rig = new Rig();
    private final TestNode.Region to = rig.b.region(8192, TestNode.LOCAL_WRITE | TestNode.REMOTE_WRITE);
    private final PacketWriter writer = new PacketWriter(RdmaCard.macOf(rig.a.ipv4), rig.a.ipv4, new Icrc());
    private long sequence = 1000;

    private byte[] request(RcOpcode opcode, int payload, int psn) {
        return writer.frame(opcode, payload, RdmaCard.macOf(rig.b.ipv4), rig.b.ipv4, 1, rig.pairA.qpn, rig.pairB.qpn,
                psn, true, false);
    }

    /** Lets {@code frame} arrive at B and everything that follows happen; what B's card sent, the last one. */
    private byte[] arrives(byte[] frame) {
        int before = rig.wire.frames.size();
        rig.lane.accept(new Frame(rig.b.nowPs() + 1, 10_000, 1, 0, sequence++, -7, frame));
        rig.run();
        return rig.wire.frames.size() > before ? rig.wire.frames.getLast() : null;
    }

    private byte[] sealed(byte[] frame) {
        writer.seal(frame);
        return frame;
    }

    private int firstPsn() {
        return rig.plan.psnA;
    }

    @ParameterizedTest
    @EnumSource(value = RcOpcode.class, names = {"SEND_MIDDLE", "SEND_LAST", "WRITE_MIDDLE", "WRITE_LAST",
        "READ_REQUEST", "COMPARE_SWAP",
        "FETCH_ADD", "SEND_ONLY_INVALIDATE"})
    void requestsThatDoNotFitAreRefusedAsInvalid(RcOpcode opcode) {
        rig.pairB.receive(1, new Piece(to.pa(), 8192, to.key()));
        byte[] reply = arrives(sealed(request(opcode, MTU, firstPsn())));
        assertEquals(0x61, Packet.aethSyndrome(reply));
        assertEquals(firstPsn(), Packet.psn(reply));
        assertEquals(6, rig.pairB.state());
        assertEquals(1, rig.b.card.dropped(DropReason.REFUSED));
    }

    @ParameterizedTest
    @CsvSource({"SEND_FIRST,1000", "SEND_FIRST,1028", "SEND_ONLY,1025", "WRITE_FIRST,0", "WRITE_ONLY,1028"})
    void payloadsOfTheWrongLengthAreRefusedAsInvalid(RcOpcode opcode, int payload) {
        rig.pairB.receive(1, new Piece(to.pa(), 8192, to.key()));
        byte[] frame = request(opcode, payload, firstPsn());
        if (opcode.reth()) {
            PacketWriter.reth(frame, to.pa(), to.key(), 4096);
        }
        assertEquals(0x61, Packet.aethSyndrome(arrives(sealed(frame))));
    }

    @ParameterizedTest
    @CsvSource({"10,11", "11,10", "0,4"})
    void aWriteWhoseHeaderLiesAboutItsLengthIsRefused(int announced, int carried) {
        byte[] frame = request(RcOpcode.WRITE_ONLY, carried, firstPsn());
        PacketWriter.reth(frame, to.pa(), to.key(), announced);
        assertEquals(0x61, Packet.aethSyndrome(arrives(sealed(frame))));
        assertEquals(0, rig.b.card.counter(Counter.PAYLOAD_RECEIVED));
    }

    @Test
    void aMessageMayNotChangeItsKindInTheMiddle() {
        rig.pairB.receive(1, new Piece(to.pa(), 8192, to.key()));
        byte[] reply = arrives(sealed(request(RcOpcode.SEND_FIRST, MTU, firstPsn())));
        assertEquals(0x1F, Packet.aethSyndrome(reply));
        assertEquals(0x61, Packet.aethSyndrome(arrives(sealed(request(RcOpcode.WRITE_LAST, 10, firstPsn() + 1)))));
        Rig.expect(rig.pairB.receives.poll(), 1, 128, 9);
    }

    @Test
    void aDuplicateIsAcknowledgedAgainWithTheLatestPsnAndDoneOnce() {
        rig.pairB.receive(1, new Piece(to.pa(), 8192, to.key()));
        rig.pairB.receive(2, new Piece(to.pa(), 8192, to.key()));
        byte[] first = sealed(request(RcOpcode.SEND_ONLY, 8, firstPsn()));
        byte[] ack = arrives(first);
        assertEquals(1, Packet.aethMsn(ack));
        arrives(sealed(request(RcOpcode.SEND_ONLY, 8, firstPsn() + 1)));
        byte[] again = arrives(first);
        assertEquals(firstPsn() + 1 & 0xFF_FFFF, Packet.psn(again));
        assertEquals(2, Packet.aethMsn(again));
        assertEquals(1, rig.b.card.dropped(DropReason.DUPLICATE));
        Rig.expect(rig.pairB.receives.poll(), 1, 128, 0);
        Rig.expect(rig.pairB.receives.poll(), 2, 128, 0);
        assertEquals(null, rig.pairB.receives.poll());
    }

    @Test
    void oneNakIsSentUntilTheExpectedPacketComes() {
        for (int i = 0; i < 4; i++) {
            rig.pairB.receive(i, new Piece(to.pa(), 8192, to.key()));
        }
        byte[] nak = arrives(sealed(request(RcOpcode.SEND_ONLY, 8, firstPsn() + 2)));
        assertEquals(0x60, Packet.aethSyndrome(nak));
        assertEquals(firstPsn(), Packet.psn(nak));
        assertEquals(null, arrives(sealed(request(RcOpcode.SEND_ONLY, 8, firstPsn() + 3))));
        assertEquals(0x1F, Packet.aethSyndrome(arrives(sealed(request(RcOpcode.SEND_ONLY, 8, firstPsn())))));
        byte[] second = arrives(sealed(request(RcOpcode.SEND_ONLY, 8, firstPsn() + 3)));
        assertEquals(0x60, Packet.aethSyndrome(second));
        assertEquals(firstPsn() + 1 & 0xFF_FFFF, Packet.psn(second));
    }

    @Test
    void framesThatAreNotForTheQueuePairAreDroppedAndCounted() {
        byte[] good = sealed(request(RcOpcode.SEND_ONLY, 8, firstPsn()));
        byte[] otherMac = good.clone();
        otherMac[5] ^= 1;
        drops(DropReason.NOT_FOR_US, otherMac);
        drops(DropReason.NOT_FOR_US,
                sealed(writer.frame(RcOpcode.SEND_ONLY, 8, RdmaCard.macOf(rig.b.ipv4), rig.b.ipv4 + 1, 1, 17,
                        rig.pairB.qpn, 0, true, false)));
        byte[] arp = good.clone();
        arp[13] = 6;
        drops(DropReason.NOT_ROCE, arp);
        byte[] badChecksum = good.clone();
        badChecksum[Packet.IP_AT + 10] ^= 1;
        drops(DropReason.BAD_IP_CHECKSUM, badChecksum);
        byte[] badLength = good.clone();
        badLength[Packet.UDP_AT + 5] ^= 1;
        drops(DropReason.BAD_LENGTH, badLength);
        byte[] badIcrc = good.clone();
        badIcrc[Packet.endAt(good) - 1] ^= 1;
        drops(DropReason.BAD_ICRC, badIcrc);
        byte[] version = good.clone();
        version[Packet.BTH_AT + 1] |= 1;
        drops(DropReason.BAD_TRANSPORT_HEADER, sealed(version));
        drops(DropReason.NO_QUEUE_PAIR,
                sealed(writer.frame(RcOpcode.SEND_ONLY, 8, RdmaCard.macOf(rig.b.ipv4), rig.b.ipv4, 1, 17, 4000, 0,
                        true, false)));
        byte[] unknown = good.clone();
        unknown[Packet.BTH_AT] = (byte) 0x81;
        drops(DropReason.UNKNOWN_OPCODE, sealed(unknown));
        PacketWriter stranger = new PacketWriter(RdmaCard.macOf(0x0A00_0063), 0x0A00_0063, new Icrc());
        byte[] strange = stranger.frame(RcOpcode.SEND_ONLY, 8, RdmaCard.macOf(rig.b.ipv4), rig.b.ipv4, 1, 17,
                rig.pairB.qpn, firstPsn(), true,
                false);
        stranger.seal(strange);
        drops(DropReason.WRONG_PEER, strange);
        TestNode.Pair young = rig.pair(rig.b);
        young.init();
        drops(DropReason.WRONG_STATE,
                sealed(writer.frame(RcOpcode.SEND_ONLY, 8, RdmaCard.macOf(rig.b.ipv4), rig.b.ipv4, 1, 17, young.qpn, 0,
                        true, false)));
        byte[] ack = request(RcOpcode.ACKNOWLEDGE, 0, rig.plan.psnB);
        PacketWriter.aeth(ack, 0x1F, 1);
        drops(DropReason.STALE_REPLY, sealed(ack));
        byte[] nak = request(RcOpcode.ACKNOWLEDGE, 0, rig.plan.psnB);
        PacketWriter.aeth(nak, 0x62, 1);
        assertEquals(null, arrives(sealed(nak)), "a NAK for what was never sent harms nobody");
        assertEquals(3, rig.pairB.state());
        assertEquals(firstPsn(), rig.pairB.expectedPsn());
    }

    private void drops(DropReason reason, byte[] frame) {
        long before = rig.b.card.dropped(reason);
        assertEquals(null, arrives(frame), reason.name());
        assertEquals(before + 1, rig.b.card.dropped(reason), reason.name());
        assertTrue(rig.records.stream()
                .anyMatch(r -> r.kind() == calvin.sim.trace.TraceKind.FRAME_DROPPED && r.a() == reason.ordinal()));
    }
}
