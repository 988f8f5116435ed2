package calvin.machine.dev;

import static calvin.machine.dev.UartStruct.*;

import calvin.machine.bus.Device;
import calvin.machine.bus.IrqLine;
import calvin.machine.bus.RegisterMap;
import calvin.machine.bus.RegisterMap.Access;
import calvin.sim.event.EventQueue;
import calvin.sim.event.EventTarget;
import calvin.sim.event.Lane;
import calvin.sim.state.Block;
import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;
import calvin.sim.time.SimTime;
import java.util.Arrays;

/**
 * A 16550A serial port, registers one byte apart.
 *
 * <pre>
 * 0 RBR THR DLL | 1 IER DLM | 2 IIR FCR | 3 LCR | 4 MCR | 5 LSR | 6 MSR | 7 SCR
 * </pre>
 *
 * Timing: transmitting takes no time, so THR is always empty. Input comes by events; bytes that do not fit into the
 * FIFO wait and are offered again every {@link #RETRY_PS}, so none is lost. Not emulated: modem lines (MSR says
 * connected), parity, framing and break, loopback, FIFO trigger levels and timeouts (data interrupts come with the
 * first byte). Spec: National Semiconductor PC16550D.
 */
public final class Uart implements Device, EventTarget {
    /** About the time of a byte at 115200 baud. */
    static final long RETRY_PS = 87 * SimTime.PS_PER_US;

    private static final int RECEIVED = 1;
    private static final int TRANSMITTER_EMPTY = 2;
    private static final int DIVISOR = 0x80;
    private static final int SOURCE = 0x4000_1000;

    private final String stateName;
    private final EventQueue queue;
    private final int target;
    private final ConsoleSink sink;
    private final IrqLine irq;
    private final Block state = new Block(S.sizeBytes());
    // @formatter:off
    private final RegisterMap registers = new RegisterMap(0x100)
        .register("RBR/THR/DLL", 0, RegisterMap.W1, Access.READ_WRITE, "16550 8.0: data; divisor low")
        .register("IER/DLM",     1, RegisterMap.W1, Access.READ_WRITE, "16550 8.5: enables; divisor high")
        .register("IIR/FCR",     2, RegisterMap.W1, Access.READ_WRITE, "16550 8.4, 8.6: identification; FIFO")
        .register("LCR",         3, RegisterMap.W1, Access.READ_WRITE, "16550 8.1: line control")
        .register("MCR",         4, RegisterMap.W1, Access.READ_WRITE, "16550 8.7: modem control")
        .register("LSR",         5, RegisterMap.W1, Access.READ_ONLY,  "16550 8.3: line status")
        .register("MSR",         6, RegisterMap.W1, Access.READ_ONLY,  "16550 8.8: modem status")
        .register("SCR",         7, RegisterMap.W1, Access.READ_WRITE, "16550 8.9: scratch");
    // @formatter:on

    public Uart(String stateName, Lane lane, ConsoleSink sink, IrqLine irq) {
        this.stateName = stateName;
        this.queue = lane.queue();
        this.target = lane.addTarget(this);
        this.sink = sink;
        this.irq = irq;
    }

    /**
     * Types bytes at {@code timePs}, which must not lie before the lane's time. One batch at most may be typed at any
     * one time.
     */
    public void type(long timePs, byte[] bytes) {
        queue.push(timePs, EventQueue.RANK_DEVICE, SOURCE, 0, target, 0, 0, 0, bytes.clone());
    }

    /** Whether software has taken all that has been typed up to now. */
    public boolean drained() {
        return COUNT.get(state, 0) == 0;
    }

    @Override
    public RegisterMap registers() {
        return registers;
    }

    @Override
    public void reset() {
        state.zero(0, S.sizeBytes());
        update();
    }

    private boolean divisorSelected() {
        return (LCR.get(state, 0) & DIVISOR) != 0;
    }

    @Override
    public long load(long timePs, int offset, int widthBytes) {
        return switch (offset) {
            case 0 -> divisorSelected() ? DLL.get(state, 0) : take();
            case 1 -> divisorSelected() ? DLM.get(state, 0) : IER.get(state, 0);
            case 2 -> identify();
            case 3 -> LCR.get(state, 0);
            case 4 -> MCR.get(state, 0);
            // THR and transmitter empty, always; data ready.
            case 5 -> 0x60 | (COUNT.get(state, 0) > 0 ? 1 : 0);
            // DCD, DSR and CTS.
            case 6 -> 0xB0;
            default -> SCR.get(state, 0);
        };
    }

    /** The oldest received byte, 0 when there is none. */
    private int take() {
        int count = COUNT.get(state, 0);
        if (count == 0) {
            return 0;
        }
        int value = state.u8(FIFO.offset());
        for (int i = 1; i < count; i++) {
            state.u8(FIFO.offset() + i - 1, state.u8(FIFO.offset() + i));
        }
        COUNT.set(state, 0, count - 1);
        update();
        return value;
    }

    private int identify() {
        int fifo = (FCR.get(state, 0) & 1) != 0 ? 0xC0 : 0;
        if ((IER.get(state, 0) & RECEIVED) != 0 && COUNT.get(state, 0) > 0) {
            return fifo | 4;
        }
        if ((IER.get(state, 0) & TRANSMITTER_EMPTY) != 0 && EMPTIED.get(state, 0) != 0) {
            EMPTIED.set(state, 0, 0);
            update();
            return fifo | 2;
        }
        return fifo | 1;
    }

    @Override
    public void store(long timePs, int offset, int widthBytes, long value) {
        int bits = (int) value & 0xFF;
        switch (offset) {
            case 0 -> {
                if (divisorSelected()) {
                    DLL.set(state, 0, bits);
                } else {
                    sink.write(timePs, bits);
                    EMPTIED.set(state, 0, 1);
                }
            }
            case 1 -> {
                if (divisorSelected()) {
                    DLM.set(state, 0, bits);
                } else {
                    // Enabling the interrupt while THR is empty raises it.
                    if ((bits & ~IER.get(state, 0) & TRANSMITTER_EMPTY) != 0) {
                        EMPTIED.set(state, 0, 1);
                    }
                    IER.set(state, 0, bits & 15);
                }
            }
            case 2 -> {
                FCR.set(state, 0, bits & 1);
                if ((bits & 2) != 0) {
                    COUNT.set(state, 0, 0);
                }
            }
            case 3 -> LCR.set(state, 0, bits);
            case 4 -> MCR.set(state, 0, bits & 31);
            default -> SCR.set(state, 0, bits);
        }
        update();
    }

    private void update() {
        int enabled = IER.get(state, 0);
        irq.set((enabled & RECEIVED) != 0 && COUNT.get(state, 0) > 0 || (enabled & TRANSMITTER_EMPTY) != 0
                && EMPTIED.get(state, 0) != 0);
    }

    @Override
    public void onEvent(long timePs, int kind, long a, long b, byte[] payload) {
        int count = COUNT.get(state, 0);
        int accepted = Math.min(payload.length, FIFO_BYTES - count);
        state.write(FIFO.offset() + count, payload, 0, accepted);
        COUNT.set(state, 0, count + accepted);
        if (accepted < payload.length) {
            byte[] rest = Arrays.copyOfRange(payload, accepted, payload.length);
            // Later batches come after this one's rest because they have a later time or are typed when the queue is
            // empty.
            queue.push(timePs + RETRY_PS, EventQueue.RANK_DEVICE, SOURCE, b + 1, target, 0, a, b + 1, rest);
        }
        update();
    }

    @Override
    public String stateName() {
        return stateName;
    }

    @Override
    public void save(StateWriter out) {
        state.save(out);
    }

    @Override
    public void load(StateReader in) {
        state.load(in);
    }
}
