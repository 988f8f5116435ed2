package calvin.machine.exec;

/** A: what an AMO stores (unpriv A, "Atomic Memory Operations"). */
public final class Atomic {
    private Atomic() {}

    /**
     * @param operation funct5 of the encoding
     * @param old the memory operand, sign-extended from its size, as is {@code operand}; that keeps unsigned order too
     * @return the value to store, of which the low bytes count
     */
    public static long combine(int operation, long old, long operand) {
        return switch (operation) {
            case 0b00001 -> operand;
            case 0b00000 -> old + operand;
            case 0b00100 -> old ^ operand;
            case 0b01100 -> old & operand;
            case 0b01000 -> old | operand;
            case 0b10000 -> Math.min(old, operand);
            case 0b10100 -> Math.max(old, operand);
            case 0b11000 -> Bits.minu(old, operand);
            case 0b11100 -> Bits.maxu(old, operand);
            default -> throw new IllegalArgumentException("no AMO has funct5 " + operation);
        };
    }
}
