package calvin.machine.dev;

import static org.junit.jupiter.api.Assertions.assertEquals;

import calvin.machine.bus.Device;
import calvin.machine.bus.DeviceContractTest;
import calvin.sim.event.Lane;
import java.util.List;
import org.junit.jupiter.api.Test;

class FinisherTest extends DeviceContractTest {
    private final Ends ends = new Ends();

    @Override
    protected Device build(Lane lane) {
        return new Finisher("finisher", ends);
    }

    @Test
    void commandsEndTheMachineWithTheirCode() {
        Device finisher = build(new Lane("lane"));
        finisher.store(0, 0, 4, 0x5555);
        finisher.store(0, 0, 4, 0x7_3333);
        finisher.store(0, 0, 4, 0x3333);
        finisher.store(0, 0, 4, 0x7777);
        finisher.store(0, 0, 4, 0x1234);
        assertEquals(List.of(0L, 7L, 1L, -1L), ends.codes);
    }
}
