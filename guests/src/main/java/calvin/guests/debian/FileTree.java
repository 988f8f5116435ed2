package calvin.guests.debian;

import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * A file system in memory, by path without a leading slash. All of it belongs to root, and nothing has a time, so the
 * same files give the same image.
 */
final class FileTree {
    static final int FOLDER = 0040000;
    static final int FILE = 0100000;
    static final int LINK = 0120000;
    static final int CHARACTER_DEVICE = 0020000;

    /**
     * @param mode  type and permissions as in st_mode
     * @param bytes contents of a file, target of a symbolic link
     * @param major of a device
     * @param minor of a device
     */
    record Entry(int mode, byte[] bytes, int major, int minor) {
        int type() {
            return mode & 0170000;
        }
    }

    private final SortedMap<String, Entry> entries = new TreeMap<>();

    void folder(String path, int permissions) {
        entries.putIfAbsent(path, new Entry(FOLDER | permissions, new byte[0], 0, 0));
    }

    void file(String path, int permissions, byte[] bytes) {
        put(path, new Entry(FILE | permissions, bytes, 0, 0));
    }

    void link(String path, String target) {
        put(path, new Entry(LINK | 0777, target.getBytes(StandardCharsets.UTF_8), 0, 0));
    }

    void device(String path, int permissions, int major, int minor) {
        put(path, new Entry(CHARACTER_DEVICE | permissions, new byte[0], major, minor));
    }

    /** Adds an entry and the folders above it. A folder never takes the place of a link to one. */
    void put(String path, Entry entry) {
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            folder(path.substring(0, slash), 0755);
        }
        if (entry.type() == FOLDER && entries.containsKey(path)) {
            return;
        }
        entries.put(path, entry);
    }

    Entry get(String path) {
        return entries.get(path);
    }

    boolean has(String path) {
        return entries.containsKey(path);
    }

    void remove(String path) {
        entries.remove(path);
    }

    /** Every entry by ascending path, so folders come before what is in them. */
    void forEach(BiConsumer<String, Entry> visitor) {
        entries.forEach(visitor);
    }
}
