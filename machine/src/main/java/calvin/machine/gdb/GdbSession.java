package calvin.machine.gdb;

import calvin.machine.board.MachineStatus;
import calvin.machine.debug.Debugger;
import calvin.machine.debug.Inspector;
import calvin.machine.debug.StopEvent;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * One connection of gdb to a machine. Feed it what comes in and send what it gives; while {@link #running}, advance the
 * debugger and tell what happened.
 *
 * <pre>
 * while (session.open()) {
 *     if (session.running()) {
 *         session.happened(debugger.advance(untilPs, session.takeInterrupt()));
 *     }
 *     session.receive(bytes, length);
 *     send(session.takeOutput());
 * }
 * </pre>
 *
 * <p>Harts are threads, numbered from 1. All stop and go together: an action for one thread steps that hart while the
 * others run on, as holding them would change what is computed.
 *
 * <p>Spec: gdb, "Remote Serial Protocol". Left out: non-stop mode, tracepoints, file and process packets.
 */
public final class GdbSession {
    private static final String OK = "OK";
    private static final int SIGINT = 2;
    private static final int SIGTRAP = 5;
    private static final int SIGABRT = 6;
    private static final int SIGTERM = 15;

    private final Debugger debugger;
    private final Inspector inspector;
    private final Monitor monitor;
    private final Queries queries;
    private final StopPackets stopPackets;
    private final GdbRegisters registers;
    private final Framing framing = new Framing(new Receiver());
    private String last = "";
    private String stopReply;
    private int general;
    private int control;
    private boolean running;
    private boolean interrupt;
    private boolean open = true;
    private boolean killed;
    private boolean endTold;
    /** A range step goes on while pc is in [from, to). */
    private long rangeFrom;
    private long rangeTo;

    public GdbSession(Debugger debugger, Host host) {
        this.debugger = debugger;
        this.inspector = debugger.inspector();
        monitor = new Monitor(debugger, host);
        stopPackets = new StopPackets(debugger);
        queries = new Queries(debugger, monitor, framing);
        registers = new GdbRegisters(inspector);
        general = debugger.selected();
        control = general;
        stopReply = stop(SIGTRAP, general, "");
    }

    /** Whether gdb wants the machine to run. */
    public boolean running() {
        return running;
    }

    /** Whether gdb is still there. */
    public boolean open() {
        return open;
    }

    /** Whether it has killed the machine. */
    public boolean killed() {
        return killed;
    }

    /** Whether gdb wants the machine to stop; false afterwards. */
    public boolean takeInterrupt() {
        boolean wanted = interrupt;
        interrupt = false;
        return wanted;
    }

    public byte[] takeOutput() {
        return framing.takeOutput();
    }

    /** Takes bytes as they come, in pieces of any length. */
    public void receive(byte[] bytes, int length) {
        framing.receive(bytes, length);
    }

    private final class Receiver implements Framing.Receiver {
        @Override
        public void packet(String body) {
            if (!open) {
                return;
            }
            if (running) {
                interrupt = true; // gdb must not speak now; it has lost patience
                return;
            }
            String reply;
            try {
                reply = answer(body);
            } catch (BadPacket bad) {
                reply = "E16";
            }
            if (reply != null) {
                send(reply);
            }
        }

        @Override
        public void interrupt() {
            interrupt = running;
        }

        @Override
        public void repeat() {
            framing.send(last);
        }
    }

    private void send(String reply) {
        last = reply;
        framing.send(reply);
    }

    // What happens to the machine.

    /** What {@link Debugger#advance} told; null is nothing. */
    public void happened(StopEvent event) {
        if (event == null || !running) {
            return;
        }
        if (event.kind() == StopEvent.Kind.STEP && inRange(event.hart()) && !interrupt) {
            debugger.step(event.hart());
            return;
        }
        running = false;
        report(event);
    }

    private boolean inRange(int hart) {
        long pc = inspector.hart(hart).pc;
        return Long.compareUnsigned(pc, rangeFrom) >= 0 && Long.compareUnsigned(pc, rangeTo) < 0;
    }

    private void report(StopEvent event) {
        interrupt = false;
        general = event.hart();
        control = event.hart();
        String where = switch (event.kind()) {
            case BREAKPOINT -> "swbreak:;";
            case WATCH_WRITE -> watched("watch", event);
            case WATCH_READ -> watched("rwatch", event);
            case WATCH_ACCESS -> watched("awatch", event);
            case HISTORY_BEGINS -> "replaylog:begin;";
            case STEP, INTERRUPTED, ENDED -> "";
        };
        stopReply = switch (event.kind()) {
            case INTERRUPTED -> stop(SIGINT, event.hart(), where);
            case ENDED -> end();
            default -> stop(SIGTRAP, event.hart(), where);
        };
        send(stopReply);
    }

    private static String watched(String kind, StopEvent event) {
        return kind + ":" + Long.toHexString(event.watchVa()) + ";";
    }

    private static String stop(int signal, int hart, String where) {
        return String.format(Locale.ROOT, "T%02xthread:%x;core:%x;%s", signal, hart + 1, hart, where);
    }

    /** The first time a stop, so that one can go back; told to go on then, the end. */
    private String end() {
        MachineStatus status = debugger.machine().status();
        boolean panic = status.kind() == MachineStatus.Kind.PANIC;
        if (endTold) {
            open = false;
            return panic ? "X06" : String.format(Locale.ROOT, "W%02x", status.code() & 0xFF);
        }
        endTold = true;
        framing.send("O" + Hex.ofText("calvin: the machine has ended: " + status + "\n"));
        return stop(panic ? SIGABRT : SIGTERM, debugger.selected(), "");
    }

    // What gdb asks.

    /** The reply, or null when there is none yet. */
    private String answer(String packet) throws BadPacket {
        if (packet.isEmpty()) {
            return "";
        }
        String rest = packet.substring(1);
        return switch (packet.charAt(0)) {
            case '?' -> stopReply;
            case 'g' -> readGeneral();
            case 'G' -> writeGeneral(rest);
            case 'p' -> read(Hex.small(rest));
            case 'P' -> write(rest);
            case 'm' -> readMemory(rest);
            case 'M' -> writeMemory(rest, true);
            case 'X' -> writeMemory(rest, false);
            case 'H' -> select(rest);
            case 'T' -> thread(rest) >= 0 ? OK : "E01";
            case 'Z' -> stopPackets.insert(rest);
            case 'z' -> stopPackets.remove(rest);
            case 'c', 'C' -> resumeAt(rest, packet.charAt(0) == 'C', false);
            case 's', 'S' -> resumeAt(rest, packet.charAt(0) == 'S', true);
            case 'b' -> backwards(rest);
            case 'v' -> verbose(packet);
            case 'q', 'Q' -> queries.answer(packet, general);
            case 'D' -> detach();
            case 'k' -> kill();
            default -> "";
        };
    }

    private String readGeneral() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < TargetDescription.GENERAL; i++) {
            text.append(Hex.ofRegister(registers.read(general, i).orElse(0)));
        }
        return text.toString();
    }

    private String writeGeneral(String digits) throws BadPacket {
        byte[] bytes = Hex.bytes(digits);
        if (bytes.length < 8 * TargetDescription.GENERAL) {
            throw new BadPacket("too short");
        }
        debugger.changes();
        for (int i = 0; i < TargetDescription.GENERAL; i++) {
            registers.write(general, i, Hex.register(digits.substring(16 * i, 16 * i + 16)));
        }
        return OK;
    }

    private String read(int register) {
        OptionalLong value = registers.read(general, register);
        return value.isPresent() ? Hex.ofRegister(value.getAsLong()) : "E01";
    }

    private String write(String rest) throws BadPacket {
        String[] parts = two(rest, '=');
        int register = Hex.small(parts[0]);
        long value = Hex.register(parts[1]);
        debugger.changes();
        return registers.write(general, register, value) ? OK : "E01";
    }

    static String[] two(String text, char between) throws BadPacket {
        int at = text.indexOf(between);
        if (at < 0) {
            throw new BadPacket("'" + between + "' is missing");
        }
        return new String[]{text.substring(0, at), text.substring(at + 1)};
    }

    private String readMemory(String rest) throws BadPacket {
        String[] parts = two(rest, ',');
        byte[] bytes = new byte[Math.min(Hex.small(parts[1]), Framing.MAX_BODY / 2 - 1)];
        int got = inspector.read(general, monitor.physical(), Hex.number(parts[0]), bytes);
        return got == 0 && bytes.length > 0 ? "E14" : Hex.of(bytes, got);
    }

    private String writeMemory(String rest, boolean hex) throws BadPacket {
        String[] parts = two(rest, ':');
        String[] place = two(parts[0], ',');
        byte[] bytes = hex ? Hex.bytes(parts[1]) : parts[1].getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        if (bytes.length != Hex.small(place[1])) {
            throw new BadPacket("another length than it says");
        }
        long at = Hex.number(place[0]);
        if (bytes.length == 0) {
            return OK;
        }
        debugger.changes();
        return inspector.write(general, monitor.physical(), at, bytes) ? OK : "E14";
    }

    /** The hart of a thread, -1 when there is none; any thread is the one selected. */
    private int thread(String text) throws BadPacket {
        if (text.equals("-1") || text.equals("0")) {
            return general;
        }
        long number = Hex.number(text);
        return number >= 1 && number <= debugger.machine().board().harts() ? (int) number - 1 : -1;
    }

    private String select(String rest) throws BadPacket {
        if (rest.isEmpty()) {
            throw new BadPacket("H needs an operation");
        }
        int hart = thread(rest.substring(1));
        if (hart < 0) {
            return "E01";
        }
        if (rest.charAt(0) == 'g') {
            general = hart;
        } else {
            control = hart;
        }
        return OK;
    }

    // Going on.

    private String resumeAt(String rest, boolean signal, boolean step) throws BadPacket {
        String place = signal ? rest.substring(Math.min(rest.length(), 2)).replace(";", "") : rest;
        if (!place.isEmpty()) {
            debugger.changes();
            registers.write(control, TargetDescription.PC, Hex.number(place));
        }
        return resume(step ? control : -1, 0, 0);
    }

    /** @param hart to step, or -1 */
    private String resume(int hart, long from, long to) {
        if (debugger.ended()) {
            return end();
        }
        rangeFrom = from;
        rangeTo = to;
        endTold = false;
        if (hart < 0) {
            debugger.resume();
        } else {
            debugger.step(hart);
        }
        running = true;
        interrupt = false;
        return null;
    }

    private String backwards(String rest) {
        if (!rest.equals("s") && !rest.equals("c")) {
            return "";
        }
        endTold = false;
        report(rest.equals("s") ? debugger.reverseStep(control) : debugger.reverseContinue());
        return null;
    }

    private String verbose(String packet) throws BadPacket {
        if (packet.equals("vCont?")) {
            return "vCont;c;C;s;S;r";
        }
        if (packet.startsWith("vCont;")) {
            return resumeAll(packet.substring("vCont;".length()));
        }
        return packet.startsWith("vKill") ? kill() : "";
    }

    /** Actions of vCont: the first that steps a thread decides. */
    private String resumeAll(String actions) throws BadPacket {
        for (String action : actions.split(";")) {
            if (action.isEmpty()) {
                throw new BadPacket("empty action");
            }
            int colon = action.indexOf(':');
            String what = colon < 0 ? action : action.substring(0, colon);
            int hart = colon < 0 ? control : thread(action.substring(colon + 1));
            if (hart < 0) {
                return "E01";
            }
            char kind = what.charAt(0);
            if (kind == 'r') {
                String[] range = two(what.substring(1), ',');
                return resume(hart, Hex.number(range[0]), Hex.number(range[1]));
            }
            if (kind == 's' || kind == 'S') {
                return resume(hart, 0, 0);
            }
            if (kind != 'c' && kind != 'C') {
                throw new BadPacket("no such action: " + action);
            }
        }
        return resume(-1, 0, 0);
    }

    private String detach() {
        open = false;
        return OK;
    }

    private String kill() {
        open = false;
        killed = true;
        return OK;
    }
}
