package calvin.machine.virtio.share;

import java.util.function.IntFunction;

/** The messages of 9P2000.L that alter files. Each begins with a fid, which has been looked up. Has no state. */
final class Changes {
    private static final int SYMLINK = 16;
    private static final int RENAME = 20;
    private static final int SETATTR = 26;
    private static final int LINK = 70;
    private static final int MKDIR = 72;
    private static final int RENAMEAT = 74;
    private static final int UNLINKAT = 76;
    private static final int WRITE = 118;
    private static final int REMOVE_FOLDER = 0x200;

    private final SharedTree tree;

    Changes(SharedTree tree) {
        this.tree = tree;
    }

    static boolean knows(int type) {
        return switch (type) {
            case SYMLINK, RENAME, SETATTR, LINK, MKDIR, RENAMEAT, UNLINKAT, WRITE -> true;
            default -> false;
        };
    }

    /** @param others finds the files of further fids in the message, null where there is none */
    int serve(int type, Inode inode, Message in, Message out, IntFunction<Inode> others) {
        return switch (type) {
            case SYMLINK -> symlink(inode, in, out);
            case RENAME -> Server.EOPNOTSUPP;
            case SETATTR -> setattr(inode, in);
            case LINK -> link(inode, others.apply(in.u32()), in.string());
            case MKDIR -> mkdir(inode, in, out);
            case RENAMEAT -> {
                String name = in.string();
                Inode to = others.apply(in.u32());
                yield rename(inode, name, to, in.string());
            }
            case UNLINKAT -> unlink(inode, in.string(), in.u32());
            default -> write(inode, in, out);
        };
    }

    static int mayCreate(Inode folder, String name) {
        if (!folder.isFolder()) {
            return Server.ENOTDIR;
        }
        if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('/') >= 0) {
            return Server.EINVAL;
        }
        return folder.entries.containsKey(name) ? Server.EEXIST : 0;
    }

    private int made(Inode inode, Message out) {
        if (inode == null) {
            return Server.ENOSPC;
        }
        out.qid(inode);
        return 0;
    }

    private int symlink(Inode folder, Message in, Message out) {
        String name = in.string();
        String target = in.string();
        int gid = in.u32();
        int error = mayCreate(folder, name);
        if (error != 0 || in.broken()) {
            return error;
        }
        Inode inode = tree.create(folder, name, SharedFile.LINK | 0x1FF, gid);
        if (inode != null) {
            inode.bytes = Message.utf8(target);
            inode.sizeBytes = inode.bytes.length;
        }
        return made(inode, out);
    }

    private int mkdir(Inode folder, Message in, Message out) {
        String name = in.string();
        int mode = in.u32();
        int gid = in.u32();
        int error = mayCreate(folder, name);
        return error != 0 || in.broken()
                ? error
                : made(tree.create(folder, name, SharedFile.FOLDER | mode & 0xFFF, gid), out);
    }

    private int link(Inode folder, Inode inode, String name) {
        if (inode == null) {
            return Server.EBADF;
        }
        int error = mayCreate(folder, name);
        if (error == 0 && inode.isFolder()) {
            error = Server.EISDIR;
        }
        if (error == 0) {
            folder.entries.put(name, inode.number);
            inode.links++;
            tree.changed(folder);
            tree.changed(inode);
        }
        return error;
    }

    private int rename(Inode from, String name, Inode to, String newName) {
        if (to == null) {
            return Server.EBADF;
        }
        Integer number = from.entries.get(name);
        if (number == null) {
            return Server.ENOENT;
        }
        Inode inode = tree.find(number);
        int error = mayCreate(to, newName);
        if (error == Server.EEXIST) {
            if (to.entries.get(newName).equals(number)) {
                return 0;
            }
            error = unlink(to, newName, inode.isFolder() ? REMOVE_FOLDER : 0);
        }
        if (error != 0) {
            return error;
        }
        for (Inode above = to; inode.isFolder() && above.number != SharedTree.ROOT; above = tree.find(above.parent)) {
            if (above == inode) {
                return Server.EINVAL;
            }
        }
        from.entries.remove(name);
        to.entries.put(newName, number);
        inode.parent = to.number;
        tree.changed(from);
        tree.changed(to);
        tree.changed(inode);
        return 0;
    }

    private int unlink(Inode folder, String name, int flags) {
        Integer number = folder.entries.get(name);
        if (number == null) {
            return Server.ENOENT;
        }
        Inode inode = tree.find(number);
        boolean asFolder = (flags & REMOVE_FOLDER) != 0;
        if (inode.isFolder() != asFolder) {
            return asFolder ? Server.ENOTDIR : Server.EISDIR;
        }
        if (!inode.entries.isEmpty()) {
            return Server.ENOTEMPTY;
        }
        tree.unlink(folder, name);
        return 0;
    }

    /** Valid bits: 1 mode, 2 uid, 4 gid, 8 size, 0x20 mtime, 0x100 mtime as given. */
    private int setattr(Inode inode, Message in) {
        int valid = in.u32();
        int mode = in.u32();
        int uid = in.u32();
        int gid = in.u32();
        long size = in.get(8);
        in.get(8);
        in.get(8);
        long mtimeS = in.get(8);
        in.get(8);
        if (in.broken()) {
            return Server.EINVAL;
        }
        if ((valid & 8) != 0) {
            if (!inode.isRegular() || size < 0) {
                return Server.EINVAL;
            }
            if (size > SharedTree.MAX_BYTES) {
                return Server.EFBIG;
            }
            inode.truncate((int) size);
        }
        inode.mode = (valid & 1) != 0 ? inode.mode & SharedFile.TYPE | mode & 0xFFF : inode.mode;
        inode.uid = (valid & 2) != 0 ? uid : inode.uid;
        inode.gid = (valid & 4) != 0 ? gid : inode.gid;
        inode.mtimeS = (valid & 0x100) != 0 ? mtimeS : inode.mtimeS;
        tree.changed(inode);
        return 0;
    }

    private int write(Inode inode, Message in, Message out) {
        long offset = in.get(8);
        long count = in.get(4);
        if (!inode.isRegular()) {
            return Server.EISDIR;
        }
        if (offset < 0 || count > in.rest()) {
            return Server.EINVAL;
        }
        if (offset + count > SharedTree.MAX_BYTES || inode.size() > SharedTree.MAX_BYTES) {
            return Server.EFBIG;
        }
        int end = (int) (offset + count);
        inode.own(end);
        System.arraycopy(in.bytes(), in.at(), inode.bytes, (int) offset, (int) count);
        inode.sizeBytes = Math.max(inode.sizeBytes, end);
        tree.changed(inode);
        out.put(4, count);
        return 0;
    }
}
