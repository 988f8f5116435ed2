package calvin.machine.observe;

import calvin.machine.isa.Disassembler;
import calvin.machine.trace.Commit;
import java.io.IOException;
import java.util.Comparator;
import java.util.Locale;
import java.util.PriorityQueue;

/**
 * A timeline in the JSON form of Chrome's tracing, which Perfetto opens: a process for the machine, for each hart a
 * track of its modes and waiting, one of traps, one of hosted kernels, one of device accesses and one of instructions.
 * Timestamps are microseconds with six decimals, so exact, and in order.
 *
 * <p>Harts take turns in slices, so their records come out of order by at most a slice; they wait in a queue until
 * nothing earlier can come.
 *
 * <p>Form: "Trace Event Format" of the Chromium project: phases B and E (slices), i (instants), M (names).
 */
final class Timeline implements TraceOutput {
    private static final int TRACKS = 5;
    private static final String[] NAMES = {"modes", "traps", "hosted kernels", "devices", "instructions"};
    private static final int MODES = 0;
    private static final int TRAPS = 1;
    private static final int HOSTED = 2;
    private static final int DEVICES = 3;
    private static final int INSTRUCTIONS = 4;

    private final Appendable out;
    private final long sliceMostPs;
    private final PriorityQueue<Event> pending = new PriorityQueue<>(
            Comparator.comparingLong(Event::timePs).thenComparingLong(Event::sequence));
    private final String[] mode;
    private final boolean[] waits;
    private final int[] hostedDepth;
    private long sequence;
    private boolean first = true;

    private record Event(long timePs, long sequence, String json) {}

    /** @param slicePs how far the clocks of two harts may be apart */
    Timeline(Appendable out, String machine, int harts, long slicePs) throws IOException {
        this.out = out;
        this.sliceMostPs = 2 * slicePs;
        mode = new String[harts];
        waits = new boolean[harts];
        hostedDepth = new int[harts];
        out.append("{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n");
        name("process_name", 0, machine);
        for (int hart = -1; hart < harts; hart++) {
            for (int track = 0; track < TRACKS; track++) {
                if (hart >= 0 || track == DEVICES) {
                    name("thread_name", thread(hart, track),
                            (hart < 0 ? "machine " : "hart " + hart + " ") + NAMES[track]);
                }
            }
        }
    }

    private static int thread(int hart, int track) {
        return 1 + (hart + 1) * TRACKS + track;
    }

    private void name(String kind, int thread, String value) throws IOException {
        write(String.format(Locale.ROOT, "{\"ph\":\"M\",\"pid\":1,\"tid\":%d,\"ts\":0,\"name\":\"%s\","
                + "\"args\":{\"name\":\"%s\"}}", thread, kind, value));
    }

    private void write(String json) throws IOException {
        out.append(first ? "" : ",\n").append(json);
        first = false;
    }

    private void put(char phase, long timePs, int thread, String name, String arguments) throws IOException {
        String json = String.format(Locale.ROOT,
                "{\"ph\":\"%c\",\"pid\":1,\"tid\":%d,\"ts\":%d.%06d,\"name\":\"%s\"%s%s}", phase, thread,
                timePs / 1_000_000, timePs % 1_000_000, name, phase == 'i' ? ",\"s\":\"t\"" : "",
                arguments.isEmpty() ? "" : ",\"args\":{" + arguments + "}");
        pending.add(new Event(timePs, sequence++, json));
        while (pending.peek().timePs < timePs - sliceMostPs) {
            write(pending.remove().json);
        }
    }

    @Override
    public void instruction(Commit commit) throws IOException {
        String text = commit.lengthBytes() == 2
                ? Disassembler.disassembleShort(commit.bits())
                : Disassembler.disassemble(commit.bits());
        put('i', commit.timePs(), thread(commit.hart(), INSTRUCTIONS), text,
                String.format(Locale.ROOT, "\"pc\":\"%#x\"", commit.pc()));
    }

    @Override
    public void trap(long timePs, int hart, long cause, long value, long pc, String from, String to)
            throws IOException {
        put('i', timePs, thread(hart, TRAPS), Names.cause(cause), String.format(Locale.ROOT,
                "\"kind\":\"%s\",\"code\":%d,\"value\":\"%#x\",\"pc\":\"%#x\",\"from\":\"%s\",\"to\":\"%s\"",
                cause < 0 ? "interrupt" : "exception", cause & 0xFFFF, value, pc, from, to));
    }

    @Override
    public void mode(long timePs, int hart, String next) throws IOException {
        if (next.equals(mode[hart])) {
            return;
        }
        if (mode[hart] != null) {
            put('E', timePs, thread(hart, MODES), mode[hart], "");
        }
        mode[hart] = next;
        put('B', timePs, thread(hart, MODES), next, "");
    }

    @Override
    public void waiting(long timePs, int hart, boolean begins) throws IOException {
        if (waits[hart] != begins) {
            waits[hart] = begins;
            put(begins ? 'B' : 'E', timePs, thread(hart, MODES), "waiting", "");
        }
    }

    @Override
    public void hosted(long timePs, int hart, String kernel, boolean begins) throws IOException {
        if (!begins && hostedDepth[hart] == 0) {
            return; // it had begun before the trace did
        }
        hostedDepth[hart] += begins ? 1 : -1;
        put(begins ? 'B' : 'E', timePs, thread(hart, HOSTED), kernel, "");
    }

    @Override
    public void device(long timePs, int hart, String device, boolean store, long pa, int bytes, long value)
            throws IOException {
        put('i', timePs, thread(hart, DEVICES), device + (store ? " store" : " load"), String.format(Locale.ROOT,
                "\"pa\":\"%#x\",\"bytes\":%d,\"value\":\"%#x\"", pa, bytes, value));
    }

    @Override
    public void end(long timePs) throws IOException {
        long endPs = timePs;
        for (Event event : pending) {
            endPs = Math.max(endPs, event.timePs);
        }
        for (int hart = 0; hart < mode.length; hart++) {
            waiting(endPs, hart, false);
            while (hostedDepth[hart] > 0) {
                hosted(endPs, hart, "", false);
            }
            if (mode[hart] != null) {
                put('E', endPs, thread(hart, MODES), mode[hart], "");
            }
        }
        while (!pending.isEmpty()) {
            write(pending.remove().json);
        }
        out.append("\n]}\n");
    }
}
