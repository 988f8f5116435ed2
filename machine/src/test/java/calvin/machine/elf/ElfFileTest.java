package calvin.machine.elf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.guests.Guests;
import calvin.sim.state.Block;
import org.junit.jupiter.api.Test;

class ElfFileTest {
    private static byte[] guest(String name) {
        return Guests.get(name).bytes();
    }

    /** The message with which a changed copy of a good file is refused. */
    private static String refusal(byte[] file, int at, int... bytes) {
        for (int i = 0; i < bytes.length; i++) {
            file[at + i] = (byte) bytes[i];
        }
        return assertThrows(ElfException.class, () -> ElfFile.parse(file)).getMessage();
    }

    @Test
    void everyGuestParses() throws ElfException {
        for (var guest : Guests.all()) {
            ElfFile elf = ElfFile.parse(guest.bytes());
            assertFalse(elf.segments().isEmpty(), guest.name());
            assertTrue(elf.segments().stream()
                    .anyMatch(s -> s.executable() && elf.entry() >= s.va() && elf.entry() < s.endVa()),
                    guest.name());
        }
    }

    @Test
    void segmentsAndSymbolsOfABareMetalProgram() throws ElfException {
        ElfFile elf = ElfFile.parse(guest("pass.elf"));
        assertEquals(0x8000_0000L, elf.entry());
        assertEquals(0x8000_1000L, elf.symbol("tohost").orElseThrow());
        assertTrue(elf.symbol("nothing of this name").isEmpty());
        assertFalse(elf.positionIndependent());
    }

    @Test
    void loadingCopiesBytesAndClearsTheRest() throws ElfException {
        byte[] file = guest("tiny");
        ElfFile elf = ElfFile.parse(file);
        ElfSegment segment = elf.segments().getFirst();
        Block block = new Block((int) (segment.memoryBytes() + 64));
        block.u64(segment.memoryBytes() - 1, -1L);
        ElfFile moved = new ElfFile(file, 0, false, java.util.List.of(new ElfSegment(0, 0, segment.fileOffset(),
                segment.fileBytes(), segment.memoryBytes(), true, true, true)), 0, 56, 1, 0, java.util.Map.of());
        moved.loadPhysical(block);
        assertEquals(file[segment.fileOffset()] & 0xFF, block.u8(0));
        assertEquals(file[segment.fileOffset() + segment.fileBytes() - 1] & 0xFF, block.u8(segment.fileBytes() - 1));
        for (long at = segment.fileBytes(); at < segment.memoryBytes(); at++) {
            assertEquals(0, block.u8(at));
        }
    }

    @Test
    void foreignFilesAreNamed() {
        assertEquals("not an ELF file: it does not begin with 7F 45 4C 46", refusal(guest("tiny"), 0, '#', '!', '/'));
        assertEquals("32-bit ELF file; this machine runs 64-bit RISC-V", refusal(guest("tiny"), 4, 1));
        assertEquals("big-endian ELF file; this machine is little-endian", refusal(guest("tiny"), 5, 2));
        assertTrue(refusal(guest("tiny"), 18, 62, 0).startsWith("ELF file for x86-64; this machine runs RISC-V"));
        assertEquals("ELF file of type 1 (relocatable object), not an executable", refusal(guest("tiny"), 16, 1));
        assertEquals("ELF file has no program headers", refusal(guest("tiny"), 56, 0, 0));
    }

    @Test
    void programHeadersAreChecked() throws ElfException {
        byte[] file = guest("tiny");
        int headers = (int) ElfFile.parse(file).headersOffset();
        // Not one of them is PT_LOAD.
        byte[] nothing = file.clone();
        int count = ElfFile.parse(file).headerCount();
        for (int i = 0; i < count; i++) {
            java.util.Arrays.fill(nothing, headers + 56 * i, headers + 56 * i + 4, (byte) 4);
        }
        assertEquals("ELF file has nothing to load (no PT_LOAD segment)", refusal(nothing, 0, 0x7F));
        byte[] dynamic = file.clone();
        assertTrue(refusal(dynamic, headers, 3, 0, 0, 0).startsWith("dynamic executable that needs "));
    }

    @Test
    void anyTruncationIsAnElfExceptionAndNothingElse() throws ElfException {
        byte[] file = guest("pass.elf");
        for (int length = 0; length < file.length; length += 7) {
            byte[] cut = java.util.Arrays.copyOf(file, length);
            ElfException refused = assertThrows(ElfException.class, () -> ElfFile.parse(cut), "length " + cut.length);
            assertTrue(refused.getMessage().contains("truncated") || cut.length < 4, refused.getMessage());
        }
    }

    @Test
    void anyFlippedByteIsAcceptedOrAnElfException() {
        byte[] file = guest("pass.elf");
        for (int at = 0; at < 64 + 3 * 56; at++) {
            for (int value : new int[]{0, 1, 0x7F, 0x80, 0xFF}) {
                byte[] changed = file.clone();
                changed[at] = (byte) value;
                try {
                    ElfFile.parse(changed);
                } catch (ElfException refused) {
                    assertFalse(refused.getMessage().isEmpty());
                }
            }
        }
    }
}
