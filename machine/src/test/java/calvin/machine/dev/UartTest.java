package calvin.machine.dev;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.machine.bus.Device;
import calvin.machine.bus.DeviceContractTest;
import calvin.sim.event.Lane;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class UartTest extends DeviceContractTest {
    private final StringBuilder output = new StringBuilder();
    private boolean irq;

    @Override
    protected Device build(Lane lane) {
        return new Uart("uart", lane, (timePs, value) -> output.append((char) value), high -> irq = high);
    }

    @Test
    void outputGoesToTheSinkAtOnce() {
        Device uart = build(new Lane("lane"));
        for (byte value : "ok\n".getBytes(StandardCharsets.US_ASCII)) {
            assertEquals(0x60, uart.load(0, 5, 1));
            uart.store(0, 0, 1, value);
        }
        assertEquals("ok\n", output.toString());
    }

    @Test
    void theDivisorIsBehindLcr() {
        Device uart = build(new Lane("lane"));
        uart.store(0, 3, 1, 0x83);
        uart.store(0, 0, 1, 1);
        uart.store(0, 1, 1, 2);
        uart.store(0, 3, 1, 3);
        assertEquals("", output.toString());
        assertEquals(0, uart.load(0, 1, 1));
        uart.store(0, 3, 1, 0x83);
        assertEquals(1, uart.load(0, 0, 1));
        assertEquals(2, uart.load(0, 1, 1));
    }

    @Test
    void inputArrivesWholeHoweverLong() {
        Lane lane = new Lane("lane");
        Uart uart = (Uart) build(lane);
        StringBuilder typed = new StringBuilder();
        for (int i = 0; i < 50; i++) {
            typed.append((char) ('A' + i % 26));
        }
        uart.type(1000, typed.toString().getBytes(StandardCharsets.US_ASCII));
        StringBuilder read = new StringBuilder();
        for (long horizon = 2000; read.length() < 50; horizon += Uart.RETRY_PS) {
            assertTrue(horizon < 10 * Uart.RETRY_PS, "stuck after " + read);
            lane.runUntil(horizon);
            while ((uart.load(horizon, 5, 1) & 1) != 0) {
                read.append((char) uart.load(horizon, 0, 1));
            }
        }
        assertEquals(typed.toString(), read.toString());
        assertEquals(0, lane.queue().size());
    }

    @Test
    void interruptsFollowTheirEnables() {
        Lane lane = new Lane("lane");
        Uart uart = (Uart) build(lane);
        uart.type(1000, new byte[]{'x'});
        lane.runUntil(2000);
        assertFalse(irq);
        uart.store(2000, 1, 1, 1);
        assertTrue(irq);
        assertEquals(4, uart.load(2000, 2, 1));
        uart.load(2000, 0, 1);
        assertFalse(irq);
        assertEquals(1, uart.load(2000, 2, 1));
        uart.store(2000, 1, 1, 2);
        assertTrue(irq, "the transmitter is empty");
        assertEquals(2, uart.load(2000, 2, 1));
        assertFalse(irq, "reading it acknowledges it");
    }
}
