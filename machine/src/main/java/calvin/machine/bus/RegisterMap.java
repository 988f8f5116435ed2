package calvin.machine.bus;

import calvin.sim.check.Check;
import java.util.ArrayList;
import java.util.List;

/**
 * The declared registers of a device: what the bus checks accesses against, and what documentation and fuzzers read.
 * Offsets where nothing is declared read as zero, ignore writes and are counted.
 */
public final class RegisterMap {
    /** Widths as a bit set. */
    public static final int W1 = 1;
    public static final int W2 = 2;
    public static final int W4 = 4;
    public static final int W8 = 8;

    private final int sizeBytes;
    private final List<Register> registers = new ArrayList<>();

    /** How a register answers. */
    public enum Access {
        READ_ONLY, WRITE_ONLY, READ_WRITE, NOT_EMULATED
    }

    /**
     * @param offset  of the first one
     * @param count   how many of them follow each other
     * @param stride  distance in bytes
     * @param widths  permitted access widths, a set of W1 to W8
     * @param section what the register follows, and what it means
     */
    public record Register(String name, int offset, int count, int stride, int widths, Access access, String section) {
        boolean covers(int at, int widthBytes) {
            int inside = at - offset;
            if (inside < 0 || inside >= (long) count * stride) {
                return false;
            }
            int within = inside % stride;
            int size = Integer.highestOneBit(widths);
            return (widths & widthBytes) != 0 && within % widthBytes == 0 && within + widthBytes <= size;
        }
    }

    /** @param sizeBytes length of the device's window */
    public RegisterMap(int sizeBytes) {
        this.sizeBytes = sizeBytes;
    }

    public RegisterMap register(String name, int offset, int widths, Access access, String section) {
        return registers(name, offset, 1, Integer.highestOneBit(widths), widths, access, section);
    }

    public RegisterMap registers(String name, int offset, int count, int stride, int widths, Access access,
            String section) {
        long end = offset + (count - 1L) * stride + Integer.highestOneBit(widths);
        Check.that(offset >= 0 && end <= sizeBytes, "register lies outside the device: " + name, offset);
        registers.add(new Register(name, offset, count, stride, widths, access, section));
        return this;
    }

    public int sizeBytes() {
        return sizeBytes;
    }

    public List<Register> all() {
        return List.copyOf(registers);
    }

    /** The register an access of this width at this offset names, or null. */
    public Register find(int offset, int widthBytes) {
        for (int i = 0; i < registers.size(); i++) {
            Register register = registers.get(i);
            if (register.covers(offset, widthBytes)) {
                return register;
            }
        }
        return null;
    }
}
