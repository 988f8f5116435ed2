package calvin.machine.board;

/**
 * Physical addresses of both boards. Those that QEMU's virt machine has too are the same there (QEMU, hw/riscv/virt.c),
 * so software built for it finds them.
 */
public final class AddressMap {
    /** SiFive test finisher: ends the machine. */
    public static final long FINISHER = 0x10_0000L;
    /** Goldfish real-time clock. */
    public static final long RTC = 0x10_1000L;
    /** The clock's wire at the interrupt controller. */
    public static final int RTC_IRQ = 11;
    /** ACLINT in CLINT layout: MSWI, then MTIMER. */
    public static final long CLINT = 0x200_0000L;
    /** 16550A serial port. */
    public static final long UART = 0x1000_0000L;
    /** The serial port's wire at the PLIC. */
    public static final int UART_IRQ = 10;
    /** A second serial port, for error output: behind the first one's registers. QEMU's board has nothing there. */
    public static final long ERROR_UART = 0x1000_0100L;
    /** RDMA card of the {@code hpc} board (ADR 4). */
    public static final long RDMA = 0x4000_0000L;
    /** First byte of RAM. */
    public static final long RAM = 0x8000_0000L;
    /** Memory of the hosted firmware at the start of RAM; a kernel must leave it alone (it is in /reserved-memory). */
    public static final long FIRMWARE_BYTES = 0x20_0000L;
    /** Where a supervisor kernel usually starts: behind the firmware, at a multiple of 2 MiB. */
    public static final long KERNEL = RAM + FIRMWARE_BYTES;
    /** Regions of RAM begin at multiples of this. */
    static final long REGION_ALIGNMENT = 2L << 20;
    /** The firmware and something to run. */
    public static final long MIN_RAM_BYTES = 4L << 20;

    private AddressMap() {}
}
