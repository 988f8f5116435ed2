package calvin.lwk.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.lwk.abi.BootParams;
import calvin.lwk.abi.Job;
import calvin.lwk.state.HartStruct;
import calvin.machine.isa.Csr;
import calvin.sim.state.Memory;
import calvin.sim.time.SimTime;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** What the kernel costs: cycles of the simulated machine, timer interrupts, and objects of the simulator. */
class CostSimTest {
    private static final int CALLS = 20;

    private static byte[] getpids() {
        return Tools.compile("cost.S", "-nostdlib");
    }

    @Test
    void aCallThatDoesNothingCosts150To300Cycles() {
        LwkRig rig = LwkRig.quiet(Job.Task.of("cost", getpids(), "once")).bootAndRun();
        long cycles = 2 * rig.codes().getFirst();
        assertTrue(cycles >= 150 && cycles <= 300, "getpid costs " + cycles + " cycles");
    }

    @Test
    void aCallMakesNoObjects() {
        LwkRig rig = LwkRig.quiet(Job.Task.of("cost", getpids())).boot();
        rig.runUntil(20 * SimTime.PS_PER_MS);
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long callsBefore = rig.machine.hart(0).hart().x[CALLS];
        long before = threads.getCurrentThreadAllocatedBytes();
        rig.runUntil(40 * SimTime.PS_PER_MS);
        long bytes = threads.getCurrentThreadAllocatedBytes() - before;
        long calls = rig.machine.hart(0).hart().x[CALLS] - callsBefore;
        assertTrue(calls > 100_000, "it ran: " + calls);
        assertTrue(bytes < calls / 10, bytes + " bytes for " + calls + " calls");
    }

    @Test
    void aTaskByItselfIsNotInterruptedAndASleeperOnce() {
        LwkRig rig = LwkRig.quiet(Job.Task.of("quiet", Tools.compile("quiet.c")));
        rig.params.commandLine("sched_hz=100000");
        rig.bootAndRun();
        assertEquals(1, hartWord(rig, HartStruct.TICKS), "the end of the sleep");
    }

    @Test
    void tasksThatCompeteHaveSchedHzTurns() {
        byte[] program = Tools.compile("quiet.c");
        LwkRig rig = LwkRig.quiet(Job.Task.of("first", program), Job.Task.of("second", program));
        rig.params.commandLine("sched_hz=1000");
        rig.bootAndRun();
        long ticks = hartWord(rig, HartStruct.TICKS);
        // Two times 5 ms of computing side by side, twice; and two ends of sleeps.
        assertTrue(ticks >= 8 && ticks <= 30, "interrupts in some 20 ms at 1000 Hz: " + ticks);
    }

    @Test
    void aNodeWithNothingToDoTouchesLittleMemory() {
        LwkRig rig = new LwkRig(1, 4L << 30);
        rig.params.flags(BootParams.FLAG_STAY);
        rig.boot().runUntil(SimTime.PS_PER_S);
        long bytes = 4096 * rig.machine.memory().touchedPages();
        assertTrue(rig.machine.stuck(), "no timer is armed");
        assertTrue(bytes <= 256 << 10, "touched " + bytes + " bytes");
    }

    private static long hartWord(LwkRig rig, calvin.sim.state.Struct.U64 field) {
        Memory memory = rig.machine.memory();
        return field.get(memory, rig.machine.hart(0).csr(Csr.SSCRATCH));
    }
}
