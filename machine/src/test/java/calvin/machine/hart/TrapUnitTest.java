package calvin.machine.hart;

import static calvin.machine.hart.Bench.RAM;
import static calvin.machine.hart.Bench.VS;
import static calvin.machine.hart.Bench.VU;
import static calvin.machine.hart.Status.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.machine.isa.Cause;
import calvin.machine.isa.Csr;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TrapUnitTest {
    private static final long M_VECTOR = 0x100;
    private static final long S_VECTOR = 0x200;
    private static final long VS_VECTOR = 0x300;

    private final Bench bench = new Bench();
    private final Hart hart = bench.hart;

    @BeforeEach
    void vectors() {
        bench.poke(Csr.MTVEC, M_VECTOR);
        bench.poke(Csr.STVEC, S_VECTOR);
        bench.poke(Csr.VSTVEC, VS_VECTOR);
        hart.pc = RAM + 0x40;
    }

    private void raise(int mode, Cause cause, long value) {
        bench.mode(mode);
        hart.raise(cause.code, value);
        bench.unit.takeException();
    }

    @Test
    void withoutDelegationEverythingGoesToMachineMode() {
        bench.poke(Csr.MSTATUS, MIE);
        raise(VS, Cause.BREAKPOINT, 0x77);
        assertEquals(Hart.MODE_M, hart.mode);
        assertEquals(M_VECTOR, hart.pc);
        assertEquals(RAM + 0x40, bench.peek(Csr.MEPC));
        assertEquals(3, bench.peek(Csr.MCAUSE));
        assertEquals(0x77, bench.peek(Csr.MTVAL));
        long status = bench.peek(Csr.MSTATUS);
        assertEquals(MPV | MPIE | 1L << MPP_SHIFT, status & (MPV | MPIE | MIE | MPP | GVA));
        bench.unit.traps().mret();
        assertEquals(VS, hart.mode);
        assertEquals(RAM + 0x40, hart.pc);
        assertEquals(MIE | MPIE, bench.peek(Csr.MSTATUS) & (MPV | MPIE | MIE | MPP));
    }

    @Test
    void delegatedExceptionsOfMachineModeStayThere() {
        bench.poke(Csr.MEDELEG, -1L);
        raise(Hart.MODE_M, Cause.BREAKPOINT, 0);
        assertEquals(Hart.MODE_M, hart.mode);
    }

    @Test
    void delegationChoosesHypervisorOrGuest() {
        bench.poke(Csr.MEDELEG, -1L);
        bench.poke(Csr.SSTATUS, SIE);
        raise(VU, Cause.LOAD_PAGE_FAULT, 0x1234);
        assertEquals(Hart.MODE_S, hart.mode);
        assertEquals(S_VECTOR, hart.pc);
        assertEquals(13, bench.peek(Csr.SCAUSE));
        assertEquals(SPIE, bench.peek(Csr.SSTATUS) & (SPIE | SIE | SPP));
        assertEquals(H_SPV, bench.peek(Csr.HSTATUS) & (H_SPV | H_SPVP | H_GVA));
        bench.unit.traps().sret();
        assertEquals(VU, hart.mode);
        bench.poke(Csr.HEDELEG, -1L);
        bench.poke(Csr.VSSTATUS, SIE);
        raise(VS, Cause.LOAD_PAGE_FAULT, 0x1234);
        assertEquals(VS, hart.mode);
        assertEquals(VS_VECTOR, hart.pc);
        assertEquals(13, bench.peek(Csr.VSCAUSE));
        assertEquals(0x1234, bench.peek(Csr.VSTVAL));
        assertEquals(SPIE | SPP, bench.peek(Csr.VSSTATUS) & (SPIE | SIE | SPP));
        raise(VS, Cause.ECALL_FROM_VS, 0);
        assertEquals(Hart.MODE_S, hart.mode, "hedeleg cannot delegate calls from VS");
        assertEquals(H_SPV | H_SPVP, bench.peek(Csr.HSTATUS) & (H_SPV | H_SPVP));
    }

    @Test
    void spvpKeepsItsValueOnTrapsFromTheHost() {
        bench.poke(Csr.MEDELEG, -1L);
        bench.poke(Csr.HSTATUS, H_SPVP | H_SPV);
        raise(Hart.MODE_U, Cause.BREAKPOINT, 0);
        assertEquals(H_SPVP, bench.peek(Csr.HSTATUS) & (H_SPV | H_SPVP));
    }

    @Test
    void guestPageFaultsFillHtvalAndHtinst() {
        bench.poke(Csr.MEDELEG, -1L);
        bench.poke(Csr.HGATP, 8L << 60 | RAM + 0x10_0000 >>> 12);
        bench.mode(VS);
        // An identity map of the first GiB of RAM; the page at 0x1234 is not mapped.
        bench.memory.u64(RAM + 0x10_0000 + 8 * 2, RAM >>> 12 << 10 | 0xDF);
        bench.instruction("sw x5, 0x34(x6)");
        hart.x[6] = 0x1200;
        bench.router.store(hart, 0x1234, 2, 5);
        assertEquals(Cause.STORE_GUEST_PAGE_FAULT.code, hart.trapCause);
        bench.unit.takeException();
        assertEquals(23, bench.peek(Csr.SCAUSE));
        assertEquals(0x1234, bench.peek(Csr.STVAL));
        assertEquals(0x1234 >> 2, bench.peek(Csr.HTVAL));
        assertEquals(5 << 20 | 2 << 12 | 0x23, bench.peek(Csr.HTINST));
        assertEquals(H_GVA | H_SPV | H_SPVP, bench.peek(Csr.HSTATUS) & (H_GVA | H_SPV | H_SPVP));
        bench.unit.traps().sret();
        // The same by a compressed instruction, to M mode: bit 1 is clear.
        bench.poke(Csr.MEDELEG, 0);
        bench.memory.u16(RAM + 0x40, calvin.machine.isa.Assembler.assemble("c.ld x8, 8(x9)"));
        hart.x[9] = 0x2000;
        bench.router.load(hart, 0x2008, 3);
        bench.unit.takeException();
        assertEquals(21, bench.peek(Csr.MCAUSE));
        assertEquals(0x2008 >> 2, bench.peek(Csr.MTVAL2));
        assertEquals(3 << 12 | 8 << 7 | 1, bench.peek(Csr.MTINST));
        assertTrue((bench.peek(Csr.MSTATUS) & GVA) != 0);
    }

    @Test
    void theSecondPageOfAMisalignedLoadShowsItsOffset() {
        bench.poke(Csr.MEDELEG, -1L);
        bench.poke(Csr.HGATP, 8L << 60 | RAM + 0x10_0000 >>> 12);
        bench.memory.u64(RAM + 0x10_0000 + 8 * 2, RAM >>> 12 << 10 | 0xDF);
        // One page at guest-physical 0x1000, none behind it.
        bench.memory.u64(RAM + 0x10_0000, RAM + 0x11_0000 >>> 12 << 10 | 1);
        bench.memory.u64(RAM + 0x11_0000, RAM + 0x11_1000 >>> 12 << 10 | 1);
        bench.memory.u64(RAM + 0x11_1000 + 8, RAM + 0x12_0000 >>> 12 << 10 | 0xDF);
        bench.mode(VS);
        bench.instruction("ld x5, -3(x6)");
        hart.x[6] = 0x2000;
        bench.router.load(hart, 0x1FFD, 3);
        bench.unit.takeException();
        assertEquals(21, bench.peek(Csr.SCAUSE));
        assertEquals(0x2000, bench.peek(Csr.STVAL));
        assertEquals(3 << 15 | 3 << 12 | 5 << 7 | 3, bench.peek(Csr.HTINST));
    }

    @Test
    void illegalInstructionsShowTheirBits() {
        bench.mode(Hart.MODE_S);
        bench.instruction("csrrw x0, mscratch, x5");
        bench.write(Csr.MSCRATCH, 1);
        bench.unit.takeException();
        assertEquals(calvin.machine.isa.Assembler.assemble("csrrw x0, mscratch, x5") & 0xFFFF_FFFFL,
                bench.peek(Csr.MTVAL));
    }

    @Test
    void vectoredModeIsForInterruptsOnly() {
        bench.poke(Csr.MTVEC, M_VECTOR | 1);
        raise(Hart.MODE_U, Cause.BREAKPOINT, 0);
        assertEquals(M_VECTOR, hart.pc);
        bench.mode(Hart.MODE_U);
        bench.poke(Csr.MIE, MTIP);
        bench.unit.setLine(MTIP, true);
        bench.unit.takeInterrupt(bench.unit.deliverableInterrupt());
        assertEquals(M_VECTOR + 4 * 7, hart.pc);
        assertEquals(Cause.MACHINE_TIMER.value(), bench.peek(Csr.MCAUSE));
    }

    @Test
    void interruptsGoWhereDelegationSaysAndOnlyWhenEnabled() {
        bench.poke(Csr.MIDELEG, -1L);
        bench.poke(Csr.HIDELEG, VSSIP);
        bench.poke(Csr.MIE, -1L);
        bench.poke(Csr.HVIP, VSSIP | VSTIP);
        bench.mode(Hart.MODE_S);
        assertEquals(-1, bench.unit.deliverableInterrupt(), "SIE is clear");
        bench.poke(Csr.SSTATUS, SIE);
        assertEquals(6, bench.unit.deliverableInterrupt(), "VSTIP is not delegated further, so it is HS's");
        bench.mode(VS);
        assertEquals(6, bench.unit.deliverableInterrupt());
        bench.poke(Csr.HVIP, VSSIP);
        assertEquals(-1, bench.unit.deliverableInterrupt(), "vsstatus.SIE is clear");
        bench.mode(VU);
        assertEquals(2, bench.unit.deliverableInterrupt());
        bench.unit.takeInterrupt(2);
        assertEquals(VS, hart.mode);
        assertEquals(Cause.SUPERVISOR_SOFTWARE.value(), bench.peek(Csr.VSCAUSE));
        bench.unit.setLine(MEIP, true);
        bench.unit.setLine(MTIP, true);
        assertEquals(11, bench.unit.deliverableInterrupt(), "machine interrupts are always enabled below M");
        bench.mode(Hart.MODE_M);
        assertEquals(-1, bench.unit.deliverableInterrupt());
    }

    @Test
    void makingAnInterruptDeliverableLowersTheDeadline() {
        bench.poke(Csr.MIDELEG, -1L);
        bench.poke(Csr.SIE, SSIP);
        bench.poke(Csr.SIP, SSIP);
        bench.mode(Hart.MODE_S);
        hart.deadline = 1000;
        bench.poke(Csr.SSTATUS, 0);
        assertEquals(1000, hart.deadline);
        bench.poke(Csr.SSTATUS, SIE);
        assertEquals(0, hart.deadline);
        hart.deadline = 1000;
        bench.unit.setLine(MSIP, true);
        assertEquals(0, hart.deadline);
    }

    @Test
    void returnsAreGuarded() {
        bench.mode(Hart.MODE_U);
        bench.unit.traps().sret();
        assertEquals(Cause.ILLEGAL_INSTRUCTION, bench.fault());
        bench.mode(Hart.MODE_S);
        bench.unit.traps().mret();
        assertEquals(Cause.ILLEGAL_INSTRUCTION, bench.fault());
        bench.poke(Csr.MSTATUS, TSR | TW);
        bench.unit.traps().sret();
        assertEquals(Cause.ILLEGAL_INSTRUCTION, bench.fault());
        bench.unit.system().wfi();
        assertEquals(Cause.ILLEGAL_INSTRUCTION, bench.fault());
        bench.mode(VU);
        bench.unit.traps().sret();
        assertEquals(Cause.VIRTUAL_INSTRUCTION, bench.fault());
        bench.poke(Csr.MSTATUS, 0);
        bench.unit.system().wfi();
        assertEquals(Cause.VIRTUAL_INSTRUCTION, bench.fault());
        bench.poke(Csr.HSTATUS, H_VTSR | H_VTW | H_VTVM);
        bench.mode(VS);
        bench.unit.traps().sret();
        assertEquals(Cause.VIRTUAL_INSTRUCTION, bench.fault());
        bench.unit.system().wfi();
        assertEquals(Cause.VIRTUAL_INSTRUCTION, bench.fault());
        bench.router.fence(hart, 0, 0, 0, false, false);
        assertEquals(Cause.VIRTUAL_INSTRUCTION, bench.fault());
        bench.router.fence(hart, 2, 0, 0, false, false);
        assertEquals(Cause.VIRTUAL_INSTRUCTION, bench.fault());
        assertFalse(hart.waiting);
    }

    @Test
    void wfiEndsWithAnyEnabledInterruptEvenWhileMasked() {
        bench.mode(Hart.MODE_M);
        bench.poke(Csr.MIE, SSIP);
        bench.unit.system().wfi();
        assertTrue(hart.waiting);
        bench.nowPs = 77_500;
        bench.unit.setLine(MSIP, true);
        assertTrue(hart.waiting, "MSIE is clear");
        bench.poke(Csr.MIP, SSIP);
        assertFalse(hart.waiting);
        assertEquals(78, hart.cycle, "the clock has moved to the cause's time");
        bench.unit.system().wfi();
        assertFalse(hart.waiting, "it is still pending");
    }

    @Test
    void mprvTranslatesAsThePreviousMode() {
        bench.poke(Csr.HGATP, 8L << 60 | RAM + 0x10_0000 >>> 12);
        bench.poke(Csr.MSTATUS, MPRV | MPV | 1L << MPP_SHIFT);
        bench.mode(Hart.MODE_M);
        bench.router.load(hart, 0x1000, 3);
        assertEquals(Cause.LOAD_GUEST_PAGE_FAULT, bench.fault());
        assertEquals(0, bench.router.load(hart, RAM, 3) >>> 63);
        assertEquals(Cause.LOAD_GUEST_PAGE_FAULT, bench.fault());
        // MRET to a lower mode clears it.
        bench.unit.traps().mret();
        assertEquals(0, bench.peek(Csr.MSTATUS) & MPRV);
    }
}
