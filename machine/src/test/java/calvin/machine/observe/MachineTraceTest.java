package calvin.machine.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import calvin.guests.Guests;
import calvin.machine.board.BoardSpec;
import calvin.machine.board.Engines;
import calvin.machine.board.Machine;
import calvin.machine.elf.ElfException;
import calvin.machine.elf.ElfFile;
import calvin.machine.profile.Profile;
import calvin.machine.profile.Symbols;
import calvin.machine.sbi.SbiFirmware;
import calvin.sim.event.Lane;
import calvin.sim.state.StateHash;
import calvin.sim.time.SimTime;
import calvin.sim.trace.TraceSink;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The self-test kernel on two harts, traced and sampled. */
class MachineTraceTest {
    private final Lane lane = new Lane("node0");
    private final Machine machine = new Machine(lane, 0, BoardSpec.virt(2, 64 << 20), List.of(new SbiFirmware()),
            Engines.INTERPRETER, (timePs, value) -> {
            }, TraceSink.NONE);
    private ElfFile elf;

    private void boot() throws ElfException {
        elf = machine.loadElf(Guests.get("smode.elf").bytes());
        machine.bootSupervisor(elf.entry(), "");
    }

    private String finish() {
        while (machine.status().running()) {
            lane.runUntil(lane.timePs() + SimTime.PS_PER_MS);
        }
        StateHash hash = new StateHash();
        lane.components().forEach(hash::add);
        return hash.hex();
    }

    private List<String> trace(Set<TraceKind> kinds, TraceFilter filter) throws ElfException, IOException {
        StringBuilder text = new StringBuilder();
        boot();
        MachineTrace trace = MachineTrace.text(machine, kinds, filter, text);
        finish();
        trace.end();
        return text.toString().lines().toList();
    }

    private static TraceFilter only(Set<Integer> causes, Set<String> modes, Set<String> devices, long fromPs,
            long toPs) {
        return new TraceFilter(Set.of(), modes, List.of(), causes, devices, fromPs, toPs);
    }

    @Test
    void observingChangesNothing() throws ElfException, IOException {
        boot();
        MachineTrace trace = MachineTrace.text(machine,
                EnumSet.complementOf(EnumSet.of(TraceKind.INSN)), TraceFilter.ALL, new StringBuilder());
        Profile.attach(machine, new Symbols(), 777, true);
        String observed = finish();
        trace.end();
        MachineTraceTest other = new MachineTraceTest();
        other.boot();
        assertEquals(other.finish(), observed);
    }

    @Test
    void systemCallsOfTheUserProgramAreTheExceptionsOfCauseEight() throws ElfException, IOException {
        List<String> lines = trace(EnumSet.of(TraceKind.EXCEPTION), only(Set.of(8), Set.of("U"), Set.of(), 0,
                Long.MAX_VALUE));
        // "[ok] user mode: 101 system calls", and those of the other programs.
        assertTrue(lines.size() >= 101, lines.size() + " lines");
        assertTrue(lines.stream().allMatch(line -> line.contains("exception ecall_from_u (8)")
                && line.endsWith("U -> HS")), lines.getFirst());
    }

    @Test
    void everyByteOfTheConsoleIsAStoreToTheUart() throws ElfException, IOException {
        List<String> lines = trace(EnumSet.of(TraceKind.DEVICE), only(Set.of(), Set.of(), Set.of("uart"), 0,
                Long.MAX_VALUE));
        StringBuilder text = new StringBuilder();
        for (String line : lines) {
            if (line.contains(" store uart 0x10000000 1 byte: 0x")) {
                text.append((char) Integer.parseInt(line.substring(line.lastIndexOf("0x") + 2), 16));
            }
        }
        assertTrue(text.toString().contains("SELFTEST PASSED"), text.toString());
    }

    @Test
    void timeAndHartLimitWhatIsWritten() throws ElfException, IOException {
        List<String> lines = new ArrayList<>(trace(EnumSet.of(TraceKind.INSN), new TraceFilter(Set.of(0), Set.of(),
                List.of(), Set.of(), Set.of(), SimTime.PS_PER_US, 2 * SimTime.PS_PER_US)));
        assertTrue(lines.size() > 100 && lines.size() <= 2000, lines.size() + " lines in 2000 cycles");
        for (String line : lines) {
            long timePs = Long.parseLong(line.substring(0, line.indexOf(' ')));
            assertTrue(timePs >= SimTime.PS_PER_US && timePs < 2 * SimTime.PS_PER_US, line);
            assertTrue(line.contains(" hart 0 HS 0x"), line);
        }
    }

    @Test
    void aRangeOfPcsIsAFunction() throws ElfException, IOException {
        ElfFile image = ElfFile.parse(Guests.get("smode.elf").bytes());
        Symbols symbols = new Symbols();
        symbols.add(image);
        long from = symbols.address("kernel_main").orElseThrow();
        List<String> lines = trace(EnumSet.of(TraceKind.INSN), new TraceFilter(Set.of(), Set.of(),
                List.of(new long[]{from, symbols.end(from)}), Set.of(), Set.of(), 0, Long.MAX_VALUE));
        assertTrue(lines.getFirst().contains(Long.toHexString(from)), lines.getFirst());
        assertTrue(lines.size() < 5000, "only that function: " + lines.size());
        assertFalse(lines.isEmpty());
    }

    @Test
    void theProfileIsTheSameEachTimeAndCountsCycles() throws ElfException {
        boot();
        Symbols symbols = new Symbols();
        symbols.add(elf);
        Profile profile = Profile.attach(machine, symbols, 500, true);
        finish();
        MachineTraceTest other = new MachineTraceTest();
        other.boot();
        Profile again = Profile.attach(other.machine, symbols, 500, true);
        other.lane.runUntil(3_333_333);
        other.finish();
        assertEquals(profile.folded(), again.folded(), "also cut elsewhere");
        long cycles = machine.hart(0).hart().cycle + machine.hart(1).hart().cycle;
        assertTrue(profile.samples() > 1000 && profile.samples() <= cycles / 500, profile.samples() + " samples");
        assertTrue(profile.table(30).contains("HS periodic"), profile.table(30));
        long sum = profile.folded().lines().mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
        assertEquals(profile.samples(), sum);
    }
}
