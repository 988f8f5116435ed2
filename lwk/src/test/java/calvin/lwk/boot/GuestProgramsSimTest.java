package calvin.lwk.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.guests.Guests;
import calvin.lwk.abi.Job;
import calvin.machine.board.MachineStatus;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Ready-made programs, natively on the kernel. */
class GuestProgramsSimTest {
    @Test
    void helloPrintsAndItsExitCodePassesThrough() {
        LwkRig rig = LwkRig.quiet(Job.Task.of("hello", Guests.get("hello").bytes(), "3", "two words")).bootAndRun();
        assertEquals("Hello from RISC-V, 3 arguments\n  argv[0] = hello\n  argv[1] = 3\n  argv[2] = two words\nheap ok\n", rig.output());
        assertEquals(List.of(3L), rig.codes());
        assertEquals(MachineStatus.Kind.EXITED, rig.status().kind());
    }
}
