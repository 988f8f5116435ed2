package calvin.machine.observe;

import calvin.machine.hart.Hart;
import calvin.machine.isa.Cause;
import java.util.Locale;

/** Names of modes and causes as traces write them. */
final class Names {
    private Names() {}

    static String mode(int mode) {
        return switch (mode) {
            case Hart.MODE_M -> "M";
            case Hart.MODE_S -> "HS";
            case Hart.MODE_U -> "U";
            case Hart.MODE_V + Hart.MODE_S -> "VS";
            default -> "VU";
        };
    }

    static String cause(long value) {
        Cause cause = Cause.of(value);
        return cause == null
                ? (value < 0 ? "interrupt " : "exception ") + (value & 0xFFFF)
                : cause.name().toLowerCase(Locale.ROOT);
    }
}
