package calvin.enclave;

import java.util.ArrayList;
import java.util.List;

/** What a node's memory is needed for, item by item, so that a node with too little can be refused in words. */
final class MemoryNeed {
    private static final long MIB = 1L << 20;

    private final List<String> items = new ArrayList<>();
    private long bytes;

    void add(long moreBytes, String what) {
        if (moreBytes > 0) {
            bytes += moreBytes;
            items.add(mebibytes(moreBytes) + " MiB for " + what);
        }
    }

    long bytes() {
        return bytes;
    }

    /** Refuses a memory that is too small. */
    void check(String owner, long memoryBytes) {
        if (bytes > memoryBytes) {
            throw new NodeException(owner + " has " + memoryBytes / MIB + " MiB of memory but needs at least "
                    + mebibytes(bytes) + " MiB: " + String.join(", ", items));
        }
    }

    private static long mebibytes(long value) {
        return Math.ceilDiv(value, MIB);
    }
}
