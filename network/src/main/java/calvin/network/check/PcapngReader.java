package calvin.network.check;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the packets of a pcapng file (draft-ietf-opsawg-pcapng): section headers of either byte order, interface
 * descriptions and enhanced packet blocks; other blocks are passed over. A file that breaks the format ends in an
 * {@link IOException} with the offset.
 */
public final class PcapngReader {
    private static final int SECTION_HEADER = 0x0A0D_0D0A;
    private static final int INTERFACE = 1;
    private static final int ENHANCED_PACKET = 6;
    private static final int BYTE_ORDER_MAGIC = 0x1A2B_3C4D;
    private static final int MAX_BLOCK_BYTES = 16 << 20;
    private static final BigInteger PS_PER_S = BigInteger.valueOf(1_000_000_000_000L);

    private final InputStream in;
    private final List<Interface> interfaces = new ArrayList<>();
    private ByteOrder order = ByteOrder.LITTLE_ENDIAN;
    private long offset;

    /**
     * An interface of the current section.
     *
     * @param resolution the octet of {@code if_tsresol}
     */
    private record Interface(String name, int linkType, int resolution) {}

    /**
     * A captured packet.
     *
     * @param interfaceName {@code if_name}, empty if the file gives none
     * @param linkType      1 is Ethernet
     * @param timePs        picoseconds since the epoch of the file
     * @param length        octets that the packet had on the wire; {@code bytes} may hold fewer
     * @param flags         {@code epb_flags}, 0 if absent
     * @param packetId      {@code epb_packetid}, -1 if absent
     */
    public record Packet(String interfaceName, int linkType, long timePs, int length, byte[] bytes, int flags,
            long packetId) {}

    public PcapngReader(InputStream in) {
        this.in = in;
    }

    /** The next packet, or null at the end of the file. */
    public Packet next() throws IOException {
        while (true) {
            byte[] head = in.readNBytes(8);
            if (head.length == 0) {
                return null;
            }
            if (head.length < 8) {
                throw new EOFException("pcapng file ends inside a block header at offset " + offset);
            }
            ByteBuffer first = ByteBuffer.wrap(head).order(order);
            int type = first.getInt();
            ByteBuffer body = body(type, first.getInt());
            switch (type) {
                case SECTION_HEADER -> interfaces.clear();
                case INTERFACE -> interfaces.add(description(body));
                case ENHANCED_PACKET -> {
                    return packet(body);
                }
                default -> {
                    // Statistics, name resolution and others say nothing about packets.
                }
            }
        }
    }

    private ByteBuffer body(int type, int declared) throws IOException {
        int length = declared;
        byte[] magic = new byte[0];
        if (type == SECTION_HEADER) {
            // Only the magic behind it says how to read the length before it.
            magic = in.readNBytes(4);
            if (magic.length < 4) {
                throw new EOFException("pcapng file ends inside a section header at offset " + offset);
            }
            ByteOrder old = order;
            order = magicOrder(magic);
            length = order == old ? declared : Integer.reverseBytes(declared);
        } else if (offset == 0) {
            throw new IOException("not a pcapng file");
        }
        if (length < 12 + magic.length || length > MAX_BLOCK_BYTES || length % 4 != 0) {
            throw new IOException("block at offset " + offset + " has a length of " + length);
        }
        byte[] rest = in.readNBytes(length - 8 - magic.length);
        if (rest.length < length - 8 - magic.length) {
            throw new EOFException("pcapng file ends inside the block at offset " + offset);
        }
        ByteBuffer body = ByteBuffer.wrap(rest).order(order);
        if (body.getInt(rest.length - 4) != length) {
            throw new IOException("block at offset " + offset + " ends with another length than it begins with");
        }
        offset += length;
        return body.limit(rest.length - 4);
    }

    private ByteOrder magicOrder(byte[] magic) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(magic);
        if (bytes.order(ByteOrder.LITTLE_ENDIAN).getInt(0) == BYTE_ORDER_MAGIC) {
            return ByteOrder.LITTLE_ENDIAN;
        }
        if (bytes.order(ByteOrder.BIG_ENDIAN).getInt(0) == BYTE_ORDER_MAGIC) {
            return ByteOrder.BIG_ENDIAN;
        }
        throw new IOException("not a pcapng section at offset " + offset);
    }

    private Interface description(ByteBuffer body) throws IOException {
        need(body, 8);
        int linkType = body.getShort() & 0xFFFF;
        body.position(8);
        String name = "";
        int resolution = 6;
        for (Option option = option(body); option != null; option = option(body)) {
            if (option.code == 2) {
                name = new String(option.value, StandardCharsets.UTF_8);
            } else if (option.code == 9 && option.value.length == 1) {
                resolution = option.value[0] & 0xFF;
            }
        }
        return new Interface(name, linkType, resolution);
    }

    private Packet packet(ByteBuffer body) throws IOException {
        need(body, 20);
        int number = body.getInt();
        if (number < 0 || number >= interfaces.size()) {
            throw new IOException("packet before offset " + offset + " is of interface " + number
                    + ", which is not declared");
        }
        Interface on = interfaces.get(number);
        long time = (body.getInt() & 0xFFFF_FFFFL) << 32 | body.getInt() & 0xFFFF_FFFFL;
        int kept = body.getInt();
        int length = body.getInt();
        if (kept < 0 || kept > length) {
            throw new IOException("packet before offset " + offset + " has lengths " + kept + " and " + length);
        }
        need(body, kept + 3 & ~3);
        byte[] bytes = new byte[kept];
        body.get(bytes);
        body.position(body.position() + (-kept & 3));
        int flags = 0;
        long id = -1;
        for (Option option = option(body); option != null; option = option(body)) {
            if (option.code == 2 && option.value.length == 4) {
                flags = ByteBuffer.wrap(option.value).order(order).getInt();
            } else if (option.code == 5 && option.value.length == 8) {
                id = ByteBuffer.wrap(option.value).order(order).getLong();
            }
        }
        return new Packet(on.name, on.linkType, picoseconds(time, on.resolution), length, bytes, flags, id);
    }

    /** The most significant bit of the resolution chooses between powers of 2 and of 10. */
    private static long picoseconds(long time, int resolution) {
        BigInteger ticks = new BigInteger(Long.toUnsignedString(time));
        BigInteger perSecond = BigInteger.valueOf(resolution >= 128 ? 2 : 10).pow(resolution & 127);
        return ticks.multiply(PS_PER_S).divide(perSecond).longValueExact();
    }

    private record Option(int code, byte[] value) {}

    /** The next option, or null at their end. */
    private Option option(ByteBuffer body) throws IOException {
        if (body.remaining() < 4) {
            return null;
        }
        int code = body.getShort() & 0xFFFF;
        int length = body.getShort() & 0xFFFF;
        if (code == 0) {
            return null;
        }
        need(body, length + 3 & ~3);
        byte[] value = new byte[length];
        body.get(value);
        body.position(body.position() + (-length & 3));
        return new Option(code, value);
    }

    private void need(ByteBuffer body, int bytes) throws IOException {
        if (bytes < 0 || body.remaining() < bytes) {
            throw new IOException("block before offset " + offset + " is too short for what it says");
        }
    }
}
