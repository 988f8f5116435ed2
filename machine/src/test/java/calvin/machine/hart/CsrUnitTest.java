package calvin.machine.hart;

import static calvin.machine.hart.Bench.VS;
import static calvin.machine.hart.Bench.VU;
import static calvin.machine.hart.Status.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import calvin.machine.isa.Cause;
import calvin.machine.isa.Csr;
import org.junit.jupiter.api.Test;

class CsrUnitTest {
    private final Bench bench = new Bench();

    private void expect(Cause wanted, int mode, Csr csr, boolean write) {
        bench.mode(mode);
        bench.router.csr(bench.hart, csr.number, 2, write ? -1L : 0, true, write);
        assertEquals(wanted, bench.fault(), csr + " in mode " + mode + (write ? " written" : ""));
    }

    @Test
    void privilegeDecidesBetweenIllegalAndVirtualInstruction() {
        expect(null, Hart.MODE_M, Csr.MSTATUS, true);
        expect(Cause.ILLEGAL_INSTRUCTION, Hart.MODE_S, Csr.MSTATUS, false);
        expect(Cause.ILLEGAL_INSTRUCTION, Hart.MODE_U, Csr.SSTATUS, false);
        expect(null, Hart.MODE_S, Csr.HSTATUS, false);
        expect(Cause.ILLEGAL_INSTRUCTION, Hart.MODE_U, Csr.HSTATUS, false);
        expect(Cause.VIRTUAL_INSTRUCTION, VS, Csr.HSTATUS, false);
        expect(Cause.VIRTUAL_INSTRUCTION, VS, Csr.VSSTATUS, false);
        expect(Cause.VIRTUAL_INSTRUCTION, VU, Csr.SSTATUS, false);
        expect(Cause.VIRTUAL_INSTRUCTION, VU, Csr.HGATP, true);
        expect(Cause.ILLEGAL_INSTRUCTION, VS, Csr.MSTATUS, false);
        expect(null, VS, Csr.SSTATUS, false);
        expect(Cause.ILLEGAL_INSTRUCTION, Hart.MODE_M, Csr.MHARTID, true);
        expect(Cause.ILLEGAL_INSTRUCTION, Hart.MODE_M, Csr.STOPEI, false);
        bench.router.csr(bench.hart, 0x5C0, 2, 0, true, false);
        assertEquals(Cause.ILLEGAL_INSTRUCTION, bench.fault());
    }

    @Test
    void trapVirtualMemoryBitsGuardTranslationRegisters() {
        bench.poke(Csr.MSTATUS, TVM);
        expect(Cause.ILLEGAL_INSTRUCTION, Hart.MODE_S, Csr.SATP, false);
        expect(Cause.ILLEGAL_INSTRUCTION, Hart.MODE_S, Csr.HGATP, true);
        expect(null, Hart.MODE_S, Csr.VSATP, false);
        expect(null, VS, Csr.SATP, false);
        bench.poke(Csr.HSTATUS, H_VTVM);
        expect(Cause.VIRTUAL_INSTRUCTION, VS, Csr.SATP, false);
    }

    @Test
    void countersNeedTheirEnables() {
        expect(Cause.ILLEGAL_INSTRUCTION, Hart.MODE_S, Csr.TIME, false);
        bench.poke(Csr.MCOUNTEREN, 2);
        expect(null, Hart.MODE_S, Csr.TIME, false);
        expect(Cause.ILLEGAL_INSTRUCTION, Hart.MODE_S, Csr.CYCLE, false);
        expect(Cause.ILLEGAL_INSTRUCTION, Hart.MODE_U, Csr.TIME, false);
        expect(Cause.VIRTUAL_INSTRUCTION, VS, Csr.TIME, false);
        expect(Cause.ILLEGAL_INSTRUCTION, VS, Csr.INSTRET, false);
        bench.poke(Csr.HCOUNTEREN, 2);
        expect(null, VS, Csr.TIME, false);
        expect(Cause.VIRTUAL_INSTRUCTION, VU, Csr.TIME, false);
        bench.poke(Csr.SCOUNTEREN, 2);
        expect(null, VU, Csr.TIME, false);
        expect(null, Hart.MODE_U, Csr.TIME, false);
    }

    @Test
    void performanceCountersThatAreNotThereReadZero() {
        bench.poke(Csr.MCOUNTEREN, -1L);
        assertEquals(0x7FFFF, bench.peek(Csr.MCOUNTEREN));
        bench.poke(Csr.MCOUNTEREN, 1L << 18);
        bench.mode(Hart.MODE_S);
        assertEquals(0, bench.router.csr(bench.hart, 0xC12, 2, 0, true, false));
        assertNull(bench.fault());
        bench.router.csr(bench.hart, 0xC11, 2, 0, true, false);
        assertEquals(Cause.ILLEGAL_INSTRUCTION, bench.fault());
        bench.mode(Hart.MODE_M);
        bench.router.csr(bench.hart, 0xB1F, 1, 5, false, true);
        assertEquals(0, bench.router.csr(bench.hart, 0xB1F, 2, 0, true, false), "hardwired");
    }

    @Test
    void supervisorTimersNeedStceAndTm() {
        expect(Cause.ILLEGAL_INSTRUCTION, Hart.MODE_S, Csr.STIMECMP, false);
        bench.poke(Csr.MENVCFG, ENV_STCE);
        expect(Cause.ILLEGAL_INSTRUCTION, Hart.MODE_S, Csr.STIMECMP, false);
        bench.poke(Csr.MCOUNTEREN, 2);
        expect(null, Hart.MODE_S, Csr.STIMECMP, false);
        expect(null, Hart.MODE_S, Csr.VSTIMECMP, false);
        expect(Cause.VIRTUAL_INSTRUCTION, VS, Csr.STIMECMP, false);
        bench.poke(Csr.HENVCFG, ENV_STCE);
        bench.poke(Csr.HCOUNTEREN, 2);
        expect(null, VS, Csr.STIMECMP, true);
        assertEquals(-1L, bench.peek(Csr.VSTIMECMP));
    }

    @Test
    void supervisorRegistersAreTheGuestsUnderV() {
        bench.mode(VS);
        bench.write(Csr.SSCRATCH, 5);
        bench.write(Csr.STVEC, 0x8000_0003L);
        bench.write(Csr.SEPC, 0x1235);
        assertNull(bench.fault());
        assertEquals(5, bench.peek(Csr.VSSCRATCH));
        assertEquals(0, bench.peek(Csr.SSCRATCH));
        assertEquals(0x8000_0001L, bench.peek(Csr.VSTVEC));
        assertEquals(0x1234, bench.peek(Csr.VSEPC));
    }

    @Test
    void statusViewsAgree() {
        bench.poke(Csr.MSTATUS, -1L);
        long mstatus = bench.peek(Csr.MSTATUS);
        assertEquals(0xC0_007E_79AAL & ~0 | UXL_64 | SXL_64 | SD, mstatus);
        assertEquals(0x8000_0002_000C_6122L, bench.peek(Csr.SSTATUS));
        bench.poke(Csr.MSTATUS, 2L << MPP_SHIFT);
        assertEquals(3, bench.peek(Csr.MSTATUS) >>> MPP_SHIFT & 3, "MPP 2 is reserved and keeps the old value");
        bench.poke(Csr.SSTATUS, 0);
        assertEquals(0, bench.peek(Csr.MSTATUS) & (SIE | SUM | SD));
    }

    @Test
    void interruptViewsFollowDelegation() {
        bench.poke(Csr.MIE, -1L);
        assertEquals(0x3EEE, bench.peek(Csr.MIE));
        assertEquals(0, bench.peek(Csr.SIE));
        assertEquals(0x1444, bench.peek(Csr.HIE));
        assertEquals(0x1444, bench.peek(Csr.MIDELEG));
        bench.poke(Csr.MIDELEG, -1L);
        assertEquals(0x3666, bench.peek(Csr.MIDELEG));
        assertEquals(0x2222, bench.peek(Csr.SIE));
        assertEquals(0, bench.peek(Csr.VSIE));
        bench.poke(Csr.HIDELEG, -1L);
        assertEquals(0x2444, bench.peek(Csr.HIDELEG), "Shlcofideleg: LCOFI too");
        assertEquals(0x2222, bench.peek(Csr.VSIE));
        bench.poke(Csr.SIE, 0);
        assertEquals(0x1CCC, bench.peek(Csr.MIE));
        bench.poke(Csr.VSIE, 0x20);
        assertEquals(0x18C8 & ~0x400 | 0x40 | 0x1000, bench.peek(Csr.MIE));
    }

    @Test
    void pendingBitsFollowTheirSources() {
        bench.poke(Csr.MIDELEG, 0x222);
        bench.poke(Csr.MIP, -1L);
        assertEquals(SSIP | STIP | SEIP | VSSIP | LCOFIP, bench.peek(Csr.MIP));
        bench.poke(Csr.SIP, 0);
        assertEquals(STIP | SEIP | VSSIP | LCOFIP, bench.peek(Csr.MIP), "LCOFIP is not delegated");
        bench.poke(Csr.MIDELEG, 0x2222);
        bench.poke(Csr.SIP, 0);
        assertEquals(STIP | SEIP | VSSIP, bench.peek(Csr.MIP), "SSIP and LCOFIP are writable in sip");
        bench.poke(Csr.MIDELEG, 0x222);
        bench.poke(Csr.HVIP, -1L);
        assertEquals(0x444, bench.peek(Csr.HIP));
        bench.poke(Csr.HIDELEG, 0x444);
        assertEquals(0x222, bench.peek(Csr.VSIP));
        bench.poke(Csr.VSIP, 0);
        assertEquals(0x440, bench.peek(Csr.HVIP));
        bench.unit.setLine(SEIP, true);
        bench.poke(Csr.MIP, 0);
        assertEquals(SEIP | VSTIP | VSEIP, bench.peek(Csr.MIP));
        // priv 3.1.9: csrrs of another bit must not make the wire's SEIP a software bit.
        bench.mode(Hart.MODE_M);
        bench.router.csr(bench.hart, Csr.MIP.number, 2, SSIP, true, true);
        bench.unit.setLine(SEIP, false);
        assertEquals(SSIP | VSTIP | VSEIP, bench.peek(Csr.MIP));
    }

    @Test
    void stimecmpDrivesStipAndTheGuestsWithItsOffset() {
        bench.poke(Csr.MENVCFG, ENV_STCE);
        bench.poke(Csr.HENVCFG, ENV_STCE);
        bench.poke(Csr.STIMECMP, 100);
        bench.poke(Csr.HTIMEDELTA, -50);
        bench.poke(Csr.VSTIMECMP, 70);
        bench.poke(Csr.MIE, STIP | VSTIP);
        // A tick is 10 cycles here.
        assertEquals(1000, bench.unit.timerCycle());
        bench.hart.cycle = 999;
        assertEquals(0, bench.peek(Csr.MIP) & STIP);
        bench.hart.cycle = 1000;
        assertEquals(STIP, bench.peek(Csr.MIP) & (STIP | VSTIP));
        assertEquals(1200, bench.unit.timerCycle());
        bench.hart.cycle = 1200;
        assertEquals(STIP | VSTIP, bench.peek(Csr.MIP) & (STIP | VSTIP));
        assertEquals(Long.MAX_VALUE, bench.unit.timerCycle());
        bench.poke(Csr.STIMECMP, -1L);
        assertEquals(VSTIP, bench.peek(Csr.MIP) & (STIP | VSTIP));
        assertEquals(Long.MAX_VALUE, bench.unit.timerCycle());
    }

    @Test
    void translationRegistersIgnoreUnknownModes() {
        bench.poke(Csr.SATP, 8L << 60 | 5);
        bench.poke(Csr.SATP, 1L << 60 | 9);
        assertEquals(8L << 60 | 5, bench.peek(Csr.SATP));
        bench.poke(Csr.HGATP, 9L << 60 | 7);
        assertEquals(9L << 60 | 4, bench.peek(Csr.HGATP));
        long generation = bench.hart.translationGeneration;
        bench.poke(Csr.VSATP, 10L << 60);
        assertEquals(generation, bench.hart.translationGeneration, "another space, but nothing is dropped");
    }

    @Test
    void countersCountFromWhatWasWritten() {
        bench.hart.cycle = 500;
        bench.hart.instret = 300;
        bench.write(Csr.MINSTRET, 1000);
        bench.write(Csr.MCYCLE, 2000);
        // The writing instruction itself is then counted by the engine.
        bench.hart.cycle++;
        bench.hart.instret++;
        assertEquals(1000, bench.read(Csr.MINSTRET));
        assertEquals(2000, bench.read(Csr.MCYCLE));
        bench.write(Csr.MCOUNTINHIBIT, 4);
        bench.hart.cycle += 10;
        bench.hart.instret += 10;
        assertEquals(1000, bench.read(Csr.MINSTRET));
        assertEquals(2010, bench.read(Csr.MCYCLE));
        bench.write(Csr.MCOUNTINHIBIT, 0);
        bench.hart.instret += 3;
        assertEquals(1002, bench.read(Csr.MINSTRET));
        assertEquals(314, bench.hart.instret, "the hart's own count is a coordinate of faults and does not move");
    }

    @Test
    void floatingPointRegistersNeedFsOfBothLevels() {
        expect(Cause.ILLEGAL_INSTRUCTION, Hart.MODE_M, Csr.FCSR, false);
        bench.poke(Csr.MSTATUS, 1L << 13);
        expect(null, Hart.MODE_M, Csr.FCSR, false);
        expect(Cause.ILLEGAL_INSTRUCTION, VS, Csr.FRM, false);
        bench.poke(Csr.VSSTATUS, 1L << 13);
        expect(null, VS, Csr.FRM, true);
        assertEquals(7, bench.hart.fcsr >>> 5);
        assertEquals(FS, bench.peek(Csr.VSSTATUS) & FS);
        assertEquals(FS, bench.peek(Csr.MSTATUS) & FS);
    }

    @Test
    void environmentOfGuestsIsLimitedByTheMachines() {
        bench.poke(Csr.MENVCFG, 0);
        bench.poke(Csr.HENVCFG, -1L);
        assertEquals(0xF1, bench.peek(Csr.HENVCFG));
        bench.poke(Csr.MENVCFG, -1L);
        assertEquals(ENV_STCE | ENV_PBMTE | ENV_ADUE | 0xF1, bench.peek(Csr.HENVCFG));
        bench.poke(Csr.MENVCFG, 2L << 4);
        assertEquals(3L << 4, bench.peek(Csr.MENVCFG) & 3L << 4, "CBIE 2 is reserved and keeps the old value");
    }
}
