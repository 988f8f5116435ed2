package calvin.machine.virtio.share;

import calvin.sim.state.Published;
import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A 9P2000.L server of one tree. Every request is answered at once and in order, so a flush has nothing to cancel.
 * Permissions are the client's to check: all is served. State: the agreed message size and the fids.
 *
 * <p>Spec: plan9 manual section 5, and diod's protocol.md for the messages of 9P2000.L. Left out: authentication,
 * extended attributes, device nodes, hard links to what is open elsewhere behaving as unlinked files, byte-range locks
 * between clients (there is one client; every lock succeeds).
 */
final class Server {
    /** Largest message agreed to. */
    static final int MAX_MESSAGE = 512 << 10;
    private static final int MIN_MESSAGE = 4096;
    private static final int HEADER_BYTES = 7;
    private static final int MAX_FIDS = 1 << 16;
    private static final int MAX_WALK = 16;
    private static final int IO_HEADER = 24;
    /** Answer and request differ by one; an error is answered by its own. */
    private static final int RLERROR = 7;

    static final int ENOENT = 2;
    static final int EIO = 5;
    static final int EBADF = 9;
    static final int EEXIST = 17;
    static final int ENOTDIR = 20;
    static final int EISDIR = 21;
    static final int EINVAL = 22;
    static final int EFBIG = 27;
    static final int ENOSPC = 28;
    static final int ENOTEMPTY = 39;
    static final int EOPNOTSUPP = 95;

    private static final long GETATTR_BASIC = 0x7FF;
    private static final int V9FS_MAGIC = 0x0102_1997;

    private final SharedTree tree;
    private final TreeMap<Integer, Fid> fids = new TreeMap<>();
    private final Changes changes;
    @Published
    private int maxMessage = MAX_MESSAGE;

    Server(SharedTree tree) {
        this.tree = tree;
        this.changes = new Changes(tree);
    }

    void restart() {
        fids.clear();
        maxMessage = MAX_MESSAGE;
    }

    /**
     * Answers the request {@code in}; {@code out} may be as long as the client's buffer.
     *
     * @return the answer's length, or -1 when there is no request or no room for any answer
     */
    int answer(Message in, Message out) {
        int size = in.u32();
        int type = (int) in.get(1);
        int tag = (int) in.get(2);
        if (in.broken() || size < HEADER_BYTES || out.rest() < HEADER_BYTES + 4) {
            return -1;
        }
        out.at(HEADER_BYTES);
        int error = serve(type, in, out);
        if (error == 0 && (in.broken() || out.broken())) {
            error = EINVAL;
        }
        int length = out.at();
        if (error != 0) {
            out.begin(HEADER_BYTES + 4).at(HEADER_BYTES);
            out.put(4, error);
            length = HEADER_BYTES + 4;
        }
        out.begin(length).put(4, length).put(1, error != 0 ? RLERROR : type + 1).put(2, tag);
        return length;
    }

    private int serve(int type, Message in, Message out) {
        return switch (type) {
            case 100 -> version(in, out);
            case 104 -> attach(in, out);
            case 108 -> 0;
            case 110 -> walk(in, out);
            case 120 -> fids.remove(in.u32()) == null ? EBADF : 0;
            case 122 -> {
                Fid fid = fids.remove(in.u32());
                yield fid == null ? EBADF : EOPNOTSUPP;
            }
            case 8 -> statfs(in, out);
            case 12 -> open(in, out);
            case 116 -> read(in, out);
            case 40 -> readdir(in, out);
            case 24 -> getattr(in, out);
            case 22 -> readlink(in, out);
            case 50 -> inode(in) == null ? EBADF : 0;
            case 52 -> {
                out.put(1, 0);
                yield inode(in) == null ? EBADF : 0;
            }
            case 54 -> getlock(in, out);
            case 14 -> create(in, out);
            default -> change(type, in, out);
        };
    }

    private int change(int type, Message in, Message out) {
        if (!Changes.knows(type)) {
            return EOPNOTSUPP;
        }
        int number = in.u32();
        Fid fid = fids.get(number);
        Inode inode = fid == null ? null : tree.find(fid.inode());
        if (inode == null) {
            return EBADF;
        }
        return changes.serve(type, inode, in, out, other -> {
            Fid second = fids.get(other);
            return second == null ? null : tree.find(second.inode());
        });
    }

    /** The file of the fid that comes next in the message, or null. */
    private Inode inode(Message in) {
        Fid fid = fids.get(in.u32());
        return fid == null ? null : tree.find(fid.inode());
    }

    private int version(Message in, Message out) {
        int wanted = in.u32();
        String version = in.string();
        restart();
        if (Integer.compareUnsigned(wanted, MAX_MESSAGE) < 0) {
            maxMessage = Math.max(wanted, MIN_MESSAGE);
        }
        out.put(4, maxMessage).string(version.equals("9P2000.L") ? version : "unknown");
        return 0;
    }

    private int attach(Message in, Message out) {
        int fid = in.u32();
        if (fids.containsKey(fid) || fids.size() >= MAX_FIDS) {
            return EBADF;
        }
        fids.put(fid, new Fid(SharedTree.ROOT, false));
        out.qid(tree.find(SharedTree.ROOT));
        return 0;
    }

    private int walk(Message in, Message out) {
        Inode inode = inode(in);
        int newFid = in.u32();
        int count = (int) in.get(2);
        if (inode == null) {
            return EBADF;
        }
        if (count > MAX_WALK || fids.size() >= MAX_FIDS) {
            return EINVAL;
        }
        int countAt = out.at();
        out.put(2, 0);
        int done = 0;
        for (; done < count; done++) {
            String name = in.string();
            Inode next = step(inode, name);
            if (next == null) {
                break;
            }
            inode = next;
            out.qid(inode);
        }
        if (done == 0 && count > 0) {
            return inode.isFolder() ? ENOENT : ENOTDIR;
        }
        // walk(5): the new fid stands for the file only when all names were found.
        if (done == count) {
            fids.put(newFid, new Fid(inode.number, false));
        }
        int end = out.at();
        out.at(countAt);
        out.put(2, done).at(end);
        return 0;
    }

    private Inode step(Inode folder, String name) {
        if (!folder.isFolder()) {
            return null;
        }
        if (name.equals("..")) {
            return tree.find(folder.parent);
        }
        if (name.equals(".")) {
            return folder;
        }
        Integer number = folder.entries.get(name);
        return number == null ? null : tree.find(number);
    }

    private int statfs(Message in, Message out) {
        if (inode(in) == null) {
            return EBADF;
        }
        // ours: a file system of 1 GiB that is always half full.
        out.put(4, V9FS_MAGIC).put(4, 4096).put(8, 1 << 18).put(8, 1 << 17).put(8, 1 << 17).put(8, 1 << 20)
                .put(8, (1 << 20) - tree.count()).put(8, 0).put(4, 255);
        return 0;
    }

    private int open(Message in, Message out) {
        int number = in.u32();
        int flags = in.u32();
        Fid fid = fids.get(number);
        Inode inode = fid == null ? null : tree.find(fid.inode());
        if (inode == null) {
            return EBADF;
        }
        if (inode.isFolder() && (flags & 3) != 0) {
            return EISDIR;
        }
        // Linux, asm-generic/fcntl.h: O_TRUNC.
        if ((flags & 0x200) != 0 && inode.isRegular()) {
            inode.truncate(0);
            tree.changed(inode);
        }
        fids.put(number, new Fid(fid.inode(), true));
        out.qid(inode).put(4, maxMessage - IO_HEADER);
        return 0;
    }

    private int create(Message in, Message out) {
        int number = in.u32();
        String name = in.string();
        in.u32();
        int mode = in.u32();
        int gid = in.u32();
        Fid fid = fids.get(number);
        Inode folder = fid == null ? null : tree.find(fid.inode());
        if (folder == null) {
            return EBADF;
        }
        int error = Changes.mayCreate(folder, name);
        if (error != 0 || in.broken()) {
            return error;
        }
        Inode inode = tree.create(folder, name, SharedFile.REGULAR | mode & 0xFFF, gid);
        if (inode == null) {
            return ENOSPC;
        }
        fids.put(number, new Fid(inode.number, true));
        out.qid(inode).put(4, maxMessage - IO_HEADER);
        return 0;
    }

    private int read(Message in, Message out) {
        Fid fid = fids.get(in.u32());
        long offset = in.get(8);
        long count = in.get(4);
        Inode inode = fid == null || !fid.open() ? null : tree.find(fid.inode());
        if (inode == null) {
            return EBADF;
        }
        if (!inode.isRegular()) {
            return EISDIR;
        }
        if (offset < 0 || out.rest() < 4) {
            return EINVAL;
        }
        int limit = (int) Math.min(count, Math.min(out.rest() - 4, maxMessage - IO_HEADER));
        int at = out.at();
        int done = inode.read(offset, out.bytes(), at + 4, limit);
        out.put(4, done).at(at + 4 + done);
        return 0;
    }

    private int readdir(Message in, Message out) {
        Fid fid = fids.get(in.u32());
        long offset = in.get(8);
        long count = in.get(4);
        Inode folder = fid == null || !fid.open() ? null : tree.find(fid.inode());
        if (folder == null) {
            return EBADF;
        }
        if (!folder.isFolder()) {
            return ENOTDIR;
        }
        if (out.rest() < 4) {
            return EINVAL;
        }
        int start = out.at();
        int limit = (int) Math.min(count, out.rest() - 4);
        out.put(4, 0);
        List<Map.Entry<String, Integer>> all = tree.list(folder);
        for (long i = Math.max(0, offset); i < all.size(); i++) {
            String name = all.get((int) i).getKey();
            Inode inode = tree.find(all.get((int) i).getValue());
            if (out.at() - start - 4 + IO_HEADER + Message.utf8(name).length > limit) {
                break;
            }
            out.qid(inode).put(8, i + 1).put(1, inode.mode >>> 12).string(name);
        }
        int end = out.at();
        out.at(start);
        out.put(4, end - start - 4).at(end);
        return 0;
    }

    private int getattr(Message in, Message out) {
        Inode inode = inode(in);
        if (inode == null) {
            return EBADF;
        }
        long size = inode.isFolder() ? 4096 : inode.size();
        out.put(8, GETATTR_BASIC).qid(inode).put(4, inode.mode).put(4, inode.uid).put(4, inode.gid)
                .put(8, inode.links).put(8, 0).put(8, size).put(8, 4096).put(8, (size + 511) / 512);
        for (int i = 0; i < 3; i++) {
            out.put(8, inode.mtimeS).put(8, 0);
        }
        // Birth time, generation and data version are not among the valid bits.
        out.put(8, 0).put(8, 0).put(8, 0).put(8, 0);
        return 0;
    }

    private int readlink(Message in, Message out) {
        Inode inode = inode(in);
        if (inode == null) {
            return EBADF;
        }
        if (inode.isFolder() || inode.isRegular()) {
            return EINVAL;
        }
        out.string(Message.utf8(java.util.Arrays.copyOf(inode.bytes, inode.sizeBytes)));
        return 0;
    }

    private int getlock(Message in, Message out) {
        Inode inode = inode(in);
        in.get(1);
        long start = in.get(8);
        long length = in.get(8);
        int process = in.u32();
        // F_UNLCK: nobody holds it.
        out.put(1, 2).put(8, start).put(8, length).put(4, process).string(in.string());
        return inode == null ? EBADF : 0;
    }

    void save(StateWriter out) {
        out.u64(maxMessage);
        out.u64(fids.size());
        for (Map.Entry<Integer, Fid> entry : fids.entrySet()) {
            out.u64(entry.getKey());
            out.u64(entry.getValue().inode());
            out.u64(entry.getValue().open() ? 1 : 0);
        }
    }

    void load(StateReader in) {
        maxMessage = (int) in.u64();
        fids.clear();
        for (long i = in.u64(); i > 0; i--) {
            int number = (int) in.u64();
            int inode = (int) in.u64();
            fids.put(number, new Fid(inode, in.u64() != 0));
        }
    }
}
