package calvin.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.hypervisor.exit.ExitReason;
import calvin.hypervisor.gpa.GStage;
import calvin.hypervisor.host.After;
import calvin.hypervisor.vcpu.VcpuStruct;
import calvin.hypervisor.vcpu.WorldSwitch;
import calvin.hypervisor.vm.VmSpec;
import calvin.hypervisor.vm.VmState;
import calvin.hypervisor.vm.VmStruct;
import calvin.machine.hosted.HostedVector;
import calvin.machine.isa.Cause;
import calvin.machine.isa.Csr;
import calvin.sim.state.Memory;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class VmmTest {
    private static final long SPEC_PA = FakePort.BASE;
    private static final long FILE_PA = FakePort.BASE + 0x8000;
    private static final long WFI = 0x1050_0073L;
    private static final long SB_A0 = 0x00A0_0023L;
    private static final long LBU_A0 = 0x0000_4503L;

    private final FakePort port = new FakePort(16 << 20);
    private final FakeHost host = new FakeHost(FakePort.BASE + (1 << 20), FakePort.BASE + (16 << 20));
    private final Vmm vmm = new Vmm(host);
    private final Memory memory = port.physical();
    private long vmAt;
    private long vcpuAt;

    @BeforeEach
    void build() {
        port.time = 1000;
        memory.u64(FILE_PA, 0x1122_3344_5566_7788L);
        vmAt = create(VmSpec.TELEMETRY);
        vcpuAt = VmStruct.vcpuAt(vmAt, 0);
        vmm.launch(port, vmAt);
        vmm.enter(port, vmAt);
        port.csr(Csr.SEPC.number, 0x8020_0000L);
    }

    private long create(int flags) {
        new VmSpec("guest", 4L << 20, VmSpec.GIGAPAGE, -1, flags, new VmSpec.Guest.HostedKernel(2, 0x8020_0000L),
                List.of(new VmSpec.BootFile(FILE_PA, 8, 0x8020_0000L)), List.of(), 0).write(memory, SPEC_PA);
        return vmm.create(port, SPEC_PA, 1, 77);
    }

    private After trap(Cause cause, long stval, long gpa, long htinst) {
        port.csr(Csr.SCAUSE.number, cause.value());
        port.csr(Csr.STVAL.number, stval);
        port.csr(Csr.HTVAL.number, gpa >>> 2);
        port.csr(Csr.HTINST.number, htinst);
        return vmm.exit(port, vmAt);
    }

    private After sbi(long extension, long function, long a0, long a1) {
        port.x(17, extension);
        port.x(16, function);
        port.x(10, a0);
        port.x(11, a1);
        port.x(12, 0);
        return trap(Cause.ECALL_FROM_VS, 0, 0, 0);
    }

    private long count(ExitReason reason) {
        return VcpuStruct.COUNTS.get(memory, vcpuAt, reason.ordinal());
    }

    @Test
    void aBuiltMachineHasItsMemoryFilesAndEntry() {
        assertEquals(HostedVector.of(2, HostedVector.BOOT), VcpuStruct.BOOT_PC.get(memory, vcpuAt));
        assertEquals(0x8020_0000L, VcpuStruct.BOOT_A1.get(memory, vcpuAt));
        long pa = GStage.translate(memory, GStage.SV39X4, VmStruct.ROOT_PA.get(memory, vmAt), 0x8020_0000L);
        assertEquals(0x1122_3344_5566_7788L, memory.u64(pa));
        assertEquals(-1, GStage.translate(memory, GStage.SV39X4, VmStruct.ROOT_PA.get(memory, vmAt), 0x1000_0000L),
                "devices are hooked");
        assertEquals(VmState.RUNNING, VmStruct.state(memory, vmAt));
    }

    @Test
    void theWorldSwitchKeepsBothSides() {
        vmm.leave(port, vmAt);
        port.csr(Csr.SCOUNTEREN.number, 7);
        port.csr(Csr.SENVCFG.number, 1);
        vmm.enter(port, vmAt);
        assertEquals(-1000, port.csr(Csr.HTIMEDELTA.number), "guest time began at 0");
        assertNotEquals(0, port.csr(Csr.HSTATUS.number) & WorldSwitch.HSTATUS_SPV);
        int value = 1;
        for (Csr csr : WorldSwitch.table()) {
            port.csr(csr.number, value++);
        }
        vmm.leave(port, vmAt);
        assertEquals(7, port.csr(Csr.SCOUNTEREN.number));
        assertEquals(1, port.csr(Csr.SENVCFG.number));
        assertEquals(-1, port.csr(Csr.VSTIMECMP.number), "an absent guest's timer is off");
        assertEquals(0, port.csr(Csr.HSTATUS.number) & WorldSwitch.HSTATUS_SPV);
        vmm.enter(port, vmAt);
        value = 1;
        for (Csr csr : WorldSwitch.table()) {
            assertEquals(csr == Csr.HSTATUS ? value | WorldSwitch.HSTATUS_SPV : value, port.csr(csr.number),
                    csr.name());
            value++;
        }
        assertEquals(3, port.fences, "one fence for each entry");
    }

    @Test
    void theSerialPortIsTheHostsConsole() {
        for (char c : "hi\n".toCharArray()) {
            port.x(10, c);
            assertEquals(After.GUEST, trap(Cause.STORE_GUEST_PAGE_FAULT, 0x1000_0000L, 0x1000_0000L, SB_A0));
        }
        assertEquals("hi\n", host.console.toString());
        assertEquals(0x8020_000CL, port.csr(Csr.SEPC.number));
        assertEquals(3, count(ExitReason.MMIO_STORE));
        trap(Cause.LOAD_GUEST_PAGE_FAULT, 0x1000_0005L, 0x1000_0005L, LBU_A0);
        assertEquals(0x60, port.x(10));
        host.typed.append('x');
        trap(Cause.LOAD_GUEST_PAGE_FAULT, 0x1000_0005L, 0x1000_0005L, LBU_A0);
        assertEquals(0x61, port.x(10), "a character waits");
        trap(Cause.LOAD_GUEST_PAGE_FAULT, 0x1000_0000L, 0x1000_0000L, LBU_A0);
        assertEquals('x', port.x(10));
        assertEquals(3, count(ExitReason.MMIO_LOAD));
    }

    @Test
    void theFinisherEndsTheMachineWithItsCode() {
        port.x(10, 0x0005_3333);
        assertEquals(After.ENDED, trap(Cause.STORE_GUEST_PAGE_FAULT, 0x10_0000L, 0x10_0000L, 0x00A0_2023L));
        assertEquals(VmState.STOPPED, VmStruct.state(memory, vmAt));
        assertEquals(5, vmm.exitCode(port, vmAt));
        assertTrue(
                host.console.toString()
                        .contains("telem.1>Exit information for Core 0\ntelem.1>MMIO_STORE:Cnt=1, Avg. Time="),
                host.console.toString());
    }

    @Test
    void firmwareCallsAreAnswered() {
        assertEquals(After.GUEST, sbi(0x10, 3, 0x5449_4D45, 0));
        assertEquals(1, port.x(11), "TIME is there");
        sbi(0x10, 3, 0x1234, 0);
        assertEquals(0, port.x(11));
        sbi(0x1234, 0, 0, 0);
        assertEquals(-2, port.x(10), "NOT_SUPPORTED");
        sbi(0x48534D, 0, 1, 0x8020_0000L);
        assertEquals(-3, port.x(10), "hart 1 does not exist");
        sbi(0x48534D, 0, 0, 0x8020_0000L);
        assertEquals(-6, port.x(10), "hart 0 runs");
        sbi(0x735049, 0, 1, 0);
        assertEquals(0, port.x(10));
        assertEquals(Cause.VIRTUAL_SUPERVISOR_SOFTWARE.bit(), port.csr(Csr.HVIP.number));
        sbi(0x735049, 0, 2, 0);
        assertEquals(-3, port.x(10), "no hart 1 to interrupt");
        memory.write(VmStruct.ramPa(memory, vmAt, 0x8000_1000L, 3), "abc".getBytes(), 0, 3);
        sbi(0x4442434E, 0, 3, 0x8000_1000L);
        assertEquals(3, port.x(11));
        assertEquals("abc", host.console.toString());
        sbi(0x4442434E, 0, 3, 0x1000L);
        assertEquals(-3, port.x(10), "not guest memory");
        assertEquals(0x8020_0000L + 4 * 9, port.csr(Csr.SEPC.number));
        assertEquals(After.ENDED, sbi(0x53525354, 0, 0, 1));
        assertEquals(1, vmm.exitCode(port, vmAt));
    }

    @Test
    void waitingEndsWhenTheTimerFires() {
        sbi(0x5449_4D45, 0, 500, 0);
        port.csr(Csr.VSIE.number, 1 << 5);
        assertEquals(After.WAIT, trap(Cause.VIRTUAL_INSTRUCTION, WFI, 0, 0));
        assertEquals(1500, vmm.wakeTime(port, vmAt), "guest time 500 is host time 1500");
        assertEquals(0x8020_0008L, port.csr(Csr.SEPC.number));
        port.time = 1500;
        assertEquals(After.GUEST, trap(Cause.VIRTUAL_INSTRUCTION, WFI, 0, 0));
        port.csr(Csr.VSIE.number, 0);
        assertEquals(After.WAIT, trap(Cause.VIRTUAL_INSTRUCTION, WFI, 0, 0));
        assertEquals(-1, vmm.wakeTime(port, vmAt), "nothing will wake it");
        assertEquals(3, count(ExitReason.WAIT));
    }

    @Test
    void privilegedInstructionsAreIllegalForTheGuest() {
        port.csr(Csr.VSTVEC.number, 0x8020_1001L);
        port.csr(Csr.VSSTATUS.number, 2);
        port.csr(Csr.SSTATUS.number, 1L << 8);
        assertEquals(After.GUEST, trap(Cause.VIRTUAL_INSTRUCTION, 0x6000_2573L, 0, 0));
        assertEquals(Cause.ILLEGAL_INSTRUCTION.code, port.csr(Csr.VSCAUSE.number));
        assertEquals(0x6000_2573L, port.csr(Csr.VSTVAL.number));
        assertEquals(0x8020_0000L, port.csr(Csr.VSEPC.number));
        assertEquals(0x8020_1000L, port.csr(Csr.SEPC.number));
        assertEquals(1L << 8 | 1L << 5, port.csr(Csr.VSSTATUS.number), "SPP, SPIE; SIE is off");
    }

    @Test
    void anAddressWithNothingBehindItIsAnAccessFault() {
        assertEquals(After.GUEST, trap(Cause.LOAD_GUEST_PAGE_FAULT, 0x5000_0000L, 0x5000_0000L, LBU_A0));
        assertEquals(Cause.LOAD_ACCESS_FAULT.code, port.csr(Csr.VSCAUSE.number));
        assertEquals(0x5000_0000L, port.csr(Csr.VSTVAL.number));
        assertEquals(1, count(ExitReason.NOTHING_THERE));
    }

    @Test
    void aHostedGuestsAccessToNothingIsLeftToItsPort() {
        long pc = HostedVector.of(2, HostedVector.TRAP);
        port.csr(Csr.SEPC.number, pc);
        assertEquals(After.GUEST, trap(Cause.LOAD_GUEST_PAGE_FAULT, 0x5000_0000L, 0x5000_0000L, LBU_A0));
        assertEquals(pc, port.csr(Csr.SEPC.number));
        assertEquals(0, port.csr(Csr.VSCAUSE.number));
    }

    @Test
    void theIdleEntryOfAHostedGuestIsNotLeftByWaiting() {
        long pc = HostedVector.of(2, HostedVector.IDLE);
        port.csr(Csr.SEPC.number, pc);
        assertEquals(After.WAIT, trap(Cause.VIRTUAL_INSTRUCTION, WFI, 0, 0));
        assertEquals(pc, port.csr(Csr.SEPC.number));
    }

    @Test
    void whatCannotBeHandledEndsTheMachineInError() {
        assertEquals(After.ENDED, trap(Cause.HARDWARE_ERROR, 1, 0, 0));
        assertEquals(VmState.ERROR, VmStruct.state(memory, vmAt));
        assertEquals(Vmm.ERROR_CODE, vmm.exitCode(port, vmAt));
        assertTrue(host.console.toString().startsWith(
                "hypervisor: VM 1 \"guest\" is in state ERROR: UNKNOWN "
                        + "scause 0x13 stval 0x1 htval 0x0 pc 0x80200000\n"),
                host.console.toString());
        assertEquals(After.ENDED, trap(Cause.SUPERVISOR_TIMER, 0, 0, 0), "it stays there");
    }

    @Test
    void anAtomicOnADeviceCannotBeEmulated() {
        assertEquals(After.ENDED, trap(Cause.STORE_GUEST_PAGE_FAULT, 0x1000_0000L, 0x1000_0000L, 0x08B0_252FL));
        assertTrue(
                VmStruct.text(VmStruct.ERROR, memory, vmAt).startsWith(
                        "cannot emulate MMIO_STORE at gpa 0x10000000 by an instruction that is no plain load or store"),
                VmStruct.text(VmStruct.ERROR, memory, vmAt));
    }

    @Test
    void pauseTakesEffectAtTheNextExitAndStopEndsIt() {
        vmm.pause(port, vmAt);
        assertEquals(After.HOST, trap(Cause.SUPERVISOR_TIMER, 0, 0, 0), "the host's interrupt first");
        assertEquals(After.WAIT, sbi(0x10, 0, 0, 0));
        assertEquals(-1, vmm.wakeTime(port, vmAt));
        vmm.proceed(port, vmAt);
        assertEquals(After.GUEST, sbi(0x10, 0, 0, 0));
        vmm.stop(port, vmAt, 9);
        assertEquals(After.ENDED, sbi(0x10, 0, 0, 0));
        assertEquals(9, vmm.exitCode(port, vmAt));
    }

    @Test
    void aCorruptControlBlockIsAnErrorOfThatMachineOnly() {
        VmStruct.STATE.set(memory, vmAt, 99);
        assertEquals(After.ENDED, sbi(0x10, 0, 0, 0));
        assertEquals(VmState.ERROR, VmStruct.state(memory, vmAt));
        VmStruct.MAGIC.set(memory, vmAt, 1);
        assertEquals(After.ENDED, sbi(0x10, 0, 0, 0));
    }

    @Test
    void telemetryCountsEveryExitAndItsCycles() {
        for (int i = 0; i < 10; i++) {
            sbi(0x10, 0, 0, 0);
        }
        assertEquals(10, VcpuStruct.EXITS.get(memory, vcpuAt));
        assertEquals(10, count(ExitReason.SBI_BASE));
        assertEquals(10, VcpuStruct.HYPERVISOR_CYCLES.get(memory, vcpuAt), "this clock ticks once per look");
        assertEquals(10, port.exits);
        assertEquals(ExitReason.SBI_BASE.ordinal(), port.lastExit);
    }

    @Test
    void statisticsArePrintedEvery50000Exits() {
        for (int i = 0; i < 49_999; i++) {
            sbi(0x10, 0, 0, 0);
        }
        assertEquals("", host.console.toString());
        sbi(0x10, 0, 0, 0);
        assertTrue(
                host.console.toString()
                        .startsWith("telem.1>Exit information for Core 0\ntelem.1>SBI_BASE:Cnt=50000, Avg. Time=1"),
                host.console.toString());
    }

    @Test
    void destroyGivesEverythingBack() {
        vmm.leave(port, vmAt);
        vmm.destroy(port, vmAt);
        assertEquals(0, host.held);
    }

    @Test
    void machinesThatCannotBeBuiltLeaveNothingBehind() {
        long before = host.held;
        new VmSpec("big", 64L << 20, VmSpec.GIGAPAGE, -1, 0, new VmSpec.Guest.HostedKernel(2, 0), List.of(), List.of(),
                0).write(memory, SPEC_PA);
        assertEquals(0, vmm.create(port, SPEC_PA, 2, 0));
        assertTrue(host.console.toString().contains("no VM \"big\": the host has no 64 MiB of contiguous memory"),
                host.console.toString());
        new VmSpec("none", 2L << 20, VmSpec.GIGAPAGE, -1, 0, new VmSpec.Guest.ElfKernel(FILE_PA, 100, ""), List.of(),
                List.of(), 0).write(memory, SPEC_PA);
        assertEquals(0, vmm.create(port, SPEC_PA, 2, 0));
        assertTrue(host.console.toString().contains("no VM \"none\": the kernel image is not an ELF file"),
                host.console.toString());
        assertEquals(before, host.held);
    }
}
