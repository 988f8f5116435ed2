package calvin.machine.timing;

/**
 * Size and speed of one cache. Lines have {@link TimingSpec#LINE_BYTES} bytes.
 *
 * @param sizeBytes     a power of two times {@code ways} lines
 * @param ways          associativity
 * @param latencyCycles from the request to the data on a hit, in cycles of the hart
 */
public record CacheSpec(long sizeBytes, int ways, int latencyCycles) {
    int sets() {
        return (int) (sizeBytes / ways / TimingSpec.LINE_BYTES);
    }

    String problem(String name) {
        boolean sane = ways > 0 && sizeBytes > 0 && sizeBytes % ((long) ways * TimingSpec.LINE_BYTES) == 0
                && sizeBytes / ways / TimingSpec.LINE_BYTES < 1 << 24 && Integer.bitCount(sets()) == 1;
        return sane && latencyCycles >= 0 ? null : name + " must have a power of two of sets of 64-byte lines";
    }
}
