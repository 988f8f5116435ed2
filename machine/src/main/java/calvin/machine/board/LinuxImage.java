package calvin.machine.board;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/**
 * A RISC-V Linux {@code Image}, packed with gzip or not (Linux, Documentation/arch/riscv/boot-image-header.rst).
 *
 * <pre>
 *  0 code       8 text_offset   16 image_size   24 flags   32 version
 * 48 "RISCV"   56 "RSC\5"
 * </pre>
 *
 * Left out: other packings (xz, zstd, EFI zboot) and big-endian kernels.
 *
 * @param bytes      the unpacked file
 * @param textOffset where it wants to be, from the start of RAM
 * @param imageBytes what it takes in memory, its zeroed data included
 */
record LinuxImage(byte[] bytes, long textOffset, long imageBytes) {
    private static final int HEADER_BYTES = 64;
    private static final int TEXT_OFFSET_AT = 8;
    private static final int IMAGE_SIZE_AT = 16;
    private static final int FLAGS_AT = 24;
    private static final int MAGIC_AT = 56;
    /** "RSC\5", little-endian. */
    private static final int MAGIC = 0x0543_5352;
    private static final int BIG_ENDIAN = 1;
    /** Of a PE file, which a kernel with an EFI stub is as well. */
    private static final short DOS_MAGIC = 0x5A4D;
    private static final int PE_OFFSET_AT = 60;
    private static final int PE_MAGIC = 0x4550;
    private static final int PE_HEADER_BYTES = 24;
    private static final int PE_SECTION_BYTES = 40;
    private static final int GZIP_MAGIC = 0x8B1F;

    /** Whether a file begins as one, or as something packed with gzip. */
    static boolean matches(byte[] file) {
        return packed(file) || file.length >= HEADER_BYTES && little(file).getInt(MAGIC_AT) == MAGIC;
    }

    private static boolean packed(byte[] file) {
        return file.length > 2 && (little(file).getShort(0) & 0xFFFF) == GZIP_MAGIC;
    }

    private static ByteBuffer little(byte[] file) {
        return ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * @param mostBytes what it may have, unpacked
     * @throws ImageException when it is not one that can be booted
     */
    static LinuxImage parse(byte[] file, long mostBytes) throws ImageException {
        byte[] bytes = packed(file) ? unpack(file, mostBytes) : file;
        ByteBuffer header = little(bytes);
        if (bytes.length < HEADER_BYTES || header.getInt(MAGIC_AT) != MAGIC) {
            throw new ImageException("is neither an ELF file nor a RISC-V Linux Image (no magic number at byte 56"
                    + (packed(file) ? " of what gzip unpacks)" : ")"));
        }
        if ((header.getLong(FLAGS_AT) & BIG_ENDIAN) != 0) {
            throw new ImageException("is a big-endian kernel");
        }
        long fileBytes = sectionsEnd(header, bytes.length);
        if (fileBytes > bytes.length) {
            throw new ImageException("is truncated: it has " + bytes.length + " bytes of " + fileBytes);
        }
        long imageBytes = Math.max(header.getLong(IMAGE_SIZE_AT), bytes.length);
        long textOffset = header.getLong(TEXT_OFFSET_AT);
        if (textOffset < 0 || textOffset > mostBytes || imageBytes > mostBytes - textOffset) {
            throw new ImageException(String.format(Locale.ROOT,
                    "wants %#x bytes at %#x of RAM, which has %#x bytes in its first region", imageBytes, textOffset,
                    mostBytes));
        }
        return new LinuxImage(bytes, textOffset, imageBytes);
    }

    /** Where its sections end by its PE header, with which EFI starts it; 0 where it has none (PE format, 3 and 4). */
    private static long sectionsEnd(ByteBuffer file, int length) {
        int headerAt = file.getInt(PE_OFFSET_AT);
        if (file.getShort(0) != DOS_MAGIC || headerAt < HEADER_BYTES || headerAt > length - PE_HEADER_BYTES
                || file.getInt(headerAt) != PE_MAGIC) {
            return 0;
        }
        int sections = file.getShort(headerAt + 6) & 0xFFFF;
        long at = headerAt + PE_HEADER_BYTES + (file.getShort(headerAt + 20) & 0xFFFF);
        long end = 0;
        for (int i = 0; i < sections && at + PE_SECTION_BYTES <= length; i++, at += PE_SECTION_BYTES) {
            long size = file.getInt((int) at + 16) & 0xFFFF_FFFFL;
            long from = file.getInt((int) at + 20) & 0xFFFF_FFFFL;
            end = Math.max(end, from + size);
        }
        return end;
    }

    private static byte[] unpack(byte[] file, long mostBytes) throws ImageException {
        int most = (int) Math.min(mostBytes, Integer.MAX_VALUE - 16);
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(file))) {
            byte[] bytes = in.readNBytes(most);
            if (in.read() >= 0) {
                throw new ImageException("unpacks to more bytes than RAM has");
            }
            return bytes;
        } catch (IOException e) {
            throw new ImageException("cannot be unpacked: " + e.getMessage());
        }
    }
}
