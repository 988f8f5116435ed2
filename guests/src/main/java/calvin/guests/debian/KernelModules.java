package calvin.guests.debian;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The kernel's modules for what Calvin's machines have, with all they depend on, unpacked; and the indexes that
 * modprobe reads: modules.dep and modules.alias (depmod(8)), made from the modules' own .modinfo sections.
 */
final class KernelModules {
    /** By the names of their files, without ending. */
    // @formatter:off
    private static final List<String> WANTED = List.of(
            "virtio_mmio", "virtio_blk", "virtio_net", "virtio_scsi", "virtio-rng", "virtio_balloon",
            "9p", "9pnet_virtio", "virtiofs", "vmw_vsock_virtio_transport", "vsock_loopback",
            "ext4", "crc32c_generic", "overlay", "squashfs", "vfat", "nls_ascii", "nls_cp437", "isofs", "loop",
            "kvm", "rdma_rxe", "ib_uverbs", "rdma_ucm", "rtc-goldfish", "tun", "veth", "bridge", "configfs");
    // @formatter:on
    private static final String ENDING = ".ko.xz";

    private final FileTree source;
    private final FileTree target;
    private final Path scratch;
    /** Folder of this kernel's modules. */
    private final String folder;
    /** Paths in the package, by the module's name with - as _. */
    private final Map<String, String> paths = new LinkedHashMap<>();
    /** What has been taken, below {@link #folder}: paths of what each needs. */
    private final Map<String, List<String>> dependencies = new TreeMap<>();
    private final StringBuilder aliases = new StringBuilder();

    private KernelModules(FileTree source, FileTree target, String folder, Path scratch) {
        this.source = source;
        this.target = target;
        this.folder = folder;
        this.scratch = scratch;
        source.forEach((path, entry) -> {
            if (path.startsWith(folder) && path.endsWith(ENDING)) {
                paths.put(name(path), path);
            }
        });
    }

    /**
     * Copies modules from the files of the kernel's package into a guest's.
     *
     * @param version of the kernel
     * @param scratch a folder for files in between
     */
    static void add(FileTree source, FileTree target, String version, Path scratch)
            throws IOException, DebianException {
        Tool.require("xz", "xz-utils");
        String folder = "usr/lib/modules/" + version + "/";
        KernelModules modules = new KernelModules(source, target, folder, scratch);
        for (String wanted : WANTED) {
            modules.take(wanted.replace('-', '_'));
        }
        for (String index : List.of("modules.builtin", "modules.builtin.modinfo", "modules.order")) {
            FileTree.Entry entry = source.get(folder + index);
            if (entry != null) {
                target.put(folder + index, entry);
            }
        }
        modules.writeIndexes();
    }

    private static String name(String path) {
        String file = path.substring(path.lastIndexOf('/') + 1);
        return file.substring(0, file.indexOf('.')).replace('-', '_');
    }

    /** Path of the unpacked module below {@link #folder}, or null where the kernel has it built in, or not at all. */
    private String take(String name) throws IOException, DebianException {
        String packed = paths.get(name);
        if (packed == null) {
            return null;
        }
        String path = packed.substring(folder.length(), packed.length() - ".xz".length());
        if (dependencies.containsKey(path)) {
            return path;
        }
        byte[] bytes = unpack(source.get(packed).bytes());
        target.file(folder + path, 0644, bytes);
        List<String> needs = new ArrayList<>();
        dependencies.put(path, needs);
        for (String info : moduleInfo(bytes)) {
            if (info.startsWith("alias=")) {
                aliases.append("alias ").append(info.substring(6)).append(' ').append(name).append('\n');
            } else if (info.startsWith("depends=")) {
                for (String other : info.substring(8).split(",")) {
                    String needed = other.isEmpty() ? null : take(other.replace('-', '_'));
                    if (needed != null) {
                        needs.add(needed);
                    }
                }
            }
        }
        return path;
    }

    private byte[] unpack(byte[] packed) throws IOException, DebianException {
        Path file = scratch.resolve("module.xz");
        Files.write(file, packed);
        return Tool.read(scratch, List.of("xz", "--decompress", "--stdout", file.toString()),
                output -> output.readAllBytes());
    }

    /**
     * The {@code key=value} strings of the section .modinfo. They are the only strings of a module that begin with
     * these keys right behind a zero byte.
     */
    private static List<String> moduleInfo(byte[] module) {
        String text = new String(module, StandardCharsets.ISO_8859_1);
        return Arrays.stream(text.split("\0")).filter(each -> each.startsWith("alias=") || each.startsWith("depends="))
                .distinct().toList();
    }

    /** As depmod has it, a module's line names all it needs, the first to be loaded last. */
    private void writeIndexes() {
        StringBuilder lines = new StringBuilder();
        dependencies.forEach((path, needs) -> {
            List<String> all = new ArrayList<>();
            needs.forEach(need -> collect(need, all));
            lines.append(path).append(':');
            all.forEach(need -> lines.append(' ').append(need));
            lines.append('\n');
        });
        target.file(folder + "modules.dep", 0644, lines.toString().getBytes(StandardCharsets.UTF_8));
        target.file(folder + "modules.alias", 0644, aliases.toString().getBytes(StandardCharsets.ISO_8859_1));
    }

    private void collect(String path, List<String> all) {
        // Once more behind the others: what is needed most stands last.
        all.remove(path);
        all.add(path);
        dependencies.get(path).forEach(need -> collect(need, all));
    }
}
