package calvin.machine.virtio.share;

import calvin.sim.state.Published;
import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;
import java.util.Map;
import java.util.TreeMap;

/**
 * A file of a {@link SharedTree}: its number, what stat says of it, and its contents. Contents are the host's until the
 * guest writes; then all of the file is kept here.
 */
final class Inode {
    final int number;
    @Published
    int mode;
    @Published
    int uid;
    @Published
    int gid;
    @Published
    int links;
    @Published
    long mtimeS;
    /** The host's file whose contents these are, or null when they are here. */
    @Published
    SharedFile host;
    /** A regular file's bytes (the first {@link #sizeBytes} of them) or a link's target. */
    @Published
    byte[] bytes = new byte[0];
    @Published
    int sizeBytes;
    /** A folder's entries. */
    final TreeMap<String, Integer> entries = new TreeMap<>();
    /** A folder's parent. */
    @Published
    int parent;

    Inode(int number) {
        this.number = number;
    }

    boolean isFolder() {
        return (mode & SharedFile.TYPE) == SharedFile.FOLDER;
    }

    boolean isRegular() {
        return (mode & SharedFile.TYPE) == SharedFile.REGULAR;
    }

    long size() {
        return host != null && host.contents() != null ? host.contents().sizeBytes() : sizeBytes;
    }

    /** Returns how many bytes there were. */
    int read(long at, byte[] into, int offset, int length) {
        int there = (int) Math.max(0, Math.min(length, size() - at));
        if (there > 0 && host != null) {
            host.contents().read(at, into, offset, there);
        } else if (there > 0) {
            System.arraycopy(bytes, (int) at, into, offset, there);
        }
        return there;
    }

    /** Brings the contents here, with room for {@code size} bytes at least. */
    void own(int size) {
        if (host != null) {
            byte[] copy = new byte[Math.max(size, (int) size())];
            sizeBytes = read(0, copy, 0, (int) size());
            bytes = copy;
            host = null;
        } else if (bytes.length < size) {
            bytes = java.util.Arrays.copyOf(bytes, Math.max(size, 2 * bytes.length));
        }
    }

    void truncate(int size) {
        own(size);
        if (size < sizeBytes) {
            java.util.Arrays.fill(bytes, size, sizeBytes, (byte) 0);
        }
        sizeBytes = size;
    }

    void save(StateWriter out) {
        for (long value : new long[]{mode, uid, gid, links, mtimeS, parent, host == null ? 0 : 1}) {
            out.u64(value);
        }
        if (host == null) {
            out.blob(java.util.Arrays.copyOf(bytes, sizeBytes));
        }
        out.u64(entries.size());
        for (Map.Entry<String, Integer> entry : entries.entrySet()) {
            out.blob(Message.utf8(entry.getKey()));
            out.u64(entry.getValue());
        }
    }

    /** @param original the host's file of this number, or null */
    void load(StateReader in, SharedFile original) {
        mode = (int) in.u64();
        uid = (int) in.u64();
        gid = (int) in.u64();
        links = (int) in.u64();
        mtimeS = in.u64();
        parent = (int) in.u64();
        host = in.u64() == 0 ? null : original;
        bytes = host == null ? in.blob() : new byte[0];
        sizeBytes = bytes.length;
        entries.clear();
        for (long i = in.u64(); i > 0; i--) {
            String name = Message.utf8(in.blob());
            entries.put(name, (int) in.u64());
        }
    }
}
