package calvin.machine.virtio.share;

import calvin.machine.disk.ByteSource;
import java.util.List;

/**
 * A file, folder or symbolic link of the host as it was when the run began; handed in by the command line as a tree.
 *
 * @param name     without slashes; of the root anything
 * @param mode     type and permissions as in Linux's st_mode
 * @param mtimeS   seconds since 1970
 * @param contents of a regular file; else null
 * @param target   of a symbolic link; else null
 * @param children of a folder, sorted by name; else empty
 */
public record SharedFile(String name, int mode, long mtimeS, ByteSource contents, String target,
        List<SharedFile> children) {
    public static final int TYPE = 0xF000;
    public static final int FOLDER = 0x4000;
    public static final int REGULAR = 0x8000;
    public static final int LINK = 0xA000;

    public SharedFile {
        children = List.copyOf(children);
    }

    public static SharedFile file(String name, int permissions, long mtimeS, ByteSource contents) {
        return new SharedFile(name, REGULAR | permissions & 0xFFF, mtimeS, contents, null, List.of());
    }

    public static SharedFile folder(String name, int permissions, long mtimeS, List<SharedFile> children) {
        return new SharedFile(name, FOLDER | permissions & 0xFFF, mtimeS, null, null, children);
    }

    public static SharedFile link(String name, long mtimeS, String target) {
        return new SharedFile(name, LINK | 0x1FF, mtimeS, null, target, List.of());
    }
}
