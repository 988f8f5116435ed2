package calvin.experiment.boot;

import calvin.machine.disk.ByteSource;
import calvin.machine.virtio.share.SharedFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A folder of the host as it is when the run begins, for a guest to see. Left out: devices, sockets and pipes. */
final class HostFolder {
    private final MessageDigest hash;

    private HostFolder(MessageDigest hash) {
        this.hash = hash;
    }

    /** Reads the folder's tree; {@code hash} gets all that is in it. */
    static SharedFile read(Path folder, MessageDigest hash) throws IOException {
        return new HostFolder(hash).read(folder, "");
    }

    private SharedFile read(Path path, String name) throws IOException {
        int mode = permissions(path);
        long mtimeS = Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS).toMillis() / 1000;
        if (Files.isSymbolicLink(path)) {
            String target = Files.readSymbolicLink(path).toString();
            note(name, mode, target);
            return SharedFile.link(name, mtimeS, target);
        }
        if (Files.isRegularFile(path)) {
            ByteSource contents = HostBytes.of(path);
            note(name, mode, contents.digest());
            return SharedFile.file(name, mode, mtimeS, contents);
        }
        List<SharedFile> children = new ArrayList<>();
        note(name, mode, "folder");
        try (Stream<Path> inside = Files.list(path)) {
            for (Path child : inside.sorted().toList()) {
                if (Files.isDirectory(child) || Files.isRegularFile(child) || Files.isSymbolicLink(child)) {
                    children.add(read(child, child.getFileName().toString()));
                }
            }
        }
        note("end", 0, "");
        return SharedFile.folder(name, mode, mtimeS, children);
    }

    private void note(String name, int mode, String rest) {
        hash.update((name + "\0" + mode + "\0" + rest + "\0").getBytes(StandardCharsets.UTF_8));
    }

    private static int permissions(Path path) throws IOException {
        if (Files.isSymbolicLink(path)) {
            return 0777;
        }
        Set<PosixFilePermission> set = Files.getPosixFilePermissions(path);
        int mode = 0;
        String text = PosixFilePermissions.toString(set);
        for (int i = 0; i < text.length(); i++) {
            mode = mode << 1 | (text.charAt(i) == '-' ? 0 : 1);
        }
        return mode;
    }
}
