package calvin.guests.debian;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/** A package's file. */
final class Package {
    private Package() {}

    /**
     * Adds the package's files to a tree.
     *
     * @param wanted which paths
     */
    static void unpack(Path file, FileTree tree, Predicate<String> wanted) throws IOException, DebianException {
        Tool.read(file.getParent(), List.of("dpkg-deb", "--fsys-tarfile", file.toString()), output -> {
            TarReader.read(output, new Filling(tree, wanted));
            return null;
        });
    }

    private record Filling(FileTree tree, Predicate<String> wanted) implements TarReader.Visitor {
        @Override
        public void file(String path, int permissions, byte[] bytes) {
            if (wanted.test(path)) {
                tree.file(merged(path), permissions, bytes);
            }
        }

        @Override
        public void folder(String path, int permissions) {
            if (!path.isEmpty() && !path.equals(".") && wanted.test(path)) {
                tree.put(merged(path), new FileTree.Entry(FileTree.FOLDER | permissions, new byte[0], 0, 0));
            }
        }

        @Override
        public void symbolicLink(String path, String target) {
            if (wanted.test(path)) {
                tree.link(merged(path), target);
            }
        }

        @Override
        public void hardLink(String path, String target) {
            FileTree.Entry entry = tree.get(merged(target));
            if (entry != null && wanted.test(path)) {
                tree.put(merged(path), entry);
            }
        }

        /** Debian merges these folders into /usr, where links lead (Debian Policy 9.1). */
        private static String merged(String path) {
            return path.matches("(bin|sbin|lib)(/.*)?") ? "usr/" + path : path;
        }
    }
}
