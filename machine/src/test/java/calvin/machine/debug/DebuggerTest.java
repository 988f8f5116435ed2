package calvin.machine.debug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.guests.Guests;
import calvin.machine.board.BoardSpec;
import calvin.machine.board.Engines;
import calvin.machine.board.Machine;
import calvin.machine.elf.ElfException;
import calvin.machine.elf.ElfFile;
import calvin.machine.hart.EngineFactory;
import calvin.machine.hart.Hart;
import calvin.machine.isa.Csr;
import calvin.machine.jit.Tuning;
import calvin.machine.sbi.SbiFirmware;
import calvin.sim.event.Lane;
import calvin.sim.state.StateHash;
import calvin.sim.time.SimTime;
import calvin.sim.trace.TraceSink;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The self-test kernel under the debugger: it pages, takes interrupts, sends them between harts and ends. */
class DebuggerTest {
    private final Lane lane = new Lane("node0");
    private final StringBuilder output = new StringBuilder();
    private final ReplayConsole console = new ReplayConsole((timePs, value) -> output.append((char) value));
    private Machine machine;
    private ElfFile elf;
    private Debugger debugger;

    private void boot(int harts, EngineFactory engine) throws ElfException {
        machine = new Machine(lane, 0, BoardSpec.virt(harts, 64 << 20), List.of(new SbiFirmware()), engine, console,
                TraceSink.NONE);
        elf = machine.loadElf(Guests.get("smode.elf").bytes());
        machine.bootSupervisor(elf.entry(), "");
        debugger = new Debugger(machine, console);
    }

    private long symbol(String name) {
        return elf.symbol(name).orElseThrow();
    }

    private StopEvent go() {
        debugger.resume();
        return run();
    }

    private StopEvent run() {
        for (int i = 0; i < 100_000; i++) {
            StopEvent event = debugger.advance(SimTime.plus(lane.timePs(), 100 * SimTime.PS_PER_US), false);
            if (event != null) {
                return event;
            }
        }
        throw new AssertionError("nothing stopped it");
    }

    private Hart hart(int number) {
        return machine.hart(number).hart();
    }

    /** All state but how far the lane was told to run. */
    private String hash() {
        StateHash hash = new StateHash();
        lane.components().stream().skip(1).forEach(hash::add);
        return hash.hex();
    }

    private static EngineFactory engine(String name) {
        return name.equals("interp") ? Engines.INTERPRETER : Engines.translator(Tuning.DEFAULT);
    }

    @ParameterizedTest
    @CsvSource({"1,interp", "2,interp", "2,jit"})
    void stepsGoBackTheWayTheyCame(int harts, String engine) throws ElfException {
        boot(harts, engine(engine));
        debugger.setBreakpoint(symbol("enter_user"));
        assertEquals(StopEvent.Kind.BREAKPOINT, go().kind());
        List<String> states = new ArrayList<>();
        List<Long> pcs = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            states.add(hash());
            pcs.add(hart(0).pc);
            debugger.step(0);
            assertEquals(StopEvent.Kind.STEP, run().kind());
        }
        assertTrue(pcs.stream().distinct().count() > 30, "it goes somewhere");
        for (int i = 59; i >= 0; i--) {
            assertEquals(StopEvent.Kind.STEP, debugger.reverseStep(0).kind());
            assertEquals(Long.toHexString(pcs.get(i)), Long.toHexString(hart(0).pc), "step " + i);
            assertEquals(states.get(i), hash(), "step " + i);
        }
    }

    @ParameterizedTest
    @CsvSource({"1,interp", "2,interp", "2,jit"})
    void goingBackFindsTheLastStopAndForwardTheSameEnd(int harts, String engine) throws ElfException {
        boot(harts, engine(engine));
        debugger.setBreakpoint(symbol("enter_user"));
        List<Long> cycles = new ArrayList<>();
        while (go().kind() == StopEvent.Kind.BREAKPOINT) {
            cycles.add(hart(0).cycle);
        }
        assertTrue(debugger.ended());
        assertTrue(cycles.size() > 3, cycles.toString());
        String end = hash();
        String printed = output.toString();
        assertTrue(printed.contains("SELFTEST PASSED"), printed);
        for (int i = cycles.size() - 1; i >= 0; i--) {
            assertEquals(StopEvent.Kind.BREAKPOINT, debugger.reverseContinue().kind());
            assertEquals(cycles.get(i), hart(0).cycle);
            assertEquals(symbol("enter_user"), hart(0).pc);
        }
        assertEquals(StopEvent.Kind.HISTORY_BEGINS, debugger.reverseContinue().kind());
        debugger.clearBreakpoint(symbol("enter_user"));
        assertEquals(StopEvent.Kind.ENDED, go().kind());
        assertEquals(end, hash());
        assertEquals(printed, output.toString(), "nothing is printed twice");
    }

    @Test
    void aWatchStopsBehindTheStoreForwardsAndBeforeItBackwards() throws ElfException {
        boot(2, Engines.INTERPRETER);
        long va = symbol("current_test");
        debugger.setWatch(new Watch(Watch.Kind.WRITE, false, va, 8));
        List<Long> values = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            StopEvent event = go();
            assertEquals(StopEvent.Kind.WATCH_WRITE, event.kind());
            assertEquals(va, event.watchVa());
            values.add(machine.memory().u64(machine.hart(0).translateForDebug(va)));
        }
        assertTrue(values.stream().distinct().count() > 3, values.toString());
        for (int i = 5; i > 0; i--) {
            assertEquals(StopEvent.Kind.WATCH_WRITE, debugger.reverseContinue().kind());
            assertEquals(values.get(i - 1), machine.memory().u64(machine.hart(0).translateForDebug(va)));
        }
    }

    @Test
    void whatIsWrittenInThePastMakesAnotherFuture() throws ElfException {
        boot(1, Engines.INTERPRETER);
        debugger.setBreakpoint(symbol("enter_user"));
        go();
        long first = hart(0).cycle;
        go();
        debugger.reverseContinue();
        assertEquals(first, hart(0).cycle);
        debugger.changes();
        assertTrue(debugger.inspector().setCsr(0, Csr.SSCRATCH.number, 0x1234));
        debugger.step(0);
        run();
        debugger.reverseStep(0);
        assertEquals(0x1234, machine.hart(0).csr(Csr.SSCRATCH), "the change is part of the past now");
        assertEquals(first, hart(0).cycle);
        assertEquals(StopEvent.Kind.HISTORY_BEGINS, debugger.reverseContinue().kind());
        assertEquals(0, machine.hart(0).csr(Csr.SSCRATCH), "it was not before");
    }

    @Test
    void anInterruptStopsAtAnyTime() throws ElfException {
        boot(2, Engines.INTERPRETER);
        debugger.resume();
        debugger.advance(5 * SimTime.PS_PER_US, false);
        StopEvent event = debugger.advance(6 * SimTime.PS_PER_US, true);
        assertEquals(StopEvent.Kind.INTERRUPTED, event.kind());
        assertTrue(hart(0).timePs() >= 5 * SimTime.PS_PER_US - 1000 && hart(0).timePs() < 6 * SimTime.PS_PER_US);
        assertFalse(debugger.ended());
    }

    @Test
    void detachedTheMachineRunsAsIfNothingHadBeen() throws ElfException {
        boot(2, Engines.INTERPRETER);
        debugger.setBreakpoint(symbol("enter_user"));
        debugger.setWatch(new Watch(Watch.Kind.ACCESS, false, symbol("current_test"), 8));
        for (int i = 0; i < 10; i++) {
            go();
        }
        debugger.reverseContinue();
        debugger.detach();
        lane.runUntil(SimTime.PS_PER_S);
        String end = hash();
        Lane other = new Lane("node0");
        Machine straight = new Machine(other, 0, BoardSpec.virt(2, 64 << 20), List.of(new SbiFirmware()),
                Engines.INTERPRETER, console, TraceSink.NONE);
        straight.bootSupervisor(straight.loadElf(Guests.get("smode.elf").bytes()).entry(), "");
        other.runUntil(SimTime.PS_PER_S);
        StateHash hash = new StateHash();
        other.components().stream().skip(1).forEach(hash::add);
        assertEquals(hash.hex(), end);
    }
}
