package calvin.lwk.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.guests.Guests;
import calvin.lwk.abi.BootParams;
import calvin.lwk.abi.Job;
import calvin.lwk.state.AspaceStruct;
import calvin.lwk.state.HartStruct;
import calvin.lwk.state.KernelState;
import calvin.lwk.state.RegionStruct;
import calvin.lwk.state.TaskStruct;
import calvin.machine.board.BoardSpec;
import calvin.machine.isa.Csr;
import calvin.sim.state.Memory;
import calvin.sim.time.SimTime;
import org.junit.jupiter.api.Test;

/** Where programs' memory comes from on a machine with several NUMA nodes. */
class NumaSimTest {
    @Test
    void aTaskGetsItsMemoryFromTheNodeOfItsHart() {
        BoardSpec board = BoardSpec.hpc(2, 512L << 20, 2);
        LwkRig rig = new LwkRig(board);
        rig.params.flags(BootParams.FLAG_QUIET);
        Job.Task task = Job.Task.of("stdio", Guests.get("stdio").bytes());
        rig.jobs(task.onHart(1), task.onHart(0)).boot().runUntil(2 * SimTime.PS_PER_MS);
        Memory memory = rig.machine.memory();
        long root = HartStruct.ROOT.get(memory, rig.machine.hart(0).csr(Csr.SSCRATCH));
        long second = board.memory().get(1).basePa();
        int regions = 0;
        for (long at = KernelState.TASKS.get(memory, root); at != 0; at = TaskStruct.NEXT.get(memory, at)) {
            boolean onSecond = HartStruct.INDEX.get(memory, TaskStruct.HART.get(memory, at)) == 1;
            long region = AspaceStruct.REGIONS.get(memory, TaskStruct.ASPACE.get(memory, at));
            for (; region != 0; region = RegionStruct.NEXT.get(memory, region)) {
                if ((RegionStruct.FLAGS.get(memory, region) & RegionStruct.OWNED) != 0) {
                    assertEquals(onSecond, RegionStruct.PMEM.get(memory, region) >= second);
                    regions++;
                }
            }
        }
        assertTrue(regions >= 8, "both tasks were looked at: " + regions);
    }
}
