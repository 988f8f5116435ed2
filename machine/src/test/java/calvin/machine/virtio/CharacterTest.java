package calvin.machine.virtio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import calvin.machine.bus.IrqLine;
import calvin.machine.virtio.balloon.VirtioBalloon;
import calvin.machine.virtio.character.VirtioConsole;
import calvin.machine.virtio.mmio.VirtioMmio;
import calvin.sim.event.Lane;
import calvin.sim.time.SimTime;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Console and balloon. */
class CharacterTest {
    private final Lane lane = new Lane("node0");
    private final GuestRam ram = new GuestRam(1 << 21);
    private final StringBuilder printed = new StringBuilder();

    private TestDriver driver(VirtioDevice device) {
        return new TestDriver(lane, ram, new MmioRegisters(new VirtioMmio("node0/device", lane, ram, false,
                IrqLine.NONE, device)));
    }

    @Test
    void theConsolePrintsAndTakesWhatIsTyped() {
        VirtioConsole console = new VirtioConsole((timePs, value) -> printed.append((char) value),
                VirtioConsole.DEFAULT_COST);
        TestDriver driver = driver(console).start(1, 2);
        driver.request(1, "hello".getBytes(StandardCharsets.UTF_8), 0);
        assertEquals("hello", printed.toString());
        // Typed before there are buffers, and more than waits inside.
        byte[] typed = new byte[3000];
        for (int i = 0; i < typed.length; i++) {
            typed[i] = (byte) i;
        }
        console.type(driver.nowPs(), typed);
        driver.pass(SimTime.PS_PER_MS);
        byte[] got = new byte[typed.length];
        int at = 0;
        while (at < got.length) {
            driver.add(0, new byte[0], 700);
            driver.kick(0);
            driver.pass(SimTime.PS_PER_MS);
            for (TestDriver.Used used : driver.reap(0)) {
                System.arraycopy(used.bytes(), 0, got, at, used.written());
                at += used.written();
            }
        }
        assertArrayEquals(typed, got);
    }

    @Test
    void theBalloonAsksForPagesAndDropsThem() {
        List<Long> dropped = new ArrayList<>();
        VirtioBalloon balloon = new VirtioBalloon(dropped::add, 3, VirtioBalloon.DEFAULT_COST);
        TestDriver driver = driver(balloon).start(0, 2);
        assertEquals(3, driver.registers.config(0, 4));
        byte[] pages = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN).putInt(0x80000).putInt(0x80007)
                .putInt(-1).array();
        driver.request(0, pages, 0);
        assertEquals(List.of(0x8000_0000L, 0x8000_7000L, 0xFFF_FFFF_F000L), dropped);
        driver.request(1, pages, 0);
        assertEquals(3, dropped.size(), "deflating drops nothing");
        driver.registers.interrupted();
        balloon.ask(9);
        assertEquals(9, driver.registers.config(0, 4));
        assertEquals(true, driver.registers.interrupted());
    }
}
