package calvin.machine.virtio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.machine.virtio.character.VirtioRng;
import calvin.machine.virtio.pci.VirtioPci;
import calvin.sim.event.Lane;
import calvin.sim.seed.Seed;
import calvin.sim.state.Snapshot;
import calvin.sim.state.StateHash;
import calvin.sim.state.Stateful;
import calvin.sim.time.SimTime;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The PCI transport and the host bridge under it, found and driven as a guest does. */
class VirtioPciTest {
    private static final long ENTRY = GuestRam.MESSAGES + 0x40;

    private final Bench bench = new Bench();
    private final PciRegisters registers = bench.registers;
    private final TestDriver driver = bench.driver;
    private final GuestRam ram = bench.ram;

    /** A guest with an entropy source in slot 5. */
    private static final class Bench {
        final Lane lane = new Lane("node0");
        final GuestRam ram = new GuestRam(1 << 21);
        final VirtioPci card = new VirtioPci("node0/rng", lane, ram, false,
                new VirtioRng(new Seed(1), VirtioRng.DEFAULT_COST));
        final PciRegisters registers = new PciRegisters(card, true);
        final TestDriver driver = new TestDriver(lane, ram, registers);

        List<Stateful> parts() {
            return List.of(lane, card, registers.host, ram);
        }
    }

    /** Vector 0 for the configuration, 1 for the queue; messages carry their vector. */
    private void enableMsix() {
        for (int vector = 0; vector < 2; vector++) {
            long at = registers.msixTable() + 16 * vector;
            registers.store(at, 4, ENTRY & 0xFFFF_FFFFL);
            registers.store(at + 4, 4, ENTRY >>> 32);
            registers.store(at + 8, 4, 100 + vector);
            registers.store(at + 12, 4, 0);
        }
        registers.store(PciRegisters.configPa(registers.msixAt() + 2), 2, 0x8000);
        registers.common(0x10, 2, 0);
        registers.common(0x16, 2, 0);
        registers.common(0x1A, 2, 1);
        assertEquals(1, registers.common(0x1A, 2));
    }

    @Test
    void theBusShowsTheBridgeAndTheFunctionAndNothingElse() {
        assertEquals(0x0008_1B36L, registers.load(0x3000_0000L, 4));
        assertEquals(0x0600, registers.load(0x3000_000AL, 2));
        assertEquals(0x1044_1AF4L, registers.config(0));
        assertEquals(0xFFFF_FFFFL, registers.load(0x3000_8000L, 4));
        assertEquals(0xFFFF, registers.load(0x3000_8000L | 1 << 20, 2), "bus 1");
        assertEquals(0xFF, registers.load(PciRegisters.configPa(0x1000), 1), "function 1");
        assertEquals(0, registers.config(0x100), "no extended capabilities");
        assertEquals(0xFFFF_FFFFL, registers.load(0x7000_0000L, 4), "no BAR there");
    }

    @Test
    void identityIsReadOnly() {
        registers.store(PciRegisters.configPa(0), 4, 0);
        registers.store(PciRegisters.configPa(8), 4, 0);
        registers.store(PciRegisters.configPa(0x34), 4, 0);
        assertEquals(0x1044_1AF4L, registers.config(0));
        assertEquals(0xFF00_0001L, registers.config(8));
        assertEquals(0x40, registers.config(0x34));
        registers.store(PciRegisters.configPa(0x3C), 1, 0x55);
        assertEquals(0x155, registers.config(0x3C) & 0xFFFF, "line is writable, pin is INTA");
    }

    @Test
    void requestsAreServedAndInterruptByWire() {
        assertEquals(4, registers.id());
        driver.start(0, 1);
        assertEquals(32, driver.request(0, new byte[0], 32).written());
        assertTrue(registers.wire);
        assertTrue(registers.interrupted());
        assertFalse(registers.wire, "reading the cause lowers the wire");
        registers.store(PciRegisters.configPa(4), 2, 0x406);
        driver.request(0, new byte[0], 32);
        assertFalse(registers.wire, "interrupt disable");
        registers.store(PciRegisters.configPa(4), 2, 6);
        assertTrue(registers.wire);
    }

    @Test
    void withMsixTheQueueSendsItsMessage() {
        driver.start(0, 1);
        enableMsix();
        driver.request(0, new byte[0], 8);
        assertEquals(List.of(ENTRY << 32 | 101), ram.messages);
        assertFalse(registers.wire);
    }

    @Test
    void aMaskedVectorWaits() {
        driver.start(0, 1);
        enableMsix();
        registers.store(registers.msixTable() + 16 + 12, 4, 1);
        driver.request(0, new byte[0], 8);
        assertEquals(List.of(), ram.messages);
        assertEquals(2, registers.load(registers.msixTable() + 0x800, 4));
        registers.store(registers.msixTable() + 16 + 12, 4, 0);
        assertEquals(1, ram.messages.size());
        assertEquals(0, registers.load(registers.msixTable() + 0x800, 4));
        registers.store(PciRegisters.configPa(registers.msixAt() + 2), 2, 0xC000);
        driver.request(0, new byte[0], 8);
        assertEquals(1, ram.messages.size(), "function mask");
        registers.store(PciRegisters.configPa(registers.msixAt() + 2), 2, 0x8000);
        assertEquals(2, ram.messages.size());
    }

    @Test
    void aVectorThatDoesNotExistBecomesNone() {
        driver.start(0, 1);
        enableMsix();
        registers.common(0x1A, 2, 2);
        assertEquals(0xFFFF, registers.common(0x1A, 2));
        driver.request(0, new byte[0], 8);
        assertEquals(List.of(), ram.messages);
    }

    @Test
    void aFunctionThatIsNoBusMasterReachesNoMemory() {
        driver.start(0, 1);
        registers.store(PciRegisters.configPa(4), 2, 2);
        driver.add(0, new byte[0], 8);
        driver.kick(0);
        driver.pass(SimTime.PS_PER_MS);
        assertEquals(0, driver.reap(0).size());
        assertEquals(15 | VirtioCore.NEEDS_RESET, registers.status());
    }

    @Test
    void registersAreAlsoReachedThroughConfigurationSpace() {
        driver.start(0, 1);
        int at = registers.accessAt();
        registers.store(PciRegisters.configPa(at + 4), 1, 4);
        registers.store(PciRegisters.configPa(at + 8), 4, 0x14);
        registers.store(PciRegisters.configPa(at + 12), 4, 1);
        assertEquals(15, registers.load(PciRegisters.configPa(at + 16), 1));
        registers.store(PciRegisters.configPa(at + 16), 1, 0);
        assertEquals(0, registers.status(), "reset");
        registers.store(PciRegisters.configPa(at + 8), 4, 0xFFFF_FFFFL);
        assertEquals(0, registers.load(PciRegisters.configPa(at + 16), 1));
        registers.store(PciRegisters.configPa(at + 4), 1, 77);
        assertEquals(0, registers.load(PciRegisters.configPa(at + 16), 1));
    }

    @Test
    void memorySpaceCanBeSwitchedOff() {
        long status = registers.common(0x14, 1);
        assertEquals(0, status);
        registers.store(PciRegisters.configPa(4), 2, 4);
        assertEquals(0xFF, registers.common(0x14, 1));
    }

    @Test
    void aSnapshotContinuesTheSame() {
        driver.start(0, 1);
        enableMsix();
        driver.add(0, new byte[0], 64);
        driver.kick(0);
        driver.pass(2 * SimTime.PS_PER_US);
        Snapshot snapshot = Snapshot.take(bench.parts());
        Bench other = new Bench();
        snapshot.restore(other.parts());
        driver.pass(SimTime.PS_PER_MS);
        other.lane.runUntil(driver.nowPs());
        for (int i = 0; i < 4; i++) {
            assertEquals(StateHash.of(bench.parts().get(i)), StateHash.of(other.parts().get(i)));
        }
        assertEquals(1, other.ram.messages.size());
        other.registers.host.reset();
        Bench fresh = new Bench();
        fresh.registers.host.reset();
        assertEquals(StateHash.of(fresh.card), StateHash.of(other.card));
    }
}
