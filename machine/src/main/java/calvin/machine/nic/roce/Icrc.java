package calvin.machine.nic.roce;

import calvin.sim.state.Derived;
import java.util.zip.CRC32;

/**
 * The invariant CRC of RoCEv2 over IPv4 (ib vol. 1, annex A17.3.3): CRC-32 over eight bytes of ones in place of the
 * LRH, then the packet from its IP header to its last pad byte, with the fields that routers may change (TOS, TTL,
 * header checksum, UDP checksum, and the BTH byte of FECN and BECN) taken as ones. On the wire it is stored least
 * significant byte first.
 */
public final class Icrc {
    private static final int LRH_BYTES = 8;
    private static final int HEADER_BYTES = Packet.EXTENSION_AT - Packet.IP_AT;

    @Derived(from = "nothing: cleared before every use")
    private final CRC32 crc = new CRC32();
    /** The stand-in for the LRH and a copy of the headers that get masked. */
    @Derived(from = "nothing: filled before every use")
    private final byte[] masked = new byte[LRH_BYTES + HEADER_BYTES];

    /** The CRC of the packet in {@code frame}, whose ICRC belongs at {@code icrcAt}. */
    public int of(byte[] frame, int icrcAt) {
        for (int i = 0; i < LRH_BYTES; i++) {
            masked[i] = -1;
        }
        System.arraycopy(frame, Packet.IP_AT, masked, LRH_BYTES, HEADER_BYTES);
        ones(Packet.IP_AT + 1);
        ones(Packet.IP_AT + 8);
        ones(Packet.IP_AT + 10);
        ones(Packet.IP_AT + 11);
        ones(Packet.UDP_AT + 6);
        ones(Packet.UDP_AT + 7);
        ones(Packet.BTH_AT + 4);
        crc.reset();
        crc.update(masked, 0, masked.length);
        crc.update(frame, Packet.EXTENSION_AT, icrcAt - Packet.EXTENSION_AT);
        return (int) crc.getValue();
    }

    private void ones(int frameAt) {
        masked[frameAt - Packet.IP_AT + LRH_BYTES] = -1;
    }
}
