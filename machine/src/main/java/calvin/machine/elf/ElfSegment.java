package calvin.machine.elf;

/**
 * A loadable segment: {@code fileBytes} bytes of the file, then zeros up to {@code memoryBytes}.
 *
 * @param va          where the program expects it
 * @param pa          where a loader without paging puts it
 * @param fileOffset  where its bytes are in the file
 * @param fileBytes   how many there are
 * @param memoryBytes at least {@code fileBytes}
 */
public record ElfSegment(long va, long pa, int fileOffset, int fileBytes, long memoryBytes, boolean readable,
        boolean writable, boolean executable) {
    public long endVa() {
        return va + memoryBytes;
    }
}
