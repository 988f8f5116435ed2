package calvin.network.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IcrcTest {
    private static final String ETHERNET = "02000a00000202000a0000010800";
    private static final String ACK = "45000030c56c40004011614e0a0000010a000002" + "c12112b7001c0000"
            + "1100ffff0000001100ca02d71f000001" + "7704e3b7";

    @Test
    void theCrcGivesItsCheckValue() {
        Crc32 crc = new Crc32();
        for (byte octet : "123456789".getBytes(StandardCharsets.US_ASCII)) {
            crc.add(octet);
        }
        assertEquals(0xCBF4_3926, crc.value());
    }

    @Test
    void eightOctetsOfOnesLeaveTheSeedOfRxe() {
        Crc32 crc = new Crc32();
        for (int i = 0; i < 8; i++) {
            crc.add(0xFF);
        }
        assertEquals(0xDEBB_20E3, crc.register());
    }

    /** Frames that stock Linux rxe sent: ACK, READ request, SEND only, fetch-and-add. */
    @ParameterizedTest
    @ValueSource(strings = {ACK,
        "4500003cd4ed4000401151c10a0000010a000002"
                + "ee5d12b7002800000c00ffff0000001880c72671000055559a5aeb300000096e00000080"
                + "4833693d",
        "4500003ce27240004011443c0a0000020a000001"
                + "ee5d12b7002800000400ffff0000001880b0fa85000055559a5aeb300000096e00000080"
                + "acdbfba7",
        "45000048f991400040112d110a0000020a000001"
                + "c38412b7003400001400ffff0000001e80f807ee00005555ca71800000000e6000000000"
                + "000000010000000000000000" + "9389523f"})
    void framesOfStockRxeAreSound(String packet) {
        byte[] frame = HexFormat.of().parseHex(ETHERNET + packet);
        assertTrue(IcrcChecker.isRoce(frame));
        assertNull(IcrcChecker.problem(frame));
    }

    @Test
    void theAckVectorHasItsPublishedValue() {
        byte[] packet = HexFormat.of().parseHex(ACK);
        assertEquals(0xB7E3_0477, Icrc.of(packet, 0, packet.length - 4));
        assertEquals(0xB7E3_0477, Icrc.carried(packet, packet.length - 4));
    }

    @Test
    void everyBitCountsExceptThoseThatRoutersChange() {
        byte[] good = HexFormat.of().parseHex(ACK);
        int end = good.length - 4;
        int expected = Icrc.of(good, 0, end);
        for (int i = 0; i < end; i++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] flipped = good.clone();
                flipped[i] ^= (byte) (1 << bit);
                // TOS, TTL, IP checksum, UDP checksum, BTH octet 4; the version decides how to read the rest.
                boolean variant = i == 1 || i == 8 || i == 10 || i == 11 || i == 26 || i == 27 || i == 32;
                if (i == 0) {
                    continue;
                }
                if (variant) {
                    assertEquals(expected, Icrc.of(flipped, 0, end), "octet " + i + " bit " + bit);
                } else {
                    assertNotEquals(expected, Icrc.of(flipped, 0, end), "octet " + i + " bit " + bit);
                }
            }
        }
    }

    @Test
    void ethernetPaddingIsNoPartOfThePacket() {
        byte[] frame = HexFormat.of().parseHex(ETHERNET + ACK + "000000000000");
        assertNull(IcrcChecker.problem(frame));
    }

    @Test
    void aVlanTagIsPassedOver() {
        byte[] frame = HexFormat.of().parseHex("02000a00000202000a000001" + "81000005" + "0800" + ACK);
        assertTrue(IcrcChecker.isRoce(frame));
        assertNull(IcrcChecker.problem(frame));
    }

    @Test
    void damageIsNamed() {
        byte[] payload = HexFormat.of().parseHex(ETHERNET + ACK);
        payload[14 + 20 + 8 + 11] ^= 1;
        String crc = IcrcChecker.problem(payload);
        assertTrue(crc.startsWith("ICRC is b7e30477, should be "), crc);
        byte[] checksum = HexFormat.of().parseHex(ETHERNET + ACK);
        checksum[14 + 10] ^= 1;
        assertEquals("wrong IPv4 header checksum", IcrcChecker.problem(checksum));
        byte[] length = HexFormat.of().parseHex(ETHERNET + ACK);
        length[14 + 20 + 5] ^= 4;
        assertEquals("UDP length 24, but the IP packet leaves 28", IcrcChecker.problem(length));
        byte[] cut = HexFormat.of().parseHex(ETHERNET + ACK.substring(0, ACK.length() - 2));
        assertEquals("the frame has 61 bytes, its IP packet ends at 62", IcrcChecker.problem(cut));
    }

    @Test
    void otherTrafficIsNotRoce() {
        assertFalse(IcrcChecker.isRoce(new byte[0]));
        assertFalse(IcrcChecker.isRoce(new byte[60]));
        assertFalse(IcrcChecker.isRoce(HexFormat.of().parseHex(ETHERNET + ACK.replace("12b7", "12b8"))));
        assertFalse(IcrcChecker.isRoce(HexFormat.of().parseHex(ETHERNET + ACK.replace("40116", "40066"))));
    }
}
