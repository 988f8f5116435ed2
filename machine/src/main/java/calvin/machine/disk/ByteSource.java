package calvin.machine.disk;

/**
 * Bytes of the host that do not change while anything runs, for example a mapped file. Handed in by the command line;
 * nothing below it opens files.
 */
public interface ByteSource {
    long sizeBytes();

    /** Reads {@code length} bytes from {@code at}; all of them lie inside. */
    void read(long at, byte[] into, int offset, int length);

    /** What names the bytes in plans and snapshots: their SHA-256 in hexadecimal. */
    String digest();

    /** Bytes in an array, for small images and for tests. */
    static ByteSource of(byte[] bytes, String digest) {
        return new ByteSource() {
            @Override
            public long sizeBytes() {
                return bytes.length;
            }

            @Override
            public void read(long at, byte[] into, int offset, int length) {
                System.arraycopy(bytes, (int) at, into, offset, length);
            }

            @Override
            public String digest() {
                return digest;
            }
        };
    }
}
