package calvin.guests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The catalogue and its files agree. */
final class GuestsTest {
    private static final int LIMIT_BYTES = 3_670_016;
    private static final int EM_RISCV = 243;
    private static final int ET_EXEC = 2;

    @Test
    void everyImageIsAnExecutableForRv64() {
        for (Guest guest : Guests.all()) {
            ByteBuffer elf = ByteBuffer.wrap(guest.bytes()).order(ByteOrder.LITTLE_ENDIAN);
            assertEquals(0x464C457F, elf.getInt(0), guest.name());
            assertEquals(2, elf.get(4), "64 bits: " + guest.name());
            assertEquals(ET_EXEC, elf.getShort(16), guest.name());
            assertEquals(EM_RISCV, elf.getShort(18), guest.name());
            assertEquals(entry(guest.kind()), elf.getLong(24) & -0x100000L, guest.name());
        }
    }

    private static long entry(Guest.Kind kind) {
        return switch (kind) {
            case LINUX_STATIC -> 0;
            case SUPERVISOR -> 0x80200000L;
            case BARE_METAL -> 0x80000000L;
        };
    }

    @Test
    void imagesAreThoseOfTheList() throws Exception {
        byte[] list = GuestsTest.class.getResourceAsStream("images/images.sha256").readAllBytes();
        Map<String, String> listed = new TreeMap<>();
        for (String line : new String(list, StandardCharsets.US_ASCII).lines().toList()) {
            listed.put(line.substring(66), line.substring(0, 64));
        }
        Map<String, String> present = new TreeMap<>();
        for (Guest guest : Guests.all()) {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(guest.bytes());
            present.put(guest.name(), HexFormat.of().formatHex(digest));
        }
        assertEquals(listed, present);
    }

    @Test
    void imagesStaySmall() {
        int total = Guests.all().stream().mapToInt(guest -> guest.bytes().length).sum();
        assertTrue(total < LIMIT_BYTES, () -> "images have " + total + " bytes");
    }

    @Test
    void bareImagesKeepTheSymbolsTheirHostLooksFor() {
        for (Guest guest : Guests.all()) {
            String text = new String(guest.bytes(), StandardCharsets.ISO_8859_1);
            boolean bare = guest.kind() == Guest.Kind.BARE_METAL;
            assertEquals(bare, text.contains("\0tohost\0") && text.contains("\0fromhost\0"), guest.name());
        }
    }

    @Test
    void noImageNamesAPathOfItsBuilder() {
        for (Guest guest : Guests.all()) {
            String text = new String(guest.bytes(), StandardCharsets.ISO_8859_1);
            for (String path : List.of("/home/", "/root/", "/tmp/", System.getProperty("user.dir"))) {
                assertEquals(-1, text.indexOf(path), guest.name() + " contains " + path);
            }
        }
    }

    @Test
    void unknownNamesAreAnsweredWithTheKnownOnes() {
        assertTrue(Guests.find("none").isEmpty());
        Exception e = assertThrows(IllegalArgumentException.class, () -> Guests.get("none"));
        assertTrue(e.getMessage().contains("pingpong"), e.getMessage());
    }

    @Test
    void bytesAreAFreshCopy() {
        byte[] first = Guests.get("tiny").bytes();
        byte[] kept = first.clone();
        Arrays.fill(first, (byte) 0);
        assertArrayEquals(kept, Guests.get("tiny").bytes());
    }
}
