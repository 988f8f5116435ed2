package calvin.guests.debian;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;

/**
 * Builds guests: the stock kernel, and an initial RAM disk of busybox, the kernel's modules and packages. Packages are
 * unpacked, not installed: their scripts do not run.
 */
public final class DebianBuilder {
    private static final String KERNEL = "linux-image-riscv64";
    private static final String BUSYBOX = "busybox-static";
    private static final List<String> FIRMWARE = List.of("opensbi", "u-boot-qemu");
    /** Where Debian's packages have firmware, and what it is called here. */
    private static final Map<String, String> FIRMWARE_FILES = Map.of(
            "usr/lib/riscv64-linux-gnu/opensbi/generic/fw_jump.bin", "fw_jump.bin",
            "usr/lib/riscv64-linux-gnu/opensbi/generic/fw_dynamic.bin", "fw_dynamic.bin",
            "usr/lib/u-boot/qemu-riscv64_smode/u-boot.bin", "u-boot.bin");
    /** Not for machines: documentation and translations. */
    private static final String LEFT_OUT = "usr/share/(doc|man|info|locale|lintian|bug)(/.*)?";
    private static final int KEY_DIGITS = 16;

    private final GuestStore store;
    private final Consumer<String> progress;

    /** @param progress gets a line for each step */
    public DebianBuilder(GuestStore store, Consumer<String> progress) {
        this.store = store;
        this.progress = progress;
    }

    /**
     * Builds a guest, or finds the one built of the same packages before, and gives it the name.
     *
     * @throws DebianException when apt is missing, cannot reach its mirror, or does not know a package
     */
    public DebianGuest build(DebianRequest request) throws IOException, DebianException {
        Apt apt = new Apt(store.aptHome(request.suite()), request.suite(), request.mirror());
        progress.accept("fetching the lists of Debian " + request.suite());
        apt.update(request.refresh());
        String kernelPackage = apt.kernelPackage(KERNEL);
        progress.accept("fetching " + kernelPackage + ", busybox, firmware"
                + (request.packages().isEmpty() ? "" : " and " + String.join(", ", request.packages())));
        Path kernel = apt.download(List.of(kernelPackage)).getFirst();
        List<Path> firmware = apt.download(FIRMWARE);
        List<Path> packages = new ArrayList<>(apt.download(List.of(BUSYBOX)));
        apt.install(request.packages()).stream().filter(file -> !packages.contains(file)).forEach(packages::add);
        String key = key(kernel, firmware, packages);
        if (store.image(key).isEmpty()) {
            Path scratch = store.scratch();
            try {
                make(scratch, request.suite(), kernel, firmware, packages);
                store.keep(scratch, key);
            } finally {
                GuestStore.delete(scratch);
            }
        }
        store.name(request.name(), key);
        return store.find(request.name()).orElseThrow();
    }

    /** Named by what it is made of: the packages' files, whose names have their versions, and this builder. */
    private static String key(Path kernel, List<Path> firmware, List<Path> packages) throws IOException {
        try {
            MessageDigest hash = MessageDigest.getInstance("SHA-256");
            List<Path> all = new ArrayList<>(List.of(kernel));
            all.addAll(firmware);
            all.addAll(packages);
            for (Path file : all) {
                hash.update((file.getFileName() + "\n").getBytes(StandardCharsets.UTF_8));
            }
            hash.update(init());
            for (Class<?> part : List.of(DebianBuilder.class, KernelModules.class, Package.class, Cpio.class)) {
                hash.update(resource(part.getSimpleName() + ".class"));
            }
            return HexFormat.of().formatHex(hash.digest()).substring(0, KEY_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static byte[] init() throws IOException {
        return resource("init");
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = DebianBuilder.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing from this build");
            }
            return in.readAllBytes();
        }
    }

    private void make(Path folder, String suite, Path kernel, List<Path> firmware, List<Path> packages)
            throws IOException, DebianException {
        progress.accept("unpacking " + (packages.size() + 1) + " packages");
        FileTree root = skeleton();
        for (Path each : packages) {
            Package.unpack(each, root, path -> !path.matches(LEFT_OUT));
        }
        FileTree kernelFiles = new FileTree();
        Package.unpack(kernel, kernelFiles, path -> path.startsWith("boot/") || path.contains("lib/modules/"));
        String version = copyKernel(kernelFiles, folder);
        KernelModules.add(kernelFiles, root, version, folder);
        Files.deleteIfExists(folder.resolve("module.xz"));
        firmware(firmware, folder);
        finish(root, suite);
        progress.accept("packing the initial RAM disk");
        try (OutputStream out = new GZIPOutputStream(new BufferedOutputStream(
                Files.newOutputStream(folder.resolve("initrd.img"))), 1 << 16)) {
            Cpio.write(root, out);
        }
        manifest(folder, suite, version, kernel, firmware, packages);
    }

    private static void firmware(List<Path> packages, Path folder) throws IOException, DebianException {
        FileTree files = new FileTree();
        for (Path each : packages) {
            Package.unpack(each, files, FIRMWARE_FILES::containsKey);
        }
        Files.createDirectories(folder.resolve("firmware"));
        for (Map.Entry<String, String> file : FIRMWARE_FILES.entrySet()) {
            FileTree.Entry entry = files.get(file.getKey());
            if (entry != null) {
                Files.write(folder.resolve("firmware").resolve(file.getValue()), entry.bytes());
            }
        }
    }

    private static FileTree skeleton() throws IOException {
        FileTree root = new FileTree();
        for (String folder : List.of("dev", "etc", "mnt", "proc", "root", "run", "sys", "tmp", "usr", "var")) {
            root.folder(folder, folder.equals("tmp") ? 01777 : 0755);
        }
        for (String merged : List.of("bin", "sbin", "lib")) {
            root.folder("usr/" + merged, 0755);
            root.link(merged, "usr/" + merged);
        }
        // Linux opens it before anything is mounted.
        root.device("dev/console", 0600, 5, 1);
        root.file("init", 0755, init());
        root.file("etc/passwd", 0644, text("root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n"));
        root.file("etc/group", 0644, text("root:x:0:\ntty:x:5:\nnogroup:x:65534:\n"));
        root.file("etc/hosts", 0644, text("127.0.0.1 localhost\n"));
        root.file("etc/profile", 0644, text("PS1='\\w \\$ '\n"));
        return root;
    }

    private static void finish(FileTree root, String suite) {
        if (!root.has("usr/bin/sh")) {
            root.link("usr/bin/sh", "busybox");
        }
        if (!root.has("usr/sbin/modprobe")) {
            root.link("usr/sbin/modprobe", "../bin/busybox");
        }
        if (!root.has("etc/debian_version")) {
            root.file("etc/debian_version", 0644, text(suite + "\n"));
        }
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Writes the kernel to the folder; returns its version. */
    private static String copyKernel(FileTree files, Path folder) throws IOException, DebianException {
        List<String> names = new ArrayList<>();
        files.forEach((path, entry) -> {
            if (path.startsWith("boot/vmlinu")) {
                names.add(path);
            }
        });
        if (names.isEmpty()) {
            throw new DebianException("the kernel's package has no boot/vmlinu*");
        }
        Files.write(folder.resolve("Image"), files.get(names.getFirst()).bytes());
        return names.getFirst().substring(names.getFirst().indexOf('-') + 1);
    }

    private static void manifest(Path folder, String suite, String version, Path kernel, List<Path> firmware,
            List<Path> packages) throws IOException {
        StringBuilder text = new StringBuilder("Debian " + suite + ", Linux " + version + ", "
                + packages.size() + (packages.size() == 1 ? " package\n" : " packages\n"));
        List<Path> all = new ArrayList<>(List.of(kernel));
        all.addAll(firmware);
        all.addAll(packages);
        all.forEach(file -> text.append(file.getFileName()).append('\n'));
        Files.writeString(folder.resolve(DebianGuest.MANIFEST), text);
    }
}
