package calvin.machine.hart;

import static calvin.machine.hart.Bench.RAM;
import static calvin.machine.hart.Bench.VS;
import static calvin.machine.hart.Bench.VU;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.machine.hosted.HartPort;
import calvin.machine.hosted.HostedKernel;
import calvin.machine.hosted.HostedVector;
import calvin.machine.hosted.Resume;
import calvin.machine.isa.Assembler;
import calvin.machine.isa.Cause;
import calvin.machine.isa.Csr;
import calvin.machine.mmu.Access;
import calvin.sim.check.BugException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Kernels of lambdas at M, HS and VS level, and how they reach each other. */
class HostedUnitTest {
    private static final int GUEST = 2;
    private static final long ROOT = RAM + 0x10_0000;

    private final Bench bench = new Bench();
    private final Hart hart = bench.hart;
    private final List<String> log = new ArrayList<>();
    private final Scripted firmware = new Scripted("firmware");
    private final Scripted hypervisor = new Scripted("hypervisor");
    private final Scripted guest = new Scripted("guest");
    private final HostedUnit hosted = new HostedUnit(bench.unit, List.of(firmware, hypervisor, guest), bench.memory,
            bench.bus, bench);

    private static final class Scripted implements HostedKernel {
        private final String name;
        Function<HartPort, Resume> onTrap = port -> Resume.PANIC;

        Scripted(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public Resume boot(HartPort port) {
            return onTrap.apply(port);
        }

        @Override
        public Resume trap(HartPort port) {
            return onTrap.apply(port);
        }
    }

    /** A guest of the hypervisor whose first GiB of guest-physical memory is RAM's. */
    @BeforeEach
    void worlds() {
        bench.poke(Csr.MTVEC, HostedVector.of(0, HostedVector.TRAP));
        bench.poke(Csr.STVEC, HostedVector.of(1, HostedVector.TRAP));
        bench.poke(Csr.VSTVEC, HostedVector.of(GUEST, HostedVector.TRAP));
        bench.poke(Csr.MEDELEG, 0xF0_B5FFL);
        bench.poke(Csr.HEDELEG, 0x100);
        bench.poke(Csr.HGATP, 8L << 60 | ROOT >>> 12);
        bench.memory.u64(ROOT, RAM >>> 12 << 10 | 0xDF);
        bench.poke(Csr.MCOUNTEREN, 7);
        hart.x[10] = 1010;
        hart.x[17] = 1717;
        hart.pc = 0x4000;
        bench.mode(VU);
    }

    /** A user-mode ECALL of the guest, which its kernel handles. */
    private void call(Function<HartPort, Resume> handler) {
        guest.onTrap = handler;
        bench.unit.system().ecall();
        bench.unit.takeException();
        assertEquals(VS, hart.mode);
        hosted.dispatch();
    }

    private static Resume skip(HartPort port) {
        port.csr(Csr.SEPC.number, port.csr(Csr.SEPC.number) + 4);
        return Resume.RETURN;
    }

    @Test
    void aNativeKernelReturnsToItsTask() {
        bench.mode(Hart.MODE_U);
        bench.unit.system().ecall();
        bench.unit.takeException();
        hypervisor.onTrap = port -> {
            assertEquals(8, port.csr(Csr.SCAUSE.number));
            assertFalse(port.virtual());
            assertEquals(7, port.node());
            port.x(10, port.x(17) + 1);
            port.x(0, 99);
            return skip(port);
        };
        long before = hart.cycle;
        hosted.dispatch();
        assertEquals(Hart.MODE_U, hart.mode);
        assertEquals(0x4004, hart.pc);
        assertEquals(1718, hart.x[10]);
        assertEquals(0, hart.x[0]);
        CostTable costs = CostTable.DEFAULT;
        assertEquals(costs.hostedEntry() + 3 * costs.csrAccess(), hart.cycle - before);
    }

    @Test
    void theSameCallsMeanTheGuestsRegistersAndMemoryUnderV() {
        bench.memory.u64(RAM + 0x2000, 42);
        call(port -> {
            assertTrue(port.virtual());
            assertEquals(42, port.physical().u64(0x2000));
            port.physical().u32(0x2004, 7);
            port.csr(Csr.SSCRATCH.number, 5);
            assertFalse(port.badAccess());
            return skip(port);
        });
        assertEquals(7L << 32 | 42, bench.memory.u64(RAM + 0x2000));
        assertEquals(5, bench.peek(Csr.VSSCRATCH));
        assertEquals(0x4004, hart.pc);
        assertEquals(VU, hart.mode);
    }

    @Test
    void theHypervisorEmulatesAnAccessBeforeItReturns() {
        hypervisor.onTrap = port -> {
            long scause = port.csr(Csr.SCAUSE.number);
            long instruction = port.csr(Csr.HTINST.number);
            log.add(Cause.of(scause) + " " + Long.toHexString(port.csr(Csr.HTVAL.number) << 2) + " " + instruction);
            assertEquals(Status.H_SPV | Status.H_SPVP | Status.H_GVA,
                    port.csr(Csr.HSTATUS.number) & (Status.H_SPV | Status.H_SPVP | Status.H_GVA));
            if (scause == Cause.LOAD_GUEST_PAGE_FAULT.code) {
                port.x(10, 0xFFFF_FFFF_8000_0055L);
            } else {
                log.add("stored " + port.x(10));
            }
            return skip(port);
        };
        call(port -> {
            assertEquals(0x8000_0055L, port.physical().u32(0x5000_0000L));
            port.physical().u16(0x5000_0004L, 77);
            assertEquals(1010, port.x(10));
            return skip(port);
        });
        long load = Assembler.assemble("lwu x10, 0(x0)") & 0xFFFF_FFFFL;
        long store = Assembler.assemble("sh x10, 0(x0)") & 0xFFFF_FFFFL;
        assertEquals(List.of("LOAD_GUEST_PAGE_FAULT 50000000 " + load, "STORE_GUEST_PAGE_FAULT 50000004 " + store,
                "stored 77"), log);
        assertEquals(1010, hart.x[10]);
        assertEquals(0x4004, hart.pc);
        assertEquals(VU, hart.mode);
    }

    @Test
    void aPageTheHypervisorMapsIsAccessedAgain() {
        hypervisor.onTrap = port -> {
            log.add("fault");
            port.physical().u64(ROOT + 8, RAM >>> 12 << 10 | 0xDF);
            port.hfence();
            return Resume.RETURN;
        };
        call(port -> {
            port.physical().u64(0x4000_3000L, 5);
            return skip(port);
        });
        assertEquals(List.of("fault"), log);
        assertEquals(5, bench.memory.u64(RAM + 0x3000));
    }

    @Test
    void aHandlerThatNeverHelpsMakesABadAccess() {
        hypervisor.onTrap = port -> Resume.RETURN;
        call(port -> {
            assertEquals(0, port.physical().u64(0x5000_0000L));
            assertTrue(port.badAccess());
            assertFalse(port.badAccess());
            return skip(port);
        });
        assertEquals(VU, hart.mode);
    }

    @Test
    void callsOfTheGuestKernelReachTheHypervisor() {
        hypervisor.onTrap = port -> {
            assertEquals(10, port.csr(Csr.SCAUSE.number));
            log.add(port.x(17) + "/" + port.x(16) + " " + port.x(10) + " " + port.x(13));
            port.x(10, -3);
            port.x(11, 99);
            return skip(port);
        };
        call(port -> {
            assertEquals(-3, port.ecall(0x10, 3, 1, 2, 3, 4));
            assertEquals(99, port.sbiValue());
            assertEquals(1010, port.x(10));
            assertEquals(1717, port.x(17));
            return skip(port);
        });
        assertEquals(List.of("16/3 1 4"), log);
    }

    @Test
    void callsOfTheHypervisorReachTheFirmware() {
        bench.mode(Hart.MODE_U);
        firmware.onTrap = port -> {
            assertEquals(9, port.csr(Csr.MCAUSE.number));
            port.csr(Csr.MEPC.number, port.csr(Csr.MEPC.number) + 4);
            port.x(10, 0);
            port.x(11, port.x(10) + 5);
            return Resume.RETURN;
        };
        hypervisor.onTrap = port -> {
            assertEquals(0, port.ecall(1, 2, 3, 4, 5, 6));
            log.add("value " + port.sbiValue());
            return skip(port);
        };
        bench.unit.system().ecall();
        bench.unit.takeException();
        hosted.dispatch();
        assertEquals(List.of("value 5"), log);
        assertEquals(Hart.MODE_U, hart.mode);
    }

    @Test
    void trappedRegistersLookLikeTheirInstructions() {
        bench.poke(Csr.HSTATUS, Status.H_VTVM);
        hypervisor.onTrap = port -> {
            assertEquals(22, port.csr(Csr.SCAUSE.number));
            log.add(Long.toHexString(port.csr(Csr.STVAL.number)) + " " + port.x(10));
            port.x(10, 66);
            return skip(port);
        };
        call(port -> {
            port.csr(Csr.SATP.number, 44);
            assertEquals(66, port.csr(Csr.SATP.number));
            return skip(port);
        });
        assertEquals(List.of(Integer.toHexString(Assembler.assemble("csrrw x0, satp, x10")) + " 44",
                Integer.toHexString(Assembler.assemble("csrrs x10, satp, x0")) + " 0"),
                log.stream().map(line -> line.replace(" 1010", " 0")).toList());
        assertEquals(1010, hart.x[10]);
    }

    @Test
    void aStoppedGuestsEntryIsUnwound() {
        hypervisor.onTrap = port -> Resume.IDLE;
        call(port -> {
            port.physical().u64(0x5000_0000L);
            log.add("not reached");
            return skip(port);
        });
        assertEquals(List.of(), log);
        assertTrue(hart.waiting);
        assertEquals(Hart.MODE_S, hart.mode);
        assertEquals(HostedVector.of(1, HostedVector.IDLE), hart.pc);
        // The ports are free again.
        bench.unit.wake(0);
        hart.pc = 0x4000;
        bench.mode(VU);
        call(HostedUnitTest::skip);
        assertEquals(0x4004, hart.pc);
    }

    @Test
    void anotherGuestInsteadOfTheInterruptedOneUnwindsToo() {
        hypervisor.onTrap = port -> {
            port.csr(Csr.HGATP.number, 0);
            return Resume.RETURN;
        };
        call(port -> {
            port.physical().u64(0x5000_0000L);
            log.add("not reached");
            return Resume.RETURN;
        });
        assertEquals(List.of(), log);
        assertEquals(VS, hart.mode);
    }

    @Test
    void aTrapToGuestCodeIsAPanicOfTheMachine() {
        bench.poke(Csr.STVEC, 0x8000_0000L);
        call(port -> {
            port.physical().u64(0x5000_0000L);
            return skip(port);
        });
        assertEquals(1, bench.services.size());
        assertTrue(bench.services.getFirst()
                .startsWith("panic a hosted kernel's access trapped (LOAD_GUEST_PAGE_FAULT)"));
    }

    @Test
    void userMemoryGoesThroughBothStages() {
        // vsatp: one leaf of 2 MiB at va 0x200000 for user pages, tables at guest-physical 0x7000 and 0x8000.
        bench.memory.u64(RAM + 0x7000, 0x8L << 10 | 1);
        bench.memory.u64(RAM + 0x8000 + 8, 0L << 10 | 0x57);
        bench.poke(Csr.VSATP, 8L << 60 | 7);
        bench.memory.u64(RAM + 0x9100, 0x1122_3344_5566_7788L);
        call(port -> {
            assertEquals(0x9100, port.translateUser(0x20_9100, Access.READ));
            assertEquals(-1, port.translateUser(0x40_0000, Access.READ));
            assertEquals(-1, port.translateUser(0x20_0000, Access.EXECUTE));
            byte[] bytes = new byte[8200];
            assertTrue(port.copyFromUser(0x20_9100, bytes, 0, 8200));
            assertEquals((byte) 0x88, bytes[0]);
            bytes[0] = 1;
            assertTrue(port.copyToUser(0x20_9FFF, bytes, 0, 2));
            assertFalse(port.copyToUser(0x3F_FFFF, bytes, 0, 2), "the second byte is not mapped");
            return skip(port);
        });
        assertEquals(0x7701, bench.memory.u16(RAM + 0x9FFF));
        assertEquals(0xD7, bench.memory.u64(RAM + 0x8008) & 0xFF, "accessed and dirty");
    }

    @Test
    void aHypervisorReadsItsGuestsMemory() {
        bench.mode(Hart.MODE_S);
        hart.pc = HostedVector.of(1, HostedVector.BOOT);
        bench.poke(Csr.HSTATUS, Status.H_SPVP);
        bench.memory.u32(RAM + 0x100, 0x8000_0013L);
        bench.poke(Csr.SEPC, 0x5000);
        hypervisor.onTrap = port -> {
            assertEquals(0x8000_0013L, port.guestLoad(0x100, 2));
            port.guestStore(0x104, 0, 255);
            assertFalse(port.badAccess());
            port.guestLoad(0x5000_0000L, 3);
            assertTrue(port.badAccess());
            return Resume.RETURN;
        };
        hosted.dispatch();
        assertEquals(255, bench.memory.u8(RAM + 0x104));
        assertEquals(-1, hart.trapCause);
    }

    @Test
    void anInterruptEndsIdling() {
        bench.mode(Hart.MODE_S);
        hart.pc = HostedVector.of(1, HostedVector.BOOT);
        bench.poke(Csr.MIDELEG, -1L);
        hypervisor.onTrap = port -> {
            port.csr(Csr.SIE.number, Status.SSIP);
            return Resume.IDLE;
        };
        hosted.dispatch();
        assertTrue(hart.waiting);
        bench.unit.setLine(Status.MTIP, true);
        assertTrue(hart.waiting, "MTIE is clear");
        bench.nowPs = 5_000_000;
        bench.unit.setLine(Status.SSIP, true);
        assertFalse(hart.waiting);
        assertEquals(5000, hart.cycle);
        bench.unit.takeInterrupt(bench.unit.deliverableInterrupt());
        assertEquals(HostedVector.of(1, HostedVector.TRAP), hart.pc);
        assertEquals(HostedVector.of(1, HostedVector.IDLE), bench.peek(Csr.SEPC));
    }

    @Test
    void onlyTheFirmwareRunsInMachineModeAndNobodyInUserMode() {
        int[][] refused = {{Hart.MODE_U, 1}, {Hart.MODE_S, 0}, {VS, 0}, {Hart.MODE_M, 1}, {VU, GUEST},
            {Hart.MODE_S, 9}};
        for (int[] one : refused) {
            bench.mode(one[0]);
            hart.pc = HostedVector.of(one[1], HostedVector.BOOT);
            hosted.dispatch();
            assertEquals(Cause.INSTRUCTION_ACCESS_FAULT, bench.fault(), "mode " + one[0] + " kernel " + one[1]);
        }
    }

    @Test
    void aCsrThatIsNotThereIsABugOfTheKernel() {
        guest.onTrap = port -> {
            port.csr(Csr.MSTATUS.number);
            return Resume.RETURN;
        };
        bench.unit.system().ecall();
        bench.unit.takeException();
        assertThrows(BugException.class, hosted::dispatch);
    }

    @Test
    void panicAndHaltEndWhatTheyName() {
        call(port -> {
            port.panic("the run queue has a loop");
            return Resume.PANIC;
        });
        assertEquals(List.of("panic guest: the run queue has a loop"), bench.services);
        hart.pc = 0x4000;
        bench.mode(VU);
        call(port -> {
            port.taskEnded(3, 1);
            return Resume.HALT;
        });
        assertEquals("ended " + (HartPort.GUEST_TASK | 3) + " 1", bench.services.get(1));
        assertTrue(bench.unit.halted());
        bench.unit.setLine(Status.MSIP, true);
        assertTrue(hart.waiting);
    }
}
