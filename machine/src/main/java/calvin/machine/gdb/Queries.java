package calvin.machine.gdb;

import calvin.machine.debug.Debugger;
import calvin.machine.debug.Inspector;
import calvin.machine.hart.Hart;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** {@code q} and {@code Q} packets, by the beginning of each. */
final class Queries {
    private static final String FEATURES = String.format(Locale.ROOT,
            "PacketSize=%x;QStartNoAckMode+;qXfer:features:read+;qXfer:threads:read+;swbreak+;hwbreak+;"
                    + "vContSupported+;ReverseStep+;ReverseContinue+;multiprocess-",
            Framing.MAX_BODY);
    /** Console output packets are cut so. */
    private static final int TEXT_CHARACTERS = 2000;
    /** Most that qCRC looks at: what it takes is host time. */
    private static final long MOST_CHECKED = 1L << 28;

    private interface Query {
        String answer(String rest, int hart) throws BadPacket;
    }

    private final Debugger debugger;
    private final Inspector inspector;
    private final Monitor monitor;
    private final Framing framing;
    private final Map<String, Query> table = new LinkedHashMap<>();

    Queries(Debugger debugger, Monitor monitor, Framing framing) {
        this.debugger = debugger;
        this.inspector = debugger.inspector();
        this.monitor = monitor;
        this.framing = framing;
        table.put("qSupported", (rest, hart) -> FEATURES);
        table.put("QStartNoAckMode", (rest, hart) -> {
            framing.stopAcknowledging();
            return "OK";
        });
        table.put("qXfer:features:read:target.xml:", (rest, hart) -> part(TargetDescription.XML, rest));
        table.put("qXfer:features:read:", (rest, hart) -> "E00");
        table.put("qXfer:threads:read::", (rest, hart) -> part(threads(), rest));
        table.put("qfThreadInfo", (rest, hart) -> threadNumbers());
        table.put("qsThreadInfo", (rest, hart) -> "l");
        table.put("qThreadExtraInfo,", (rest, hart) -> extraInfo(rest));
        table.put("qC", this::current);
        table.put("qAttached", (rest, hart) -> "1");
        table.put("qRcmd,", this::monitor);
        table.put("qqemu.PhyMemMode", (rest, hart) -> monitor.physical() ? "1" : "0");
        table.put("Qqemu.PhyMemMode:", (rest, hart) -> {
            monitor.physical(rest.equals("1"));
            return "OK";
        });
    }

    /** The answer; empty for what is not known, as gdb expects. */
    String answer(String packet, int hart) throws BadPacket {
        for (Map.Entry<String, Query> entry : table.entrySet()) {
            if (packet.startsWith(entry.getKey())) {
                return entry.getValue().answer(packet.substring(entry.getKey().length()), hart);
            }
        }
        return "";
    }

    /** {@code qC} is the current thread, {@code qCRC:} a checksum of memory. */
    private String current(String rest, int hart) throws BadPacket {
        if (rest.startsWith("RC:")) {
            return checksum(rest.substring("RC:".length()), hart);
        }
        return rest.isEmpty() ? "QC" + Integer.toHexString(hart + 1) : "";
    }

    /** CRC-32 with the polynomial 0x04C11DB7, most significant bit first, from all ones, not inverted. */
    private String checksum(String rest, int hart) throws BadPacket {
        String[] parts = GdbSession.two(rest, ',');
        long va = Hex.number(parts[0]);
        long length = Hex.number(parts[1]);
        if (length < 0 || length > MOST_CHECKED) {
            return "E16";
        }
        int crc = -1;
        byte[] page = new byte[4096];
        for (long done = 0; done < length;) {
            byte[] piece = length - done < page.length ? new byte[(int) (length - done)] : page;
            if (inspector.read(hart, monitor.physical(), va + done, piece) < piece.length) {
                return "E14";
            }
            for (byte each : piece) {
                crc ^= each << 24;
                for (int bit = 0; bit < 8; bit++) {
                    crc = crc < 0 ? crc << 1 ^ 0x04C1_1DB7 : crc << 1;
                }
            }
            done += piece.length;
        }
        return "C" + Integer.toHexString(crc);
    }

    private static String part(String whole, String rest) throws BadPacket {
        String[] range = GdbSession.two(rest, ',');
        int offset = Hex.small(range[0]);
        int length = Math.min(Hex.small(range[1]), Framing.MAX_BODY / 2);
        if (offset >= whole.length()) {
            return "l";
        }
        int end = (int) Math.min(whole.length(), (long) offset + length);
        return (end < whole.length() ? "m" : "l") + whole.substring(offset, end);
    }

    private String describe(int number) {
        Hart hart = inspector.hart(number);
        return inspector.mode(number) + " mode"
                + (debugger.machine().hart(number).halted() ? ", stopped" : hart.waiting ? ", waiting" : "");
    }

    private String threads() {
        StringBuilder xml = new StringBuilder("<?xml version=\"1.0\"?>\n<threads>\n");
        for (int i = 0; i < debugger.machine().board().harts(); i++) {
            xml.append(String.format(Locale.ROOT, "<thread id=\"%x\" core=\"%d\" name=\"hart %d\">%s</thread>%n", i + 1,
                    i, i, describe(i)));
        }
        return xml.append("</threads>\n").toString();
    }

    private String threadNumbers() {
        StringBuilder text = new StringBuilder("m");
        for (int i = 0; i < debugger.machine().board().harts(); i++) {
            text.append(i == 0 ? "" : ",").append(Integer.toHexString(i + 1));
        }
        return text.toString();
    }

    private String extraInfo(String rest) throws BadPacket {
        long number = Hex.number(rest);
        if (number < 1 || number > debugger.machine().board().harts()) {
            return "E01";
        }
        return Hex.ofText("hart " + (number - 1) + ", " + describe((int) number - 1));
    }

    private String monitor(String rest, int hart) throws BadPacket {
        String text = monitor.run(hart, new String(Hex.bytes(rest), StandardCharsets.UTF_8));
        for (int at = 0; at < text.length(); at += TEXT_CHARACTERS) {
            framing.send("O" + Hex.ofText(text.substring(at, Math.min(text.length(), at + TEXT_CHARACTERS))));
        }
        return "OK";
    }
}
