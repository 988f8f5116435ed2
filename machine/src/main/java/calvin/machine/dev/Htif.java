package calvin.machine.dev;

import calvin.machine.mem.PhysicalMemory;

/**
 * The host-target interface of bare-metal programs: two words in RAM that the ELF file names {@code tohost} and {@code
 * fromhost}.
 *
 * <pre>
 * tohost = code << 1 | 1                 the program ends with code
 * tohost = pa of {number, a0, a1, a2}    system call: write (64) to descriptor 1 or 2, exit (93)
 * tohost = 1 << 56 | 1 << 48 | byte      console output
 * </pre>
 *
 * A request is answered within the store, by tohost = 0 and fromhost != 0; results of calls go to the first word. Its
 * state is in RAM. Not emulated: console input and other calls (they give -ENOSYS). Spec: riscv-isa-sim, fesvr
 * (device.h, syscall.cc).
 */
public final class Htif {
    private static final long WRITE = 64;
    private static final long EXIT = 93;
    private static final long ENOSYS = 38;
    private static final int MAX_WRITE_BYTES = 1 << 20;

    private final PhysicalMemory memory;
    private final long tohostPa;
    private final long fromhostPa;
    private final ConsoleSink console;
    private final MachineEnd machine;

    /** @param fromhostPa 0 where the program has none */
    public Htif(PhysicalMemory memory, long tohostPa, long fromhostPa, ConsoleSink console, MachineEnd machine) {
        this.memory = memory;
        this.tohostPa = tohostPa;
        this.fromhostPa = fromhostPa;
        this.console = console;
        this.machine = machine;
        memory.watchStores(tohostPa);
    }

    /** A store has reached the page of tohost. */
    public void stored(long timePs) {
        long request = memory.u64(tohostPa);
        if (request == 0) {
            return;
        }
        int device = (int) (request >>> 56);
        int command = (int) (request >>> 48) & 0xFF;
        long payload = request & 0xFFFF_FFFF_FFFFL;
        if (device == 0 && command == 0 && (payload & 1) != 0) {
            machine.end(timePs, payload >>> 1);
            return;
        }
        if (device == 0 && command == 0) {
            call(timePs, payload);
            answer(1);
        } else if (device == 1 && command == 1) {
            console.write(timePs, (int) payload & 0xFF);
            answer(1L << 56 | 1L << 48);
        } else {
            memory.u64(tohostPa, 0);
        }
    }

    private void answer(long value) {
        memory.u64(tohostPa, 0);
        if (fromhostPa != 0) {
            memory.u64(fromhostPa, value);
        }
    }

    private void call(long timePs, long at) {
        long number = memory.u64(at);
        if (number == EXIT) {
            machine.end(timePs, memory.u64(at + 8) & 0xFF);
        } else if (number == WRITE) {
            long from = memory.u64(at + 16);
            long length = Math.min(memory.u64(at + 24), MAX_WRITE_BYTES);
            for (long i = 0; i < length; i++) {
                console.write(timePs, memory.u8(from + i));
            }
            memory.u64(at, length);
        } else {
            memory.u64(at, -ENOSYS);
        }
    }
}
