package calvin.machine.sbi;

import calvin.sim.state.Memory;
import calvin.sim.state.Struct;
import calvin.sim.state.Struct.U64;

/**
 * The firmware's root at the start of its reserved memory: where the board's devices are. One {@link
 * FirmwareHartStruct} per hart follows.
 */
public final class FirmwareStruct {
    public static final Struct S = Struct.named("sbi_firmware");
    static final U64 HARTS = S.u64("harts", "how many harts the machine has");
    static final U64 CLINT = S.u64("clint", "pa of the ACLINT");
    static final U64 UART = S.u64("uart", "pa of the serial port");
    static final U64 ERROR_UART = S.u64("error_uart", "pa of the serial port for error output");
    static final U64 FINISHER = S.u64("finisher", "pa of the device that ends the machine");
    static final U64 APLIC = S.u64("aplic", "pa of an APLIC's machine-level domain, or 0");
    static final U64 SOURCES = S.u64("sources", "its sources are 1 to this");
    static {
        S.endsAt(56);
    }

    private FirmwareStruct() {}

    /** Writes the root at {@code at}; every hart's part is zero, which is "stopped". */
    public static void write(Memory memory, long at, int harts, long clintPa, long uartPa, long errorUartPa,
            long finisherPa) {
        HARTS.set(memory, at, harts);
        CLINT.set(memory, at, clintPa);
        UART.set(memory, at, uartPa);
        ERROR_UART.set(memory, at, errorUartPa);
        FINISHER.set(memory, at, finisherPa);
    }

    /** Makes the firmware delegate the sources of an APLIC to S level. */
    public static void delegate(Memory memory, long at, long aplicPa, int sources) {
        APLIC.set(memory, at, aplicPa);
        SOURCES.set(memory, at, sources);
    }

    /** Where the part of {@code hart} is. */
    static long hartAt(long root, long hart) {
        return root + 64 + hart * FirmwareHartStruct.S.sizeBytes();
    }
}
