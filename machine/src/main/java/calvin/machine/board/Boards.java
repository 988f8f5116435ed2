package calvin.machine.board;

import calvin.machine.fitting.Fitting;
import java.util.List;

/** The devices of the boards that come with Calvin. */
final class Boards {
    /** Of an {@code hpc} board: one with DDR, one with HBM. */
    static final int NODES_PER_PACKAGE = 2;

    // @formatter:off
    /** As on QEMU's virt, and a second serial port that only Calvin's firmware knows. */
    static final List<Fitting> VIRT = List.of(
            Fitting.of("finisher", "finisher", AddressMap.FINISHER,   0),
            Fitting.of("clint",    "clint",    AddressMap.CLINT,      0),
            Fitting.of("uart",     "ns16550a", AddressMap.UART,       AddressMap.UART_IRQ),
            Fitting.of("rtc",      "goldfish-rtc", AddressMap.RTC,    AddressMap.RTC_IRQ),
            Fitting.of("uart1",    "ns16550a", AddressMap.ERROR_UART, 0).with("role", "errors"));

    static final List<Fitting> HPC = VIRT;
    // @formatter:on

    private Boards() {}
}
