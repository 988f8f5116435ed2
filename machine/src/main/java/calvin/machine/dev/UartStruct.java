package calvin.machine.dev;

import calvin.sim.state.Struct;
import calvin.sim.state.Struct.Bytes;
import calvin.sim.state.Struct.U8;

/** State of a {@link Uart}. */
final class UartStruct {
    static final int FIFO_BYTES = 16;
    static final Struct S = Struct.named("uart");
    static final U8 IER = S.u8("ier", "interrupt enables");
    static final U8 LCR = S.u8("lcr", "line control; bit 7 selects the divisor");
    static final U8 MCR = S.u8("mcr", "modem control");
    static final U8 SCR = S.u8("scr", "scratch");
    static final U8 DLL = S.u8("dll", "divisor, low");
    static final U8 DLM = S.u8("dlm", "divisor, high");
    static final U8 FCR = S.u8("fcr", "bit 0: FIFOs enabled");
    static final U8 EMPTIED = S.u8("emptied", "transmitter-empty interrupt not yet read from IIR");
    static final U8 COUNT = S.u8("count", "received bytes waiting");
    static {
        S.reserved(7);
    }
    static final Bytes FIFO = S.bytes("fifo", FIFO_BYTES, "received bytes, oldest first");
    static {
        S.endsAt(32);
    }

    private UartStruct() {}
}
