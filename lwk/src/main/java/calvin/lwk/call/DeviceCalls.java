package calvin.lwk.call;

import static calvin.lwk.abi.Errno.EBADF;
import static calvin.lwk.abi.Errno.EFAULT;
import static calvin.lwk.abi.Errno.EINVAL;
import static calvin.lwk.abi.Errno.ENOTTY;

import calvin.lwk.drv.RdmaCard;
import calvin.lwk.fs.Files;
import calvin.lwk.mm.UserMemory;
import calvin.lwk.sched.Scheduler;
import calvin.lwk.state.FileKind;
import calvin.lwk.state.FileStruct;
import calvin.lwk.state.HartStruct;
import calvin.lwk.state.TaskStruct;
import calvin.lwk.state.WaitKind;
import calvin.machine.hosted.HartPort;
import calvin.sim.state.Memory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** ioctl and ppoll. */
final class DeviceCalls {
    private static final long TCGETS = 0x5401;
    private static final long TCSETS = 0x5402;
    private static final long TCSETSF = 0x5404;
    private static final long TIOCGWINSZ = 0x5413;
    private static final int TERMIOS_BYTES = 36;
    /**
     * What the console is: it turns nothing around and echoes nothing, lines are the sender's. ICRNL, OPOST | ONLCR,
     * 38400 8N1, ISIG | ICANON.
     */
    private static final int[] TERMIOS_FLAGS = {0x100, 0x5, 0xBF, 0x3};
    private static final int VEOF = 4;
    private static final int ROWS = 24;
    private static final int COLUMNS = 80;
    private static final int POLL_BYTES = 8;
    private static final int POLL_IN_OUT = 1 | 4;
    private static final int POLL_INVALID = 0x20;

    private DeviceCalls() {}

    static long ioctl(HartPort port, long hartAt, long taskAt) {
        long file = FileCalls.file(port, taskAt);
        if (file == 0) {
            return -EBADF;
        }
        long request = port.x(11) & 0xFFFF_FFFFL;
        return switch (FileKind.of(FileStruct.KIND.get(port.physical(), file))) {
            case CONSOLE -> console(port, request);
            case RDMA -> request == RdmaCard.IOCTL ? verbs(port, hartAt, taskAt, file) : -EINVAL;
            case NONE, NULL, ZERO, INPUT, INODE, RANDOM, CORRUPT -> -ENOTTY;
        };
    }

    private static long console(HartPort port, long request) {
        if (request == TCGETS) {
            ByteBuffer termios = ByteBuffer.allocate(TERMIOS_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < TERMIOS_FLAGS.length; i++) {
                termios.putInt(4 * i, TERMIOS_FLAGS[i]);
            }
            termios.put(17 + VEOF, (byte) 4);
            return port.copyToUser(port.x(12), termios.array(), 0, TERMIOS_BYTES) ? 0 : -EFAULT;
        }
        if (request == TIOCGWINSZ) {
            return UserMemory.put(port, port.x(12), 8, ROWS | COLUMNS << 16) ? 0 : -EFAULT;
        }
        return request >= TCSETS && request <= TCSETSF ? 0 : -ENOTTY;
    }

    private static long verbs(HartPort port, long hartAt, long taskAt, long fileAt) {
        Memory memory = port.physical();
        byte[] bytes = new byte[RdmaCard.COMMAND_BYTES];
        if (!port.copyFromUser(port.x(12), bytes, 0, bytes.length)) {
            return -EFAULT;
        }
        ByteBuffer command = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        long[] argument = new long[RdmaCard.ARGUMENTS + 1];
        for (int i = 0; i < RdmaCard.ARGUMENTS; i++) {
            argument[i] = command.getLong(8 + 8 * i);
        }
        if (!UserMemory.accessible(port, port.x(12) + 72, 8, UserMemory.WRITE)) {
            return -EFAULT;
        }
        long error = RdmaCard.command(port, HartStruct.ROOT.get(memory, hartAt), TaskStruct.ASPACE.get(memory, taskAt),
                fileAt,
                command.getLong(0), argument);
        if (error == 0) {
            UserMemory.put64(port, port.x(12) + 72, argument[RdmaCard.ARGUMENTS]);
        }
        return error;
    }

    static long ppoll(HartPort port, long hartAt, long taskAt) {
        Memory memory = port.physical();
        long count = port.x(11);
        if (count < 0 || count > FileStruct.SLOTS) {
            return -EINVAL;
        }
        long ready = 0;
        for (long i = 0; i < count; i++) {
            long va = port.x(10) + POLL_BYTES * i;
            if (!UserMemory.accessible(port, va, POLL_BYTES, UserMemory.WRITE)) {
                return -EFAULT;
            }
            int fd = (int) UserMemory.get(port, va, 4);
            long wanted = UserMemory.get(port, va + 4, 2);
            long file = Files.get(memory, TaskStruct.ASPACE.get(memory, taskAt), fd);
            long found = fd < 0 ? 0 : file == 0 ? POLL_INVALID : wanted & POLL_IN_OUT;
            UserMemory.put(port, va + 6, 2, found);
            ready += found != 0 ? 1 : 0;
        }
        if (ready > 0) {
            return ready;
        }
        long wake = port.x(12) == 0 ? TaskStruct.NEVER : Clock.deadline(port, taskAt, port.x(12), false, false);
        if (port.x(12) != 0 && (wake < 0 || wake <= port.time())) {
            return Math.min(0, wake);
        }
        Scheduler.blockUntil(memory, taskAt, WaitKind.SLEEP, 0, wake);
        return Handler.NO_RESULT;
    }
}
