package calvin.machine.virtio.share;

import calvin.sim.state.Published;
import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;
import calvin.sim.state.Stateful;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The files of a share. It begins as a tree of the host's; what the guest changes is kept here and never reaches the
 * host. Numbers of files are those of a walk through the host's tree in order of names, so they are the same in every
 * run. Survives a reset of the device.
 *
 * <p>State is what has changed: every file the guest made or altered. Files of more than {@link #MAX_BYTES} cannot be
 * written.
 */
public final class SharedTree implements Stateful {
    static final int ROOT = 1;
    static final int MAX_BYTES = 256 << 20;
    private static final int MAX_INODES = 1 << 20;

    private final String stateName;
    private final String digest;
    private final List<SharedFile> originals = new ArrayList<>();
    private final TreeMap<Integer, Inode> inodes = new TreeMap<>();
    /** Numbers of files that are not as they were. */
    private final TreeMap<Integer, Boolean> changed = new TreeMap<>();
    @Published
    private int nextNumber;

    /** @param digest names the tree in snapshots */
    public SharedTree(String stateName, SharedFile root, String digest) {
        this.stateName = stateName;
        this.digest = digest;
        originals.add(null);
        number(root);
        begin();
    }

    private void number(SharedFile file) {
        originals.add(file);
        file.children().forEach(this::number);
    }

    private void begin() {
        inodes.clear();
        changed.clear();
        nextNumber = ROOT;
        add(originals.get(ROOT), ROOT);
    }

    private int add(SharedFile file, int parent) {
        Inode inode = new Inode(nextNumber++);
        inode.mode = file.mode();
        inode.mtimeS = file.mtimeS();
        inode.links = inode.isFolder() ? 2 : 1;
        inode.parent = parent;
        if (file.contents() != null) {
            inode.host = file;
        } else if (file.target() != null) {
            inode.bytes = Message.utf8(file.target());
            inode.sizeBytes = inode.bytes.length;
        }
        inodes.put(inode.number, inode);
        for (SharedFile child : file.children()) {
            inode.entries.put(child.name(), add(child, inode.number));
        }
        return inode.number;
    }

    /** The file of this number, or null when it is gone. */
    Inode find(int number) {
        return inodes.get(number);
    }

    int count() {
        return inodes.size();
    }

    void changed(Inode inode) {
        changed.put(inode.number, true);
    }

    /** A new file in a folder, or null when there are too many. */
    Inode create(Inode folder, String name, int mode, int gid) {
        if (inodes.size() >= MAX_INODES) {
            return null;
        }
        Inode inode = new Inode(nextNumber++);
        inode.mode = mode;
        inode.gid = gid;
        inode.mtimeS = folder.mtimeS;
        inode.links = inode.isFolder() ? 2 : 1;
        inode.parent = folder.number;
        inodes.put(inode.number, inode);
        folder.entries.put(name, inode.number);
        changed(inode);
        changed(folder);
        return inode;
    }

    /** Takes a name out of a folder; the file goes with its last name. */
    void unlink(Inode folder, String name) {
        Inode inode = inodes.get(folder.entries.remove(name));
        changed(folder);
        inode.links -= inode.isFolder() ? 2 : 1;
        changed(inode);
        if (inode.links == 0) {
            inodes.remove(inode.number);
        }
    }

    @Override
    public String stateName() {
        return stateName;
    }

    @Override
    public void save(StateWriter out) {
        out.blob(Message.utf8(digest));
        out.u64(nextNumber);
        out.u64(changed.size());
        for (int number : changed.keySet()) {
            Inode inode = inodes.get(number);
            out.u64(number);
            out.u64(inode == null ? 0 : 1);
            if (inode != null) {
                inode.save(out);
            }
        }
    }

    @Override
    public void load(StateReader in) {
        String was = Message.utf8(in.blob());
        calvin.sim.check.Check.that(was.equals(digest), "the snapshot was taken over another shared folder", was);
        begin();
        nextNumber = (int) in.u64();
        for (long i = in.u64(); i > 0; i--) {
            int number = (int) in.u64();
            changed.put(number, true);
            if (in.u64() == 0) {
                inodes.remove(number);
                continue;
            }
            Inode inode = new Inode(number);
            inode.load(in, number < originals.size() ? originals.get(number) : null);
            inodes.put(number, inode);
        }
    }

    /** Entries of a folder as readdir gives them: {@code .} and {@code ..} first. */
    List<Map.Entry<String, Integer>> list(Inode folder) {
        List<Map.Entry<String, Integer>> all = new ArrayList<>();
        all.add(Map.entry(".", folder.number));
        all.add(Map.entry("..", folder.parent));
        all.addAll(folder.entries.entrySet());
        return all;
    }
}
