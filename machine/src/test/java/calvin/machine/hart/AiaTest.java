package calvin.machine.hart;

import static calvin.machine.hart.Bench.VS;
import static calvin.machine.hart.Bench.VU;
import static calvin.machine.hart.Status.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.machine.isa.Cause;
import calvin.machine.isa.Csr;
import calvin.sim.state.Snapshot;
import java.util.List;
import org.junit.jupiter.api.Test;

/** aia 2, 5 and 6 beyond what the program of AiaProgramTest shows: virtual interrupts, their priorities and traps. */
class AiaTest {
    private static final int GUESTS = 3;
    private static final long MACHINE_VECTOR = Bench.RAM + 0x100;
    private static final long SUPERVISOR_VECTOR = Bench.RAM + 0x200;
    private static final long GUEST_VECTOR = Bench.RAM + 0x300;
    private final Bench bench = new Bench();
    private final Files files = new Files();

    /** What the hart asks of its IMSIC, without one. */
    private static final class Files implements InterruptFiles {
        final int[] top = new int[2 + GUESTS];

        @Override
        public int guests() {
            return GUESTS;
        }

        @Override
        public long read(int file, int register) {
            return 100L * file + register;
        }

        @Override
        public void write(int file, int register, long contents) {
            top[file] = (int) contents;
        }

        @Override
        public int top(int file) {
            return top[file];
        }

        @Override
        public void claim(int file) {
            top[file] = 0;
        }
    }

    AiaTest() {
        bench.unit.attach(files);
        bench.poke(Csr.MTVEC, MACHINE_VECTOR);
        bench.poke(Csr.STVEC, SUPERVISOR_VECTOR);
        bench.poke(Csr.VSTVEC, GUEST_VECTOR);
    }

    private static long top(int identity, int priority) {
        return (long) identity << 16 | priority;
    }

    /** Where the interrupt that is due in a mode goes, and its code; empty when none is. */
    private List<Long> taken(int mode) {
        bench.mode(mode);
        bench.hart.pc = Bench.RAM;
        int due = bench.unit.deliverableInterrupt();
        if (due < 0) {
            return List.of();
        }
        bench.unit.takeInterrupt(due);
        Csr cause = bench.hart.mode == Hart.MODE_M
                ? Csr.MCAUSE
                : bench.hart.mode == Hart.MODE_S
                        ? Csr.SCAUSE
                        : Csr.VSCAUSE;
        return List.of(bench.hart.pc, bench.peek(cause) & ~Cause.INTERRUPT_BIT);
    }

    @Test
    void withoutInterruptFilesThereIsNothingOfIt() {
        Bench plain = new Bench();
        for (Csr csr : new Csr[]{Csr.MTOPI, Csr.MVIEN, Csr.MTOPEI, Csr.STOPI, Csr.HVICTL, Csr.VSTOPI, Csr.VSTOPEI}) {
            plain.read(csr);
            assertEquals(Cause.ILLEGAL_INSTRUCTION, plain.fault(), csr.name());
        }
        plain.write(Csr.MISELECT, 0x30);
        plain.read(Csr.MIREG);
        assertEquals(Cause.ILLEGAL_INSTRUCTION, plain.fault());
        plain.poke(Csr.HSTATUS, -1L);
        plain.poke(Csr.HGEIE, -1L);
        assertEquals(0, plain.peek(Csr.HSTATUS) & Csr.HSTATUS_VGEIN);
        assertEquals(0, plain.peek(Csr.HGEIE));
    }

    @Test
    void aVirtualInterruptOfSupervisorLevelNeedsNoRealOne() {
        long local = 1L << 20;
        bench.poke(Csr.MVIP, local);
        assertEquals(0, bench.peek(Csr.SIP), "mvien hides it");
        bench.poke(Csr.MVIEN, local);
        assertEquals(local, bench.peek(Csr.SIP));
        assertEquals(0, bench.peek(Csr.MIP));
        bench.poke(Csr.SIE, -1L);
        assertEquals(local, bench.peek(Csr.SIE), "nothing else is delegated");
        assertEquals(0, bench.peek(Csr.MIE));
        assertEquals(top(20, 0), bench.peek(Csr.STOPI), "before external ones by default");
        assertEquals(0, bench.peek(Csr.MTOPI));
        assertEquals(List.of(), taken(Hart.MODE_M));
        assertEquals(List.of(), taken(Hart.MODE_S), "SIE is 0");
        assertEquals(List.of(SUPERVISOR_VECTOR, 20L), taken(Hart.MODE_U));
        assertEquals(List.of(SUPERVISOR_VECTOR, 20L), taken(VU));
        bench.poke(Csr.SIP, 0);
        assertEquals(0, bench.peek(Csr.MVIP), "sip is mvip here, and can be written");
        assertEquals(List.of(), taken(Hart.MODE_U));
    }

    @Test
    void realAndVirtualSoftwareInterruptsAreApartWhereMvienSaysSo() {
        bench.poke(Csr.MIP, SSIP);
        assertEquals(SSIP, bench.peek(Csr.MVIP), "one bit");
        bench.poke(Csr.MVIEN, SSIP);
        bench.poke(Csr.MVIP, 0);
        assertEquals(SSIP, bench.peek(Csr.MIP));
        bench.poke(Csr.MVIP, SSIP);
        bench.poke(Csr.MIP, 0);
        assertEquals(SSIP, bench.peek(Csr.MVIP));
        assertEquals(SSIP, bench.peek(Csr.SIP));
        bench.poke(Csr.MVIEN, 0);
        bench.poke(Csr.MVIP, STIP);
        assertEquals(STIP, bench.peek(Csr.MIP), "the timer's bit while mip's is writable");
        bench.poke(Csr.MENVCFG, ENV_STCE);
        bench.poke(Csr.MVIP, 0);
        assertEquals(0, bench.peek(Csr.MVIP), "and not with Sstc");
    }

    @Test
    void softwaresExternalInterruptMovesToMvip() {
        bench.poke(Csr.MIP, SEIP);
        assertEquals(SEIP, bench.peek(Csr.MVIP));
        bench.poke(Csr.MVIEN, SEIP);
        assertEquals(0, bench.peek(Csr.MIP), "mip has only the controller's wire");
        assertEquals(SEIP, bench.peek(Csr.MVIP), "and mvip what it had");
        bench.poke(Csr.MIP, 0);
        assertEquals(SEIP, bench.peek(Csr.MVIP));
        bench.unit.setLine(SEIP, true);
        bench.poke(Csr.MIE, SEIP);
        files.top[InterruptFiles.SUPERVISOR] = 77;
        assertEquals(top(9, 255), bench.peek(Csr.MTOPI), "M level filters the wire");
        assertEquals(List.of(MACHINE_VECTOR, 9L), taken(Hart.MODE_S));
    }

    @Test
    void interruptsGoOnToTheGuestByHidelegOrComeFromHvip() {
        long first = 1L << 20;
        long second = 1L << 30;
        bench.poke(Csr.HIDELEG, first);
        assertEquals(0, bench.peek(Csr.HIDELEG), "S level does not have it");
        bench.poke(Csr.MVIEN, first);
        bench.poke(Csr.HIDELEG, first);
        bench.poke(Csr.MVIP, first);
        bench.poke(Csr.HVIEN, second);
        bench.poke(Csr.HVIP, second);
        assertEquals(first | second, bench.peek(Csr.VSIP));
        bench.poke(Csr.VSIE, first | second | 1L << 40);
        assertEquals(first | second, bench.peek(Csr.VSIE));
        assertEquals(first, bench.peek(Csr.SIE), "an alias where delegated");
        assertEquals(0, bench.peek(Csr.STOPI), "not S level's any more");
        bench.poke(Csr.HVICTL, 1 << 8);
        assertEquals(top(20, 0), bench.peek(Csr.VSTOPI));
        assertEquals(List.of(), taken(Hart.MODE_S));
        assertEquals(List.of(), taken(VS), "vsstatus.SIE is 0");
        assertEquals(List.of(GUEST_VECTOR, 20L), taken(VU));
        bench.poke(Csr.HVIPRIO2, 9L << 32);
        assertEquals(top(20, 9), bench.peek(Csr.VSTOPI), "before 30, which comes last by default");
        bench.poke(Csr.VSIP, second);
        assertEquals(0, bench.peek(Csr.MVIP), "the guest clears its own bits");
        assertEquals(top(30, 255), bench.peek(Csr.VSTOPI));
        bench.poke(Csr.VSIP, 0);
        assertEquals(0, bench.peek(Csr.HVIP));
    }

    @Test
    void theDefaultOrderIsThatOfTheTable() {
        int[] order = {47, 23, 46, 45, 22, 44, 43, 21, 42, 41, 20, 40, 9, 1, 13, 39, 19, 38, 37, 18, 36, 35, 17, 34, 33,
            16, 32};
        long all = 0;
        for (int code : order) {
            all |= 1L << code;
        }
        bench.poke(Csr.MVIEN, all & ~(1L << 13));
        bench.poke(Csr.MIDELEG, 1L << 13);
        bench.poke(Csr.MIP, 1L << 13);
        bench.poke(Csr.SIE, -1L);
        bench.poke(Csr.MVIP, all);
        for (int code : order) {
            assertEquals(code, bench.peek(Csr.STOPI) >>> 16);
            bench.poke(Csr.MVIP, bench.peek(Csr.MVIP) & ~(1L << code));
            if (code == 13) {
                bench.poke(Csr.MIP, 0);
            }
        }
        assertEquals(0, bench.peek(Csr.STOPI));
    }

    @Test
    void prioritiesExistForWhatCanBeEnabled() {
        bench.poke(Csr.SISELECT, 0x30);
        bench.write(Csr.SIREG, -1L);
        assertEquals(0x00FF_0000_00FF_0000L, bench.read(Csr.SIREG), "VSSI and VSTI only");
        bench.poke(Csr.MIDELEG, -1L);
        assertEquals(0x00FF_0000_00FF_0000L, bench.read(Csr.SIREG), "what was not there is not kept");
        bench.write(Csr.SIREG, -1L);
        assertEquals(0x00FF_FF00_00FF_FF00L, bench.read(Csr.SIREG), "SSI and STI too");
        bench.poke(Csr.SISELECT, 0x32);
        bench.write(Csr.SIREG, -1L);
        assertEquals(0x0000_FFFF_00FF_0000L, bench.read(Csr.SIREG), "VSEI, SGEI, LCOFI; not SEI");
        bench.poke(Csr.SISELECT, 0x3E);
        bench.poke(Csr.MVIEN, 1L << 56);
        bench.write(Csr.SIREG, -1L);
        assertEquals(0xFF, bench.read(Csr.SIREG));
        bench.poke(Csr.MISELECT, 0x32);
        bench.write(Csr.MIREG, -1L);
        assertEquals(0xFF00_0000_FF00L, bench.read(Csr.MIREG), "SEI and LCOFI; not MEI");
    }

    @Test
    void aGuestHasTheFileThatVgeinNames() {
        bench.poke(Csr.HGEIE, -1L);
        assertEquals(0b1110, bench.peek(Csr.HGEIE));
        bench.poke(Csr.HSTATUS, 3L << 12);
        bench.poke(Csr.HSTATUS, 4L << 12);
        assertEquals(3L << 12, bench.peek(Csr.HSTATUS) & Csr.HSTATUS_VGEIN, "there is no fourth");
        bench.unit.guestLine(3).set(true);
        bench.unit.guestLine(1).set(true);
        assertEquals(0b1010, bench.peek(Csr.HGEIP));
        assertEquals(VSEIP | SGEIP, bench.peek(Csr.HIP));
        bench.poke(Csr.HGEIE, 0b0100);
        assertEquals(VSEIP, bench.peek(Csr.HIP));
        files.top[InterruptFiles.guest(3)] = 300;
        bench.poke(Csr.HIDELEG, VSEIP);
        bench.poke(Csr.VSIE, SEIP);
        bench.poke(Csr.HVICTL, 1 << 8);
        assertEquals(top(9, 255), bench.peek(Csr.VSTOPI));
        assertEquals(300L << 16 | 300, bench.peek(Csr.VSTOPEI));
        bench.poke(Csr.VSISELECT, 0x70);
        bench.mode(VS);
        assertEquals(100L * InterruptFiles.guest(3) + 0x70, bench.read(Csr.SIREG));
        assertEquals(300L << 16 | 300, bench.read(Csr.STOPEI));
        bench.write(Csr.STOPEI, 0);
        assertEquals(0, files.top[InterruptFiles.guest(3)], "claimed");
        assertEquals(List.of(GUEST_VECTOR, 9L), taken(VU));
    }

    @Test
    void waitingEndsForVirtualInterruptsToo() {
        bench.mode(Hart.MODE_M);
        bench.router.wfi(bench.hart);
        assertTrue(bench.hart.waiting);
        bench.poke(Csr.HVICTL, 1L << 30 | 50L << 16);
        assertFalse(bench.hart.waiting, "vstopi is not zero");
        assertEquals(List.of(GUEST_VECTOR, 50L), taken(VU));
    }

    @Test
    void hvictlDecidesByItsOwnRank() {
        bench.poke(Csr.HIDELEG, VSEIP);
        bench.poke(Csr.VSIE, SEIP);
        bench.poke(Csr.HVIP, VSEIP);
        long control = 1L << 30 | 1 << 8 | 40L << 16;
        bench.poke(Csr.HVICTL, control);
        assertEquals(top(40, 0), bench.peek(Csr.VSTOPI), "DPR 0: before external ones");
        bench.poke(Csr.HVICTL, control | 1 << 9);
        assertEquals(top(9, 255), bench.peek(Csr.VSTOPI), "DPR 1: behind, whatever the identity");
        bench.poke(Csr.HVICTL, control | 1 << 9 | 200);
        assertEquals(top(40, 200), bench.peek(Csr.VSTOPI), "200 comes before 256");
    }

    @Test
    void itsStateIsSavedAndRestored() {
        bench.poke(Csr.MVIEN, 1L << 20);
        bench.poke(Csr.MVIP, 1L << 20);
        bench.poke(Csr.SIE, 1L << 20);
        bench.poke(Csr.MISELECT, 0x30);
        bench.write(Csr.MIREG, 7L << 24);
        bench.unit.guestLine(2).set(true);
        Snapshot snapshot = Snapshot.take(List.of(bench.unit));
        bench.unit.guestLine(2).set(false);
        bench.poke(Csr.SIE, 0);
        bench.write(Csr.MIREG, 0);
        snapshot.restore(List.of(bench.unit));
        assertEquals(1L << 20, bench.peek(Csr.SIE));
        assertEquals(4, bench.peek(Csr.HGEIP));
        assertEquals(7L << 24, bench.read(Csr.MIREG));
    }
}
