package calvin.machine.board;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.guests.Guests;
import calvin.machine.elf.ElfException;
import calvin.machine.elf.ElfFile;
import calvin.machine.hart.Hart;
import calvin.machine.hart.Stops;
import calvin.sim.time.SimTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StopsTest {
    private static final long LIMIT_PS = SimTime.PS_PER_S;

    private static void resume(Rig rig) {
        Stops stops = rig.machine.stops();
        Hart hart = rig.machine.hart(stops.hart()).hart();
        stops.resume(hart.id, hart.cycle);
    }

    @Test
    void anAddressStopsTheHartBeforeEachTimeItGetsThere() {
        Rig rig = MachineTest.program(BoardSpec.virt(1, 4 << 20), "addi x5, x0, 3", "addi x10, x10, 1",
                "addi x5, x5, -1", "bne x5, x0, .-8", "wfi");
        Stops stops = rig.machine.stops();
        stops.addresses(new long[]{AddressMap.RAM + 4, AddressMap.RAM + 16});
        rig.machine.stopsChanged();
        Hart hart = rig.machine.hart(0).hart();
        for (int turn = 0; turn < 3; turn++) {
            rig.lane.runUntil(SimTime.PS_PER_US);
            assertEquals(Stops.Reason.ADDRESS, stops.reason());
            assertEquals(AddressMap.RAM + 4, hart.pc);
            assertEquals(turn, hart.x[10]);
            assertEquals(1 + 3 * turn, hart.instret);
            resume(rig);
        }
        rig.lane.runUntil(SimTime.PS_PER_US);
        assertEquals(AddressMap.RAM + 16, hart.pc);
        resume(rig);
        rig.lane.runUntil(SimTime.PS_PER_US);
        assertEquals(Stops.Reason.NONE, stops.reason());
        assertTrue(hart.waiting);
    }

    @Test
    void theTargetIsReachedToTheCycle() {
        Rig rig = MachineTest.program(BoardSpec.virt(1, 4 << 20), "addi x10, x10, 1", "jal x0, .-4");
        Stops stops = rig.machine.stops();
        for (long cycle : new long[]{1, 2, 3, 777, 778}) {
            stops.target(0, cycle);
            rig.lane.runUntil(SimTime.PS_PER_US);
            assertEquals(Stops.Reason.TARGET, stops.reason());
            assertEquals(cycle, rig.machine.hart(0).hart().cycle);
            resume(rig);
        }
    }

    /** Stops of all kinds, in the middle of slices, and none: the same end to the bit. */
    @ParameterizedTest
    @CsvSource({"1,interp", "2,interp", "3,interp", "1,jit", "2,jit"})
    void stoppingChangesNothing(int harts, String engine) throws ElfException {
        Rig straight = SelfTest.boot(BoardSpec.virt(harts, 64 << 20)).run(SimTime.PS_PER_MS, LIMIT_PS);
        Rig stopped = SelfTest.boot(BoardSpec.virt(harts, 64 << 20), Engines.named(engine).orElseThrow());
        Stops stops = stopped.machine.stops();
        ElfFile elf = ElfFile.parse(Guests.get("smode.elf").bytes());
        List<String> names = List.of("kernel_main", "paging_enable", "enter_user", "look");
        stops.addresses(names.stream().mapToLong(name -> elf.symbol(name).orElse(0)).toArray());
        stopped.machine.stopsChanged();
        List<Stops.Reason> seen = new ArrayList<>();
        while (stopped.machine.status().running() && stopped.lane.timePs() < LIMIT_PS) {
            stopped.lane.runUntil(Math.max(stopped.lane.timePs(), straight.lane.timePs()));
            if (stops.stopped()) {
                seen.add(stops.reason());
                Hart hart = stopped.machine.hart(stops.hart()).hart();
                resume(stopped);
                switch (seen.size() % 3) {
                    case 0 -> stops.target(hart.id, hart.cycle + 100 + seen.size() % 17);
                    case 1 -> stops.target((hart.id + 1) % harts, hart.cycle + 1);
                    default -> stops.noTarget();
                }
            }
        }
        assertTrue(seen.contains(Stops.Reason.ADDRESS) && seen.contains(Stops.Reason.TARGET), seen.toString());
        assertEquals(straight.output.toString(), stopped.output.toString());
        assertEquals(straight.machine.status().endPs(), stopped.machine.status().endPs());
        stopped.lane.runUntil(straight.lane.timePs());
        assertEquals(straight.hash(), stopped.hash());
    }
}
