package calvin.machine.gdb;

import calvin.machine.debug.Debugger;
import calvin.machine.debug.Watch;

/**
 * {@code Z} and {@code z} packets. Software and hardware breakpoints are one: neither changes memory. gdb takes them
 * out and puts them in again at every stop; what is set already stays so.
 */
final class StopPackets {
    private static final int MOST_WATCHED = 1 << 20;

    private final Debugger debugger;

    StopPackets(Debugger debugger) {
        this.debugger = debugger;
    }

    /** A parsed packet. */
    private record Stop(int type, long va, long kind) {
        static Stop of(String rest) throws BadPacket {
            String[] parts = rest.split("[,;]");
            if (parts.length < 3 || parts[0].length() != 1) {
                throw new BadPacket("not a stop: " + rest);
            }
            return new Stop(parts[0].charAt(0) - '0', Hex.number(parts[1]), Hex.number(parts[2]));
        }

        Watch watch() throws BadPacket {
            if (kind < 1 || kind > MOST_WATCHED) {
                throw new BadPacket("watched range too long");
            }
            return new Watch(Watch.Kind.values()[type - 2], false, va, kind);
        }
    }

    String insert(String rest) throws BadPacket {
        Stop stop = Stop.of(rest);
        switch (stop.type) {
            case 0, 1 -> debugger.setBreakpoint(stop.va);
            case 2, 3, 4 -> debugger.setWatch(stop.watch());
            default -> {
                return "";
            }
        }
        return "OK";
    }

    String remove(String rest) throws BadPacket {
        Stop stop = Stop.of(rest);
        switch (stop.type) {
            case 0, 1 -> debugger.clearBreakpoint(stop.va);
            case 2, 3, 4 -> debugger.clearWatch(stop.watch());
            default -> {
                return "";
            }
        }
        return "OK";
    }
}
