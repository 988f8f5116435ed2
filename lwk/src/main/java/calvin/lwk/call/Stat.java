package calvin.lwk.call;

import calvin.lwk.fs.Kfs;
import calvin.lwk.mm.UserMemory;
import calvin.lwk.state.FileKind;
import calvin.lwk.state.FileStruct;
import calvin.lwk.state.InodeStruct;
import calvin.machine.hosted.HartPort;
import calvin.sim.state.Memory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What stat and statx say about a file: asm-generic/stat.h and linux/stat.h. There are no owners, links or times.
 *
 * @param device major number << 8 | minor number, of a device
 * @param error  0, or a negative errno and there is no file
 */
record Stat(long inode, int mode, long size, long device, long error) {
    private static final int STAT_BYTES = 128;
    private static final int STATX_BYTES = 256;
    private static final int BLOCK_BYTES = 4096;
    private static final int STATX_BASIC = 0x7FF;
    /** Major numbers as Linux has them: 1 memory devices, 5 console, 231 InfiniBand verbs. */
    private static final int MEMORY_MAJOR = 1;
    private static final int CONSOLE_MAJOR = 5;
    private static final int VERBS_MAJOR = 231;

    static Stat of(Memory memory, long fileAt) {
        FileKind kind = FileKind.of(FileStruct.KIND.get(memory, fileAt));
        return switch (kind) {
            case INODE -> ofInode(memory, FileStruct.DATA.get(memory, fileAt));
            case INPUT -> new Stat(2, Kfs.S_IFREG | 0444, FileStruct.SIZE.get(memory, fileAt), 0, 0);
            case NONE, CONSOLE, NULL, ZERO, RDMA, RANDOM, CORRUPT -> ofDevice(kind);
        };
    }

    /** No file: a negative errno in place of one. */
    static Stat failed(long error) {
        return new Stat(0, 0, 0, 0, error);
    }

    static Stat ofInode(Memory memory, long inodeAt) {
        return new Stat(InodeStruct.NUMBER.get(memory, inodeAt) + 16, (int) InodeStruct.MODE.get(memory, inodeAt),
                InodeStruct.SIZE.get(memory, inodeAt), 0, 0);
    }

    static Stat ofDevice(FileKind kind) {
        int major = switch (kind) {
            case CONSOLE -> CONSOLE_MAJOR;
            case RDMA -> VERBS_MAJOR;
            case NULL, ZERO, RANDOM, NONE, INPUT, INODE, CORRUPT -> MEMORY_MAJOR;
        };
        return new Stat(kind.code, Kfs.S_IFCHR | 0666, 0, (long) major << 8 | kind.code, 0);
    }

    boolean toUser(HartPort port, long va) {
        ByteBuffer stat = ByteBuffer.allocate(STAT_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        stat.putLong(0, 1).putLong(8, inode).putInt(16, mode).putInt(20, 1).putLong(32, device);
        stat.putLong(48, size).putInt(56, BLOCK_BYTES).putLong(64, (size + 511) / 512);
        return port.copyToUser(va, stat.array(), 0, STAT_BYTES);
    }

    boolean toUserExtended(HartPort port, long va) {
        ByteBuffer stat = ByteBuffer.allocate(STATX_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        stat.putInt(0, STATX_BASIC).putInt(4, BLOCK_BYTES).putInt(16, 1).putShort(28, (short) mode).putLong(32, inode);
        stat.putLong(40, size).putLong(48, (size + 511) / 512).putInt(128, (int) (device >>> 8)).putInt(132,
                (int) device & 0xFF);
        stat.putInt(140, 1);
        return UserMemory.accessible(port, va, 8, UserMemory.WRITE)
                && port.copyToUser(va, stat.array(), 0, STATX_BYTES);
    }
}
