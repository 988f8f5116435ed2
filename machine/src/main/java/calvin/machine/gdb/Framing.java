package calvin.machine.gdb;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Bytes to packets and packets to bytes: {@code $body#checksum} with escapes, acknowledgements, and the byte 3 for an
 * interrupt (gdb, "Remote Protocol", Overview). Bodies are strings of the characters 0 to 255.
 */
final class Framing {
    /** Longest body that is taken, and said to be. */
    static final int MAX_BODY = 0x8000;

    private static final int INTERRUPT = 3;
    private static final int ESCAPE = '}';
    private static final int ESCAPE_FLIP = 0x20;

    /** Takes what has come in. */
    interface Receiver {
        /** A packet whose checksum is right, or is not asked about. */
        void packet(String body);

        void interrupt();

        /** The other side has not understood: the last packet again. */
        void repeat();
    }

    private enum Place { OUTSIDE, BODY, FIRST_DIGIT, SECOND_DIGIT }

    private final Receiver receiver;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private Place place = Place.OUTSIDE;
    private int sum;
    private int digits;
    private boolean acknowledging = true;

    Framing(Receiver receiver) {
        this.receiver = receiver;
    }

    /** From now on neither side acknowledges. */
    void stopAcknowledging() {
        acknowledging = false;
    }

    /** What is to be sent; empty afterwards. */
    byte[] takeOutput() {
        byte[] bytes = out.toByteArray();
        out.reset();
        return bytes;
    }

    void send(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        int checksum = 0;
        out.write('$');
        for (byte each : bytes) {
            int value = each & 0xFF;
            if (value == '$' || value == '#' || value == ESCAPE || value == '*') {
                out.write(ESCAPE);
                checksum += ESCAPE;
                value ^= ESCAPE_FLIP;
            }
            out.write(value);
            checksum += value;
        }
        out.write('#');
        out.write(Character.forDigit(checksum >>> 4 & 15, 16));
        out.write(Character.forDigit(checksum & 15, 16));
    }

    void receive(byte[] bytes, int length) {
        for (int i = 0; i < length; i++) {
            receive(bytes[i] & 0xFF);
        }
    }

    private void receive(int value) {
        switch (place) {
            case OUTSIDE -> outside(value);
            case BODY -> inBody(value);
            case FIRST_DIGIT -> {
                digits = Character.digit(value, 16);
                place = Place.SECOND_DIGIT;
            }
            case SECOND_DIGIT -> {
                place = Place.OUTSIDE;
                end(digits << 4 | Character.digit(value, 16) & 0xFF);
            }
        }
    }

    private void outside(int value) {
        switch (value) {
            case '$' -> begin();
            case INTERRUPT -> receiver.interrupt();
            case '-' -> {
                if (acknowledging) {
                    receiver.repeat();
                }
            }
            default -> {
                return; // acknowledgements, and noise
            }
        }
    }

    private void begin() {
        place = Place.BODY;
        body.reset();
        sum = 0;
    }

    private void inBody(int value) {
        if (value == '$') {
            begin(); // a packet was cut off
        } else if (value == '#') {
            place = Place.FIRST_DIGIT;
        } else {
            sum += value;
            if (body.size() <= MAX_BODY) {
                body.write(value);
            }
        }
    }

    private void end(int checksum) {
        boolean good = body.size() <= MAX_BODY && (!acknowledging || checksum == (sum & 0xFF));
        if (acknowledging) {
            out.write(good ? '+' : '-');
        }
        if (good) {
            receiver.packet(unescaped(body.toByteArray()));
        }
    }

    private static String unescaped(byte[] bytes) {
        StringBuilder text = new StringBuilder(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            boolean escaped = bytes[i] == ESCAPE && i + 1 < bytes.length;
            text.append((char) (escaped ? bytes[++i] & 0xFF ^ ESCAPE_FLIP : bytes[i] & 0xFF));
        }
        return text.toString();
    }
}
