package calvin.hypervisor.vdev;

import calvin.hypervisor.host.VmmHost;
import calvin.hypervisor.vm.VmStruct;
import calvin.machine.hosted.HartPort;
import calvin.sim.state.Memory;

/**
 * A 16550A serial port whose line is the host's console, character by character, without anything added (16550D data
 * sheet, register table). The transmitter is always ready.
 *
 * <pre> 0 RBR/THR/DLL  1 IER/DLM  2 IIR/FCR  3 LCR  4 MCR  5 LSR  6 MSR  7 SCR </pre>
 *
 * Left out: interrupts (the virtual board has no PLIC; guests poll, as firmware consoles do), loop-back, line errors.
 */
final class VirtualUart implements VirtualDevice {
    private static final int IER = 0;
    private static final int LCR = 1;
    private static final int MCR = 2;
    private static final int SCR = 3;
    private static final int DIVISOR = 4;
    private static final int FCR = 5;
    /** A received character plus 1, or 0. */
    private static final int RECEIVED = 6;

    private static final int LCR_DLAB = 0x80;
    private static final int LSR_READY = 0x01;
    private static final int LSR_EMPTY = 0x60;
    private static final int IIR_NONE = 0x01;
    private static final int IIR_FIFO = 0xC0;
    /** Carrier, ready and clear to send. */
    private static final int MSR_CONNECTED = 0xB0;

    @Override
    public long load(HartPort port, VmmHost host, long vmAt, int offset, int bytes) {
        Memory memory = port.physical();
        boolean divisor = (get(memory, vmAt, LCR) & LCR_DLAB) != 0;
        return switch (offset) {
            case 0 -> divisor ? get(memory, vmAt, DIVISOR) & 0xFF : receive(port, host, vmAt);
            case 1 -> divisor ? get(memory, vmAt, DIVISOR) >>> 8 & 0xFF : get(memory, vmAt, IER);
            case 2 -> IIR_NONE | ((get(memory, vmAt, FCR) & 1) != 0 ? IIR_FIFO : 0);
            case 3 -> get(memory, vmAt, LCR);
            case 4 -> get(memory, vmAt, MCR);
            case 5 -> LSR_EMPTY | (ready(port, host, vmAt) ? LSR_READY : 0);
            case 6 -> MSR_CONNECTED;
            case 7 -> get(memory, vmAt, SCR);
            default -> 0;
        };
    }

    @Override
    public void store(HartPort port, VmmHost host, long vmAt, int offset, int bytes, long value) {
        Memory memory = port.physical();
        boolean divisor = (get(memory, vmAt, LCR) & LCR_DLAB) != 0;
        int octet = (int) value & 0xFF;
        switch (offset) {
            case 0 -> {
                if (divisor) {
                    set(memory, vmAt, DIVISOR, get(memory, vmAt, DIVISOR) & 0xFF00 | octet);
                } else {
                    host.print(port, octet);
                }
            }
            case 1 -> {
                if (divisor) {
                    set(memory, vmAt, DIVISOR, get(memory, vmAt, DIVISOR) & 0xFF | (long) octet << 8);
                } else {
                    set(memory, vmAt, IER, octet & 0xF);
                }
            }
            case 2 -> set(memory, vmAt, FCR, octet & 0xC9);
            case 3 -> set(memory, vmAt, LCR, octet);
            case 4 -> set(memory, vmAt, MCR, octet & 0x1F);
            case 7 -> set(memory, vmAt, SCR, octet);
            default -> {
                // LSR and MSR are read-only on the lines that this port has; the rest of the window is empty.
            }
        }
    }

    private static boolean ready(HartPort port, VmmHost host, long vmAt) {
        Memory memory = port.physical();
        if (get(memory, vmAt, RECEIVED) == 0) {
            set(memory, vmAt, RECEIVED, host.read(port) + 1);
        }
        return get(memory, vmAt, RECEIVED) != 0;
    }

    private static long receive(HartPort port, VmmHost host, long vmAt) {
        if (!ready(port, host, vmAt)) {
            return 0;
        }
        Memory memory = port.physical();
        long octet = get(memory, vmAt, RECEIVED) - 1;
        set(memory, vmAt, RECEIVED, 0);
        return octet & 0xFF;
    }

    private static long get(Memory memory, long vmAt, int word) {
        return VmStruct.DEVICE.get(memory, vmAt, Devices.UART.firstWord + word);
    }

    private static void set(Memory memory, long vmAt, int word, long value) {
        VmStruct.DEVICE.set(memory, vmAt, Devices.UART.firstWord + word, value);
    }
}
