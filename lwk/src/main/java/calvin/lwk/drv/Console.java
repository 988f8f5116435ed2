package calvin.lwk.drv;

import calvin.lwk.abi.BootParams;
import calvin.lwk.abi.Sbi;
import calvin.lwk.state.KernelState;
import calvin.machine.hosted.HartPort;
import calvin.sim.state.Memory;
import java.nio.charset.StandardCharsets;

/**
 * The console behind the SBI: DBCN where the firmware has it, the legacy calls otherwise (sbi, chapters 5 and 12).
 * Messages of the kernel have Kitten's form, {@code <priority>text}; output of tasks passes unchanged.
 */
public final class Console {
    /** Priorities of messages, as in Linux. */
    public static final int ERROR = 3;
    public static final int WARNING = 4;
    public static final int INFO = 6;

    /** Size of the page in which messages are put together. */
    public static final int BUFFER_BYTES = 4096;
    /** An SBI console that takes nothing this often in a row is out of order. */
    private static final int REFUSALS = 16;

    private Console() {}

    /** Prints one line of the kernel. With FLAG_QUIET only errors appear. */
    public static void log(HartPort port, long kernelAt, int priority, String text) {
        Memory memory = port.physical();
        if (priority > ERROR && (KernelState.FLAGS.get(memory, kernelAt) & BootParams.FLAG_QUIET) != 0) {
            return;
        }
        String start = KernelState.CONSOLE_COLUMN.get(memory, kernelAt) == 0 ? "" : "\n";
        byte[] line = (start + "<" + priority + ">" + text + "\n").getBytes(StandardCharsets.UTF_8);
        long buffer = KernelState.CONSOLE.get(memory, kernelAt);
        for (int done = 0; done < line.length; done += BUFFER_BYTES) {
            int chunk = Math.min(BUFFER_BYTES, line.length - done);
            memory.write(buffer, line, done, chunk);
            write(port, kernelAt, buffer, chunk);
        }
    }

    /** A line about a task or an address space, with its name before it. */
    public static void log(HartPort port, long kernelAt, int priority, byte[] name, String text) {
        log(port, kernelAt, priority, "(" + text(name) + ") " + text);
    }

    /** A zero-terminated field as text. */
    public static String text(byte[] field) {
        int length = 0;
        while (length < field.length && field[length] != 0) {
            length++;
        }
        return new String(field, 0, length, StandardCharsets.UTF_8);
    }

    /** Writes bytes that lie at {@code pa}; returns how many the console took. */
    public static long write(HartPort port, long kernelAt, long pa, long bytes) {
        return write(port, kernelAt, Sbi.CONSOLE, pa, bytes);
    }

    /** The same for error output, which firmware may keep apart. */
    public static long writeError(HartPort port, long kernelAt, long pa, long bytes) {
        return write(port, kernelAt, Sbi.ERROR_CONSOLE, pa, bytes);
    }

    private static long write(HartPort port, long kernelAt, int wanted, long pa, long bytes) {
        Memory memory = port.physical();
        int extension = wanted;
        long done = 0;
        for (int refused = 0; done < bytes && refused < REFUSALS;) {
            long error = port.ecall(extension, 0, bytes - done, pa + done, 0, 0);
            long taken = port.sbiValue();
            if ((int) error != 0 && extension != Sbi.CONSOLE) {
                extension = Sbi.CONSOLE;
            } else if ((int) error != 0) {
                while (done < bytes) {
                    port.ecall(Sbi.LEGACY_PUTCHAR, 0, memory.u8(pa + done), 0, 0, 0);
                    done++;
                }
            } else if (taken <= 0) {
                refused++;
            } else {
                done += Math.min(taken, bytes - done);
                refused = 0;
            }
        }
        if (done > 0) {
            KernelState.CONSOLE_COLUMN.set(memory, kernelAt, memory.u8(pa + done - 1) == '\n' ? 0 : 1);
        }
        return done;
    }

    /** Reads what is there, at most {@code bytes}, to {@code pa}; returns how many bytes came. */
    public static long read(HartPort port, long pa, long bytes) {
        long error = port.ecall(Sbi.CONSOLE, 1, bytes, pa, 0, 0);
        if ((int) error == 0) {
            return Math.max(0, Math.min(bytes, port.sbiValue()));
        }
        long done = 0;
        while (done < bytes) {
            long value = (int) port.ecall(Sbi.LEGACY_GETCHAR, 0, 0, 0, 0, 0);
            if (value < 0) {
                break;
            }
            port.physical().u8(pa + done, (int) value);
            done++;
        }
        return done;
    }
}
