package calvin.machine.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import calvin.machine.board.AddressMap;
import calvin.machine.board.BoardSpec;
import calvin.machine.board.Engines;
import calvin.machine.board.Machine;
import calvin.machine.dev.ConsoleSink;
import calvin.machine.hart.CostTable;
import calvin.machine.hart.EngineFactory;
import calvin.machine.hart.Hart;
import calvin.machine.isa.Assembler;
import calvin.machine.jit.Tuning;
import calvin.sim.event.Lane;
import calvin.sim.trace.TraceSink;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A spinning hart lets time pass, with every engine as much. */
class PauseTest {
    private static final int TURNS = 1000;

    static Stream<EngineFactory> engines() {
        return Stream.of(Engines.INTERPRETER, Engines.translator(Tuning.EAGER));
    }

    @ParameterizedTest
    @MethodSource("engines")
    void aPauseCostsWhatTheTableSays(EngineFactory engine) {
        Lane lane = new Lane("node0");
        Machine machine = new Machine(lane, 0, BoardSpec.virt(1, 8 << 20), List.of(), engine, ConsoleSink.NONE,
                TraceSink.NONE);
        String[] program = {"addi t0, zero, " + TURNS, "addi t0, t0, -1", "pause", "bne t0, zero, .-8",
            "jal zero, .+0"};
        for (int i = 0; i < program.length; i++) {
            machine.memory().u32(AddressMap.RAM + 4L * i, Assembler.assemble(program[i]) & 0xFFFF_FFFFL);
        }
        machine.startHart(0, AddressMap.RAM, Hart.MODE_M, 0, 0);
        lane.runUntil(100_000 * 500L);
        Hart hart = machine.hart(0).hart();
        assertEquals(100_000, hart.cycle);
        assertEquals(hart.cycle - hart.instret, TURNS * (long) CostTable.DEFAULT.pause());
        machine.close();
    }
}
