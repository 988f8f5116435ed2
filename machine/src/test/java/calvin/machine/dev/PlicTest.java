package calvin.machine.dev;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.machine.bus.Device;
import calvin.machine.bus.DeviceContractTest;
import calvin.machine.bus.IrqLine;
import calvin.sim.event.Lane;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlicTest extends DeviceContractTest {
    private static final int MACHINE = 0;
    private static final int SUPERVISOR = 1;
    private final boolean[] irq = new boolean[2];

    @Override
    protected Device build(Lane lane) {
        return plic();
    }

    private Plic plic() {
        return new Plic("plic", List.of(high -> irq[MACHINE] = high, high -> irq[SUPERVISOR] = high));
    }

    private static void priority(Plic plic, int source, int value) {
        plic.store(0, 4 * source, 4, value);
    }

    private static void enable(Plic plic, int context, int word, long bits) {
        plic.store(0, 0x2000 + 0x80 * context + 4 * word, 4, bits);
    }

    private static void threshold(Plic plic, int context, int value) {
        plic.store(0, 0x20_0000 + 0x1000 * context, 4, value);
    }

    private static long claim(Plic plic, int context) {
        return plic.load(0, 0x20_0004 + 0x1000 * context, 4);
    }

    private static void complete(Plic plic, int context, long source) {
        plic.store(0, 0x20_0004 + 0x1000 * context, 4, source);
    }

    @Test
    void aWireInterruptsTheContextsThatEnableIt() {
        Plic plic = plic();
        IrqLine wire = plic.source(10);
        wire.set(true);
        assertEquals(1 << 10, plic.load(0, 0x1000, 4));
        assertFalse(irq[SUPERVISOR], "priority 0 never interrupts");
        enable(plic, SUPERVISOR, 0, 1 << 10);
        priority(plic, 10, 1);
        assertTrue(irq[SUPERVISOR]);
        assertFalse(irq[MACHINE]);
        assertEquals(0, claim(plic, MACHINE));
        assertEquals(10, claim(plic, SUPERVISOR));
        assertFalse(irq[SUPERVISOR]);
        assertEquals(0, claim(plic, SUPERVISOR), "its gateway is closed");
        wire.set(false);
        complete(plic, SUPERVISOR, 10);
        assertFalse(irq[SUPERVISOR]);
    }

    @Test
    void aWireStillHighAtCompletionAsksAgain() {
        Plic plic = plic();
        enable(plic, SUPERVISOR, 0, 1 << 10);
        priority(plic, 10, 1);
        plic.source(10).set(true);
        assertEquals(10, claim(plic, SUPERVISOR));
        complete(plic, MACHINE, 10);
        assertFalse(irq[SUPERVISOR], "a context that does not enable it cannot complete it");
        complete(plic, SUPERVISOR, 10);
        assertTrue(irq[SUPERVISOR]);
    }

    @Test
    void aRequestOutlivesItsWire() {
        Plic plic = plic();
        enable(plic, SUPERVISOR, 0, 1 << 10);
        priority(plic, 10, 1);
        plic.source(10).set(true);
        plic.source(10).set(false);
        assertTrue(irq[SUPERVISOR]);
        assertEquals(10, claim(plic, SUPERVISOR));
        complete(plic, SUPERVISOR, 10);
        assertFalse(irq[SUPERVISOR]);
    }

    @Test
    void theHighestPriorityAboveTheThresholdWinsThenTheLowestNumber() {
        Plic plic = plic();
        enable(plic, SUPERVISOR, 0, -2);
        enable(plic, SUPERVISOR, 2, 0xFFFF_FFFFL);
        for (int source : new int[]{95, 64, 3, 7}) {
            priority(plic, source, source == 95 ? 5 : 2);
            plic.source(source).set(true);
        }
        threshold(plic, SUPERVISOR, 5);
        assertFalse(irq[SUPERVISOR]);
        threshold(plic, SUPERVISOR, 4);
        assertTrue(irq[SUPERVISOR]);
        assertEquals(95, claim(plic, SUPERVISOR));
        assertFalse(irq[SUPERVISOR], "the others do not exceed the threshold");
        // plic 8: the threshold does not affect claims.
        assertEquals(3, claim(plic, SUPERVISOR));
        assertEquals(7, claim(plic, SUPERVISOR));
        assertEquals(64, claim(plic, SUPERVISOR));
    }

    @Test
    void whatDoesNotExistStaysZero() {
        Plic plic = plic();
        priority(plic, 0, 7);
        priority(plic, 1, 0xFFFF);
        enable(plic, MACHINE, 0, 1);
        enable(plic, MACHINE, 3, -1);
        assertEquals(0, plic.load(0, 0, 4));
        assertEquals(7, plic.load(0, 4, 4));
        assertEquals(0, plic.load(0, 0x2000, 4));
        assertEquals(0, plic.load(0, 0x200C, 4));
        complete(plic, MACHINE, 96);
        complete(plic, MACHINE, 0xFFFF_FFFFL);
    }
}
