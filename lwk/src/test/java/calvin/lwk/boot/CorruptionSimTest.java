package calvin.lwk.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.guests.Guests;
import calvin.lwk.abi.Job;
import calvin.lwk.state.AspaceStruct;
import calvin.lwk.state.HartStruct;
import calvin.lwk.state.KernelState;
import calvin.lwk.state.PmemStruct;
import calvin.lwk.state.RegionStruct;
import calvin.lwk.state.TaskStruct;
import calvin.machine.board.MachineStatus;
import calvin.machine.isa.Csr;
import calvin.sim.state.Memory;
import calvin.sim.state.Snapshot;
import calvin.sim.state.Struct;
import calvin.sim.time.SimTime;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Flipped bits in the kernel's structures: a simulated kernel may go wrong by them in any way, the simulator in none.
 */
class CorruptionSimTest {
    private static final int FLIPS_PER_STRUCT = 100;
    private static final long HORIZON_PS = 30 * SimTime.PS_PER_MS;

    private static LwkRig rig() {
        LwkRig rig = LwkRig.quiet(Job.Task.of("first", Guests.get("hello").bytes(), "4"),
                Job.Task.of("second", Guests.get("hello").bytes(), "5"));
        rig.params.commandLine("sched_hz=50000");
        return rig;
    }

    private static Map<Struct, Long> targets(LwkRig rig) {
        Memory memory = rig.machine.memory();
        long hart = rig.machine.hart(0).csr(Csr.SSCRATCH);
        long kernel = HartStruct.ROOT.get(memory, hart);
        long task = KernelState.TASKS.get(memory, kernel);
        long aspace = TaskStruct.ASPACE.get(memory, task);
        Map<Struct, Long> targets = new LinkedHashMap<>();
        targets.put(HartStruct.S, hart);
        targets.put(KernelState.S, kernel);
        targets.put(TaskStruct.S, task);
        targets.put(AspaceStruct.S, aspace);
        targets.put(RegionStruct.S, AspaceStruct.REGIONS.get(memory, aspace));
        targets.put(PmemStruct.S, KernelState.PMEM.get(memory, kernel));
        return targets;
    }

    @Test
    void noFlippedBitOfAStructureIsAnErrorOfTheSimulator() {
        LwkRig rig = rig().boot();
        rig.runUntil(150 * SimTime.PS_PER_US);
        assertEquals(2, rig.status().tasksStarted(), "both tasks run");
        assertEquals(0, rig.status().tasksEnded(), "both tasks still run");
        Snapshot snapshot = rig.snapshot();
        Map<Struct, Long> targets = targets(rig);
        Map<MachineStatus.Kind, Integer> ends = new EnumMap<>(MachineStatus.Kind.class);
        long random = 12345;
        for (Map.Entry<Struct, Long> target : targets.entrySet()) {
            for (int i = 0; i < FLIPS_PER_STRUCT; i++) {
                random = random * 6364136223846793005L + 1442695040888963407L;
                long bit = Math.floorMod(random >> 20, 8L * target.getKey().sizeBytes());
                rig.restore(snapshot);
                long at = target.getValue() + bit / 8;
                rig.machine.memory().u8(at, rig.machine.memory().u8(at) ^ 1 << bit % 8);
                try {
                    rig.runUntil(HORIZON_PS);
                } catch (RuntimeException e) {
                    throw new AssertionError(target.getKey().name() + " bit " + bit, e);
                }
                ends.merge(rig.status().kind(), 1, Integer::sum);
            }
        }
        assertTrue(ends.getOrDefault(MachineStatus.Kind.PANIC, 0) > 0, "some flips are noticed: " + ends);
        assertTrue(ends.getOrDefault(MachineStatus.Kind.EXITED, 0) > 0, "some flips are harmless: " + ends);
    }
}
