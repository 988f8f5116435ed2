package calvin.machine.observe;

import calvin.machine.board.Machine;
import calvin.machine.bus.BusListener;
import calvin.machine.bus.Device;
import calvin.machine.hart.Hart;
import calvin.machine.hart.HartListener;
import calvin.machine.trace.Commit;
import calvin.machine.trace.CommitListener;
import calvin.machine.trace.CommitTracer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;

/**
 * The trace of one machine. Attach it, run the machine, and end it.
 *
 * <p>Instructions are heard of by stepping every hart, some million a second; all else runs at full speed.
 */
public final class MachineTrace {
    private final Machine machine;
    private final Set<TraceKind> kinds;
    private final TraceFilter filter;
    private final TraceOutput out;

    private MachineTrace(Machine machine, Set<TraceKind> kinds, TraceFilter filter, TraceOutput out) {
        this.machine = machine;
        this.kinds = Set.copyOf(kinds);
        this.filter = filter;
        this.out = out;
    }

    /** Writes lines of text; who opened {@code out} closes it. */
    public static MachineTrace text(Machine machine, Set<TraceKind> kinds, TraceFilter filter, Appendable out) {
        return new MachineTrace(machine, kinds, filter, new TextTrace(out)).attach();
    }

    /** Writes a timeline for Perfetto; it is whole only after {@link #end}. */
    public static MachineTrace timeline(Machine machine, Set<TraceKind> kinds, TraceFilter filter, Appendable out)
            throws IOException {
        return new MachineTrace(machine, kinds, filter, new Timeline(out, machine.lane().name(),
                machine.board().harts(), machine.board().quantumPs())).attach();
    }

    private MachineTrace attach() {
        if (kinds.contains(TraceKind.INSN)) {
            CommitTracer.attach(machine, new Instructions());
        }
        for (int i = 0; i < machine.board().harts(); i++) {
            machine.hart(i).setListener(new Events());
        }
        if (kinds.contains(TraceKind.DEVICE)) {
            machine.setBusListener(new Devices());
        }
        return this;
    }

    /** Ends the trace at the machine's present time. */
    public void end() throws IOException {
        for (int i = 0; i < machine.board().harts(); i++) {
            machine.hart(i).setListener(null);
            if (kinds.contains(TraceKind.INSN)) {
                machine.hart(i).setStepper(null);
            }
        }
        machine.setBusListener(null);
        out.end(Math.min(machine.lane().timePs(), filter.toPs()));
    }

    /** Something that writes. */
    private interface Writing {
        void write() throws IOException;
    }

    private static void write(Writing what) {
        try {
            what.write();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private final class Instructions implements CommitListener {
        @Override
        public void committed(Commit commit) {
            if (filter.time(commit.timePs()) && filter.hart(commit.hart()) && filter.pc(commit.pc())
                    && filter.mode(Names.mode(commit.mode()))) {
                write(() -> out.instruction(commit));
            }
        }

        @Override
        public void trapped(Commit commit, long cause, long value) {}
    }

    private final class Events implements HartListener {
        private String known = "";

        private boolean wanted(Hart hart) {
            return filter.hart(hart.id) && filter.time(hart.timePs());
        }

        @Override
        public void trapped(Hart hart, long cause, long value, long pc, int from) {
            TraceKind kind = cause < 0 ? TraceKind.INTERRUPT : TraceKind.EXCEPTION;
            if (!wanted(hart)) {
                return;
            }
            if (kinds.contains(kind) && filter.mode(Names.mode(from)) && filter.pc(pc) && filter.cause(cause)) {
                write(() -> out.trap(hart.timePs(), hart.id, cause, value, pc, Names.mode(from),
                        Names.mode(hart.mode)));
            }
            changed(hart);
        }

        @Override
        public void returned(Hart hart, int from) {
            if (wanted(hart)) {
                changed(hart);
            }
        }

        private void changed(Hart hart) {
            String mode = Names.mode(hart.mode);
            if (kinds.contains(TraceKind.MODE) && !mode.equals(known)) {
                known = mode;
                write(() -> out.mode(hart.timePs(), hart.id, mode));
            }
        }

        @Override
        public void hostedEntered(Hart hart, String kernel) {
            if (kinds.contains(TraceKind.HOSTED) && wanted(hart)) {
                write(() -> out.hosted(hart.timePs(), hart.id, kernel, true));
            }
        }

        @Override
        public void hostedLeft(Hart hart, String kernel) {
            if (kinds.contains(TraceKind.HOSTED) && wanted(hart)) {
                write(() -> out.hosted(hart.timePs(), hart.id, kernel, false));
            }
        }

        @Override
        public void waits(Hart hart) {
            if (kinds.contains(TraceKind.MODE) && wanted(hart)) {
                write(() -> out.waiting(hart.timePs(), hart.id, true));
            }
        }

        @Override
        public void wakes(Hart hart) {
            if (kinds.contains(TraceKind.MODE) && wanted(hart)) {
                write(() -> out.waiting(hart.timePs(), hart.id, false));
            }
        }
    }

    private final class Devices implements BusListener {
        @Override
        public void accessed(Device device, boolean store, long timePs, long pa, int widthBytes, long value) {
            int hart = machine.actingHart();
            String whole = device.stateName();
            String name = whole.substring(whole.lastIndexOf('/') + 1);
            if (filter.time(timePs) && (hart < 0 || filter.hart(hart)) && filter.device(name)) {
                write(() -> out.device(timePs, hart, name, store, pa, widthBytes, value));
            }
        }
    }
}
