package calvin.machine.nic.roce;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PacketTest {
    private static final String ETHERNET = "020000000001" + "020000000002" + "0800";
    private static final long MAC = 0x0200_0A00_0001L;
    private static final int IP = 0x0A00_0001;

    private final Icrc icrc = new Icrc();
    private final PacketWriter writer = new PacketWriter(MAC, IP, icrc);

    /** Packets of the Linux kernel's rxe driver: IPv4, UDP, BTH and the rest, ICRC. */
    @ParameterizedTest
    @ValueSource(strings = {
        "45000030c56c40004011614e0a0000010a000002c12112b7001c00001100ffff0000001100ca02d71f0000017704e3b7",
        "4500003cd4ed4000401151c10a0000010a000002ee5d12b700280000"
                + "0c00ffff0000001880c72671000055559a5aeb300000096e000000804833693d",
        "4500003ce27240004011443c0a0000020a000001ee5d12b700280000"
                + "0400ffff0000001880b0fa85000055559a5aeb300000096e00000080acdbfba7",
        "45000048f991400040112d110a0000020a000001c38412b7003400001400ffff0000001e80f807ee00005555ca71800000000e60"
                + "000000000000000100000000000000009389523f"})
    void packetsOfLinuxRxeAreSound(String hex) {
        byte[] frame = HexFormat.of().parseHex(ETHERNET + hex);
        assertNull(Packet.flaw(frame, icrc));
        assertArrayEquals(Arrays.copyOfRange(frame, frame.length - 4, frame.length), SlowIcrc.of(frame));
        byte[] padded = Arrays.copyOf(frame, frame.length + 6);
        assertNull(Packet.flaw(padded, icrc), "bytes behind the IPv4 total length do not belong to the packet");
    }

    @Test
    void anyFlippedBitButThoseThatRoutersChangeIsFound() {
        byte[] frame = writer.frame(RcOpcode.SEND_ONLY, 13, 0x0200_0A00_0002L, 0x0A00_0002, 7, 17, 18, 99, true, false);
        writer.seal(frame);
        for (int bit = 8 * 12; bit < 8 * Packet.endAt(frame); bit++) {
            int at = bit >>> 3;
            byte[] flipped = frame.clone();
            flipped[at] ^= (byte) (1 << (bit & 7));
            boolean udpChecksum = at == Packet.UDP_AT + 6 || at == Packet.UDP_AT + 7;
            boolean congestion = at == Packet.BTH_AT + 4;
            if (udpChecksum || congestion) {
                assertNull(Packet.flaw(flipped, icrc), "byte " + at);
            } else {
                assertNotNull(Packet.flaw(flipped, icrc), "byte " + at);
            }
        }
    }

    @Test
    void shortFramesAreNotRead() {
        byte[] frame = writer.frame(RcOpcode.ACKNOWLEDGE, 0, MAC, IP, 0, 17, 18, 0, false, false);
        writer.seal(frame);
        for (int length = 0; length < Packet.endAt(frame); length++) {
            assertNotNull(Packet.flaw(Arrays.copyOf(frame, length), icrc), "length " + length);
        }
    }

    @ParameterizedTest
    @EnumSource(RcOpcode.class)
    void whatIsWrittenIsRead(RcOpcode opcode) {
        for (int payload = 0; payload < 9; payload++) {
            byte[] frame = writer.frame(opcode, payload, 0x0200_0A00_0002L, 0x0A00_0002, 0x1234, 77, 0xABCDEF, 0xFEDCBA,
                    true, true);
            writer.seal(frame);
            assertNull(Packet.flaw(frame, icrc));
            assertArrayEquals(Arrays.copyOfRange(frame, Packet.endAt(frame) - 4, Packet.endAt(frame)),
                    SlowIcrc.of(frame));
            assertEquals(0x0200_0A00_0002L, Packet.destinationMac(frame));
            assertEquals(MAC, Packet.u64(frame, 6) >>> 16);
            assertEquals(IP, Packet.sourceIp(frame));
            assertEquals(0x0A00_0002, Packet.destinationIp(frame));
            assertEquals(opcode, RcOpcode.of(Packet.opcode(frame)));
            assertEquals(0xABCDEF, Packet.destinationQp(frame));
            assertEquals(0xFEDCBA, Packet.psn(frame));
            assertTrue(Packet.ackRequested(frame) && Packet.solicited(frame));
            assertEquals(payload, Packet.payloadBytes(frame, opcode));
            assertEquals(-payload & 3, Packet.padBytes(frame));
            assertEquals(Math.max(60, Packet.endAt(frame)), frame.length);
            assertEquals(64, frame[Packet.IP_AT + 8]);
            assertEquals(0x4000, Packet.u16(frame, Packet.IP_AT + 6));
            assertEquals(0x1234, Packet.u16(frame, Packet.IP_AT + 4));
            assertEquals(0, Packet.u16(frame, Packet.UDP_AT + 6));
        }
    }

    @Test
    void extensionHeadersAreInTheirPlaces() {
        byte[] frame = writer.frame(RcOpcode.WRITE_ONLY_IMMEDIATE, 4, MAC, IP, 0, 17, 18, 0, false, false);
        PacketWriter.reth(frame, 0x1122_3344_5566_7788L, 0x99AABBCC, 4);
        PacketWriter.immediate(frame, RcOpcode.WRITE_ONLY_IMMEDIATE, 0xDDEEFF01);
        assertEquals("112233445566778899aabbcc00000004ddeeff01",
                HexFormat.of().formatHex(frame, Packet.EXTENSION_AT, Packet.EXTENSION_AT + 20));
        assertEquals(0x1122_3344_5566_7788L, Packet.rethVa(frame));
        assertEquals(0x99AABBCC, Packet.rethKey(frame));
        assertEquals(4, Packet.rethBytes(frame));
        assertEquals(0xDDEEFF01, Packet.immediate(frame, RcOpcode.WRITE_ONLY_IMMEDIATE));
        byte[] ack = writer.frame(RcOpcode.ACKNOWLEDGE, 0, MAC, IP, 0, 17, 18, 0, false, false);
        PacketWriter.aeth(ack, 0x60, 0x123456);
        assertEquals(0x60, Packet.aethSyndrome(ack));
        assertEquals(0x123456, Packet.aethMsn(ack));
    }

    @Test
    void sourcePortsAreDynamicAndSpread() {
        long distinct = java.util.stream.IntStream.range(17, 1041).map(PacketWriter::sourcePort).distinct().count();
        assertTrue(distinct > 980, "1024 queue pairs use " + distinct + " source ports");
        for (int qpn = 0; qpn < 100_000; qpn += 13) {
            assertEquals(0xC000, PacketWriter.sourcePort(qpn) & 0xFFFF_C000);
        }
    }

    @Test
    void psnsAreComparedSerially() {
        assertEquals(0, Packet.psnDistance(5, 5));
        assertEquals(1, Packet.psnDistance(0, 0xFF_FFFF));
        assertEquals(-1, Packet.psnDistance(0xFF_FFFF, 0));
        assertEquals(0x7F_FFFF, Packet.psnDistance(0x7F_FFFF, 0));
        assertEquals(-0x80_0000, Packet.psnDistance(0x80_0000, 0));
    }
}
