package calvin.enclave;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.guests.Guests;
import calvin.hypervisor.exit.ExitReason;
import calvin.hypervisor.vcpu.VcpuStruct;
import calvin.hypervisor.vm.VmSpec;
import calvin.hypervisor.vm.VmSpecStruct;
import calvin.hypervisor.vm.VmStruct;
import calvin.lwk.abi.BootParams;
import calvin.lwk.abi.BootParamsWriter;
import calvin.lwk.abi.Job;
import calvin.lwk.boot.Kitten;
import calvin.lwk.vmm.Hypervisor;
import calvin.machine.board.AddressMap;
import calvin.machine.board.BoardSpec;
import calvin.machine.board.Engines;
import calvin.machine.board.Machine;
import calvin.machine.hosted.HostedVector;
import calvin.machine.sbi.SbiFirmware;
import calvin.sim.event.Lane;
import calvin.sim.state.Memory;
import calvin.sim.time.SimTime;
import calvin.sim.trace.TraceSink;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Two virtual machines and a task on one hart: the world switch takes and gives everything a guest has, wherever it is
 * interrupted.
 */
final class TwoMachinesTest {
    private static final long CONFIGS = AddressMap.KERNEL;
    private static final long IMAGE = CONFIGS + 0x4000;
    private static final int LWK = 1;

    private final StringBuilder console = new StringBuilder();
    private Machine machine;

    /** Runs both guests, a task beside them, with turns of {@code schedHz}, until all have ended. */
    private void run(String schedHz, byte[] first, byte[] second, long largestLeaf) {
        Lane lane = new Lane("node0");
        machine = new Machine(lane, 0, BoardSpec.virt(1, 256L << 20),
                List.of(new SbiFirmware(), new Kitten(new Hypervisor())), Engines.INTERPRETER,
                (timePs, value) -> console.append((char) value), TraceSink.NONE);
        Memory memory = machine.memory();
        BootParamsWriter writer = new BootParamsWriter().kernel(LWK).hart(0).commandLine("sched_hz=" + schedHz)
                .flags(BootParams.FLAG_SSTC | BootParams.FLAG_QUIET);
        for (int i = 0; i < 2; i++) {
            byte[] elf = i == 0 ? first : second;
            long at = CONFIGS + 0x1000 * i;
            long imagePa = IMAGE + 0x4_0000 * i;
            memory.write(imagePa, elf, 0, elf.length);
            new VmSpec("vm" + i, 32L << 20, largestLeaf, -1, 0, new VmSpec.Guest.ElfKernel(imagePa, elf.length, ""),
                    List.of(), List.of(), 0).write(memory, at);
            writer.job(new Job.Guest("vm" + i, 0, new Job.Content.Placed(at, VmSpecStruct.S.sizeBytes())));
        }
        writer.job(Job.Task.of("counting", TestProgram.counting(500, 0)));
        long blockPa = AddressMap.KERNEL + (1 << 20);
        writer.memory(blockPa, (255 << 20) - AddressMap.FIRMWARE_BYTES, 0, true).write(memory, blockPa);
        machine.bootSupervisor(HostedVector.of(LWK, HostedVector.BOOT), blockPa);
        for (int i = 0; i < 2000 && machine.status().running() && !machine.stuck(); i++) {
            lane.runUntil(lane.timePs() + SimTime.PS_PER_MS);
        }
        assertEquals("exited with code 0", machine.status().toString(), console.toString());
        for (int i = 0; i < 3; i++) {
            assertEquals(0, machine.status().endedCode(i), console.toString());
        }
    }

    private long turns(int guest) {
        long vcpuAt = VmStruct.vcpuAt(VmSpecStruct.VM.get(machine.memory(), CONFIGS + 0x1000 * guest), 0);
        return VcpuStruct.COUNTS.get(machine.memory(), vcpuAt, ExitReason.HOST_INTERRUPT.ordinal());
    }

    @Test
    void twoSelfTestKernelsPassSideBySide() {
        byte[] elf = Guests.get("smode.elf").bytes();
        run("20000", elf, elf, VmSpec.MEGAPAGE);
        assertTrue(turns(0) > 20 && turns(1) > 20, turns(0) + " and " + turns(1) + " turns");
    }

    @Test
    void trapsOfOneGuestDoNotShowInTheOther() {
        byte[] breaks = TestProgram.trapping(0x8020_0000L, "ebreak", 3, "addi s2, s1, 0", "addi zero, zero, 0", 77,
                1000);
        byte[] illegal = TestProgram.trapping(0x8030_0000L, "csrrw zero, mstatus, zero", 2, "lui s2, 0x30001",
                "addi s2, s2, 0x73", 1234, 1000);
        run("100000", breaks, illegal, VmSpec.GIGAPAGE);
        assertTrue(turns(0) > 20 && turns(1) > 20, turns(0) + " and " + turns(1) + " turns");
    }
}
