package calvin.machine.gdb;

import calvin.machine.board.Machine;
import calvin.machine.debug.Debugger;
import calvin.machine.debug.Inspector;
import calvin.machine.debug.StopEvent;
import calvin.machine.hart.Hart;
import calvin.machine.isa.Csr;
import calvin.machine.mem.RamRegion;
import calvin.sim.time.SimTime;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** gdb's {@code monitor} commands. */
final class Monitor {
    private static final String HELP = """
            help                this list
            info                the machine: harts, memory, devices' ends, checkpoints
            mode                privilege, virtualization and translation of the harts
            walk VA             the page walk of an address, both stages
            csr NAME [VALUE]    reads or writes a CSR of the current hart
            time                virtual time and instructions of the harts
            phys [on|off]       whether memory commands take physical addresses
            watch PA [BYTES]    stops at stores to physical memory, by whatever address
            unwatch PA [BYTES]  takes that back
            checkpoint          takes a checkpoint now, and says how many there are
            save FILE           saves a snapshot of the machine
            reset               back to the first checkpoint; then tell gdb: flushregs
            """;

    private final Debugger debugger;
    private final Inspector inspector;
    private final Machine machine;
    private final Host host;
    private boolean physical;

    Monitor(Debugger debugger, Host host) {
        this.debugger = debugger;
        this.inspector = debugger.inspector();
        this.machine = debugger.machine();
        this.host = host;
    }

    boolean physical() {
        return physical;
    }

    void physical(boolean on) {
        physical = on;
    }

    /** Does a command for a hart and returns what to print. */
    String run(int hart, String command) {
        List<String> words = Arrays.asList(command.strip().split("\\s+"));
        try {
            return switch (words.get(0)) {
                case "", "help" -> HELP;
                case "info" -> info();
                case "mode" -> modes();
                case "walk" -> PageWalk.describe(machine, hart, value(words, 1));
                case "csr" -> csr(hart, words);
                case "time" -> times();
                case "phys" -> phys(words);
                case "watch", "unwatch" -> watch(words);
                case "checkpoint" -> checkpoint();
                case "save" -> words.size() == 2 ? host.save(words.get(1)) + "\n" : "save FILE\n";
                case "reset" -> {
                    StopEvent event = debugger.reset();
                    yield "at the first checkpoint, " + event.kind().name().toLowerCase(Locale.ROOT) + "\n";
                }
                default -> "no such command: " + words.get(0) + "; monitor help lists them\n";
            };
        } catch (BadPacket badWord) {
            return badWord.getMessage() + "\n";
        }
    }

    private static long value(List<String> words, int index) throws BadPacket {
        if (words.size() <= index) {
            throw new BadPacket(words.get(0) + " needs a number");
        }
        String word = words.get(index);
        try {
            return word.startsWith("0x") ? Hex.number(word.substring(2)) : Long.parseLong(word);
        } catch (NumberFormatException notANumber) {
            throw new BadPacket("not a number: " + word);
        }
    }

    private String info() {
        StringBuilder text = new StringBuilder();
        text.append(String.format(Locale.ROOT, "machine  %s, %d harts, %s%n", machine.lane().name(),
                machine.board().harts(), machine.status()));
        for (RamRegion region : machine.board().memory()) {
            text.append(String.format(Locale.ROOT, "memory   %#x..%#x, NUMA node %d%n", region.basePa(),
                    region.endPa() - 1, region.numaNode()));
        }
        text.append(String.format(Locale.ROOT, "history  %d checkpoints%s%n", debugger.checkpoints(),
                debugger.inThePast() ? ", in the past" : ""));
        return text + times();
    }

    private String modes() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < machine.board().harts(); i++) {
            Hart hart = inspector.hart(i);
            text.append(String.format(Locale.ROOT, "hart %d  %-2s  pc %#x  satp %#x", i, inspector.mode(i), hart.pc,
                    inspector.csr(i, Csr.SATP.number)));
            if (hart.mode >= Hart.MODE_V) {
                text.append(String.format(Locale.ROOT, "  vsatp %#x  hgatp %#x", inspector.csr(i, Csr.VSATP.number),
                        inspector.csr(i, Csr.HGATP.number)));
            }
            text.append(hart.waiting ? "  waiting\n" : "\n");
        }
        return text.toString();
    }

    private String times() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < machine.board().harts(); i++) {
            Hart hart = inspector.hart(i);
            text.append(String.format(Locale.ROOT, "hart %d  %s, cycle %d, %d instructions%n", i,
                    SimTime.format(hart.timePs()), hart.cycle, hart.instret));
        }
        return text.toString();
    }

    private String csr(int hart, List<String> words) throws BadPacket {
        if (words.size() < 2) {
            return "csr NAME [VALUE]\n";
        }
        int number = Csr.numberOf(words.get(1));
        if (number < 0 || Csr.of(number) == null) {
            return "no such CSR: " + words.get(1) + "\n";
        }
        if (words.size() > 2) {
            debugger.changes();
            if (!inspector.setCsr(hart, number, value(words, 2))) {
                return "cannot be written from here: " + words.get(1) + "\n";
            }
        }
        return String.format(Locale.ROOT, "%s = %#x%n", Csr.nameOf(number), inspector.csr(hart, number));
    }

    private String phys(List<String> words) {
        if (words.size() > 1) {
            physical = words.get(1).equals("on");
        }
        return "memory commands take " + (physical ? "physical" : "virtual") + " addresses\n";
    }

    private String watch(List<String> words) throws BadPacket {
        long pa = value(words, 1);
        long bytes = words.size() > 2 ? value(words, 2) : 8;
        if (bytes < 1) {
            return "BYTES must be 1 or more\n";
        }
        var watch = new calvin.machine.debug.Watch(calvin.machine.debug.Watch.Kind.WRITE, true, pa, bytes);
        if (words.get(0).equals("watch")) {
            debugger.setWatch(watch);
            return String.format(Locale.ROOT, "watching %d bytes at physical %#x%n", bytes, pa);
        }
        debugger.clearWatch(watch);
        return "not watching that any more\n";
    }

    private String checkpoint() {
        debugger.checkpoint();
        return debugger.checkpoints() + " checkpoints\n";
    }
}
