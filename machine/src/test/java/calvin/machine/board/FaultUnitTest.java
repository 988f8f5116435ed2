package calvin.machine.board;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.machine.elf.ElfException;
import calvin.sim.fault.Applied;
import calvin.sim.fault.Fault;
import calvin.sim.time.SimTime;
import java.util.List;
import org.junit.jupiter.api.Test;

class FaultUnitTest {
    private static final long END_PS = SimTime.PS_PER_US;

    /** x10 counts its loop's rounds; instruction 2n + 1 is the n-th addition. */
    private static Rig counter() {
        return MachineTest.program(BoardSpec.virt(1, 4 << 20), "addi x10, x10, 1", "jal x0, .-4");
    }

    @Test
    void aRegisterFlipStrikesBetweenTheInstructionsItNames() {
        Rig rig = counter();
        Fault flip = new Fault.RegisterFlip(3, 0, 0, 101, 10, 40);
        assertTrue(rig.machine.faults().owns(flip));
        assertFalse(rig.machine.faults().owns(new Fault.RegisterFlip(3, 1, 0, 101, 10, 40)));
        assertFalse(rig.machine.faults().owns(new Fault.RegisterFlip(3, 0, 1, 101, 10, 40)));
        rig.machine.faults().arm(flip);
        rig.lane.runUntil(END_PS);
        assertEquals(List.of(new Applied(3, 101 * 500, 51, 51 | 1L << 40)), rig.machine.faults().applied());
        assertEquals(1000 | 1L << 40, rig.machine.hart(0).hart().x[10]);
    }

    @Test
    void aFlipOfCodeIsExecuted() {
        Rig rig = counter();
        // Bit 21 of the instruction is bit 1 of its immediate.
        rig.machine.faults().arm(new Fault.MemoryFlip(4, 0, 0, 200, AddressMap.RAM + 2, 5));
        rig.lane.runUntil(END_PS);
        assertEquals(1, rig.machine.faults().applied().size());
        assertEquals(100 + 900 * 3, rig.machine.hart(0).hart().x[10], "the addition adds 3 from there on");
    }

    @Test
    void placesThatHavePassedNeverFire() {
        Rig rig = counter();
        rig.lane.runUntil(END_PS);
        rig.machine.faults().arm(new Fault.RegisterFlip(1, 0, 0, 5, 10, 0));
        rig.lane.runUntil(2 * END_PS);
        assertEquals(List.of(), rig.machine.faults().applied());
        Rig other = counter();
        other.lane.runUntil(2 * END_PS);
        assertEquals(other.hash(), rig.hash());
    }

    @Test
    void whereARunIsCutDoesNotMoveTheFault() throws ElfException {
        String[] hashes = new String[3];
        for (int i = 0; i < 3; i++) {
            Rig rig = SelfTest.boot(BoardSpec.virt(2, 64 << 20).withHartPeriodPs(5000));
            rig.machine.faults().arm(new Fault.RegisterFlip(0, 0, 0, 20_000, 15, 3));
            for (long horizon = 0; horizon < 2 * SimTime.PS_PER_MS; horizon += (i + 1) * 100 * SimTime.PS_PER_US) {
                rig.lane.runUntil(horizon);
            }
            rig.lane.runUntil(2 * SimTime.PS_PER_MS);
            assertEquals(1, rig.machine.faults().applied().size());
            hashes[i] = rig.hash();
        }
        assertEquals(hashes[0], hashes[1]);
        assertEquals(hashes[0], hashes[2]);
    }

    @Test
    void aFaultChangesTheRunAndItsAbsenceDoesNot() {
        Rig clean = counter();
        Rig struck = counter();
        struck.machine.faults().arm(new Fault.RegisterFlip(0, 0, 0, 10, 10, 0));
        clean.lane.runUntil(END_PS);
        struck.lane.runUntil(END_PS);
        assertNotEquals(clean.hash(), struck.hash());
    }
}
