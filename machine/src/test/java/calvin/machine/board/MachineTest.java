package calvin.machine.board;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.guests.Guests;
import calvin.machine.elf.ElfException;
import calvin.machine.fitting.InterruptTable;
import calvin.machine.hart.Hart;
import calvin.machine.isa.Assembler;
import calvin.sim.time.SimTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MachineTest {
    private static final long LIMIT_PS = SimTime.PS_PER_S;

    static Rig bare(String guest, int harts) throws ElfException {
        Rig rig = new Rig(BoardSpec.virt(harts, 16 << 20));
        rig.machine.bootBare(rig.machine.loadElf(Guests.get(guest).bytes()).entry());
        return rig;
    }

    /** Puts instructions at the start of RAM and starts hart 0 there in M mode. */
    static Rig program(BoardSpec board, String... lines) {
        Rig rig = new Rig(board);
        for (int i = 0; i < lines.length; i++) {
            rig.machine.memory().u32(AddressMap.RAM + 4L * i, Assembler.assemble(lines[i]) & 0xFFFF_FFFFL);
        }
        rig.machine.startHart(0, AddressMap.RAM, Hart.MODE_M, 0, 0);
        return rig;
    }

    @Test
    void bareMetalProgramsEndThroughHtif() throws ElfException {
        Rig pass = bare("pass.elf", 1).run(SimTime.PS_PER_US, LIMIT_PS);
        assertEquals("exited with code 0", pass.machine.status().toString());
        assertEquals("bare metal: pass\n", pass.output.toString());
        Rig fail = bare("fail.elf", 2).run(SimTime.PS_PER_US, LIMIT_PS);
        assertEquals("exited with code 3", fail.machine.status().toString());
    }

    @Test
    void aProgramThatDoesNotFitIsRefused() {
        Rig rig = new Rig(BoardSpec.virt(1, 4 << 20));
        ElfException refused = assertThrows(ElfException.class, () -> rig.machine.loadElf(Guests.get("hello").bytes()));
        assertTrue(refused.getMessage().contains("does not lie in this machine's RAM"), refused.getMessage());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void theSupervisorSelfTestPasses(int harts) throws ElfException {
        Rig rig = SelfTest.boot(BoardSpec.virt(harts, 64 << 20)).run(SimTime.PS_PER_MS, LIMIT_PS);
        assertTrue(rig.output.toString().contains("SELFTEST PASSED"), rig.output.toString());
        assertEquals("exited with code 0", rig.machine.status().toString());
    }

    @Test
    void theSelfTestPassesOnTheHpcBoard() throws ElfException {
        Rig rig = SelfTest.boot(BoardSpec.hpc(2, 64 << 20, 2)).run(SimTime.PS_PER_MS, LIMIT_PS);
        assertTrue(rig.output.toString().contains("timebase 1000000000 Hz"), rig.output.toString());
        assertTrue(rig.output.toString().contains("SELFTEST PASSED"), rig.output.toString());
    }

    @Test
    void aMachineThatWaitsForNothingIsStuck() {
        Rig rig = program(BoardSpec.virt(2, 4 << 20), "wfi", "jal x0, .-4");
        rig.lane.runUntil(SimTime.PS_PER_US);
        assertTrue(rig.machine.stuck());
        assertEquals(SimTime.NEVER, rig.lane.nextTimePs());
    }

    @Test
    void aMessageIsAStoreOfTheDeviceThatSendsIt() {
        Rig rig = program(BoardSpec.virt(1, 4 << 20), "addi x7, x0, 8", "csrrw x0, mie, x7", "wfi", "jal x0, .+0");
        rig.lane.runUntil(SimTime.PS_PER_US);
        assertTrue(rig.machine.stuck());
        assertTrue(rig.machine.dma().message(AddressMap.CLINT, 1), "hart 0's MSIP");
        assertFalse(rig.machine.stuck());
        assertTrue(rig.machine.dma().message(AddressMap.RAM + 64, 0x8000_0001));
        assertEquals(0x8000_0001L, rig.machine.memory().u64(AddressMap.RAM + 64), "no more than a word");
        assertFalse(rig.machine.dma().message(AddressMap.RAM + 66, 1), "misaligned");
        assertFalse(rig.machine.dma().message(0x7000_0000L, 1), "nothing there");
    }

    @Test
    void waitingSkipsToTheTimerWithoutInstructions() {
        // mtimecmp[0] = 100 ticks of 100 ns, MTIE, then WFI; a0 = mtime afterwards.
        Rig rig = program(BoardSpec.virt(1, 4 << 20), "lui x5, 0x2004", "addi x6, x0, 100", "sd x6, 0(x5)",
                "addi x7, x0, 128", "csrrw x0, mie, x7", "wfi", "csrrs x10, mcycle, x0", "jal x0, .+0");
        rig.lane.runUntil(9 * SimTime.PS_PER_US);
        assertTrue(rig.machine.hart(0).hart().waiting);
        assertEquals(6, rig.machine.instructions());
        assertEquals(10 * SimTime.PS_PER_US, rig.lane.nextTimePs());
        rig.lane.runUntil(10 * SimTime.PS_PER_US + 1500);
        assertEquals(20_000, rig.machine.hart(0).hart().x[10], "10 us are 20000 cycles at 2 GHz");
    }

    @Test
    void aTimerOfTheHartFiresAtTheExactCycle() {
        // stimecmp = 3 ticks (600 cycles), STIE in mie, count in a loop, trap to M at a vector that stops.
        Rig rig = program(BoardSpec.virt(1, 4 << 20), "addi x5, x0, -1", "slli x5, x5, 63", "csrrs x0, menvcfg, x5",
                "addi x6, x0, 3",
                "csrrw x0, stimecmp, x6", "addi x7, x0, 32", "csrrw x0, mie, x7", "auipc x8, 0", "addi x8, x8, 24",
                "csrrw x0, mtvec, x8",
                "csrrsi x0, mstatus, 8", "addi x10, x10, 1", "jal x0, .-4", "csrrs x11, mcycle, x0", "jal x0, .+0");
        rig.lane.runUntil(SimTime.PS_PER_US);
        assertEquals(0x8000_0000_0000_0005L, rig.machine.hart(0).csr(calvin.machine.isa.Csr.MCAUSE));
        // The trap costs 10 cycles before the handler reads the count.
        assertEquals(610, rig.machine.hart(0).hart().x[11]);
    }

    @Test
    void jumpingIntoTheWindowOfHostedKernelsIsAFault() {
        Rig rig = program(BoardSpec.virt(1, 4 << 20), "addi x5, x0, -1600", "auipc x6, 0", "addi x6, x6, 16",
                "csrrw x0, mtvec, x6", "jalr x0, 0(x5)", "wfi");
        rig.lane.runUntil(SimTime.PS_PER_US);
        assertTrue(rig.machine.hart(0).hart().waiting);
        assertEquals(1, rig.machine.hart(0).csr(calvin.machine.isa.Csr.MCAUSE));
        assertEquals(-1600, rig.machine.hart(0).csr(calvin.machine.isa.Csr.MTVAL));
    }

    @Test
    void boardsThatCannotBeBuiltSayAllThatIsWrong() {
        BoardSpec board = new BoardSpec("Toaster", 0, 1, 0, 100, java.util.List.of(), NumaSpec.even(1),
                InterruptTable.PLIC, java.util.List.of(), 1);
        assertEquals(7, board.problems().size(), board.problems().toString());
        assertTrue(BoardSpec.hpc(3, 100 << 20, 3).problems().isEmpty());
        assertEquals(100 << 20, BoardSpec.hpc(3, 100 << 20, 3).memoryBytes());
        assertFalse(BoardSpec.virt(1, 1 << 20).problems().isEmpty());
    }
}
