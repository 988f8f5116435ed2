package calvin.machine.trace;

import calvin.machine.isa.Op;

/**
 * One instruction of a hart and everything it has changed. Filled anew for each instruction.
 *
 * <p>Writes of registers come in the order in which Spike prints them: by number, and for equal numbers integer,
 * floating point, CSR.
 */
public final class Commit {
    /** What kind of register was written. */
    public enum Kind {
        INTEGER, FLOAT, CSR
    }

    /** Most registers that one instruction writes: a pair, or fflags, a register and mstatus. */
    private static final int MOST_WRITES = 4;

    // Set by CommitTracer alone.
    int hart;
    long timePs;
    int mode;
    long pc;
    int bits;
    int lengthBytes;
    Op op;
    long loadVa;
    int loadBytes;
    long storeVa;
    int storeBytes;
    long storeValue;
    long storeHigh;
    private int writes;
    private final Kind[] kinds = new Kind[MOST_WRITES];
    private final int[] numbers = new int[MOST_WRITES];
    private final long[] values = new long[MOST_WRITES];

    Commit() {}

    void clear() {
        writes = 0;
        loadBytes = 0;
        storeBytes = 0;
    }

    /** Puts a write where it belongs in the order. */
    void write(Kind kind, int number, long value) {
        int at = writes++;
        while (at > 0 && (numbers[at - 1] > number || numbers[at - 1] == number && kinds[at - 1].compareTo(kind) > 0)) {
            kinds[at] = kinds[at - 1];
            numbers[at] = numbers[at - 1];
            values[at] = values[at - 1];
            at--;
        }
        kinds[at] = kind;
        numbers[at] = number;
        values[at] = value;
    }

    /** The hart's number. */
    public int hart() {
        return hart;
    }

    /** The hart's time before the instruction. */
    public long timePs() {
        return timePs;
    }

    /** The mode it was executed in: one of {@link calvin.machine.hart.Hart}'s, MODE_V included. */
    public int mode() {
        return mode;
    }

    public long pc() {
        return pc;
    }

    /** The encoding, in the low 16 bits for a compressed one; 0 when it could not be fetched. */
    public int bits() {
        return bits;
    }

    /** Bytes of the encoding, 2 or 4. */
    public int lengthBytes() {
        return lengthBytes;
    }

    /** The row of the encoding, or null if it is illegal or could not be fetched. */
    public Op op() {
        return op;
    }

    /** How many registers were written; integer register 0 is never among them. */
    public int writes() {
        return writes;
    }

    public Kind kind(int index) {
        return kinds[index];
    }

    /** Number of the register. */
    public int number(int index) {
        return numbers[index];
    }

    public long value(int index) {
        return values[index];
    }

    /** Virtual address that was read, when {@link #loadBytes} is not 0. */
    public long loadVa() {
        return loadVa;
    }

    public int loadBytes() {
        return loadBytes;
    }

    /** Virtual address that was written, when {@link #storeBytes} is not 0. */
    public long storeVa() {
        return storeVa;
    }

    /** 1 to 16, or 64 for a cache block of zeros. */
    public int storeBytes() {
        return storeBytes;
    }

    /** What was stored, in the low bytes; the first half of 16 bytes. */
    public long storeValue() {
        return storeValue;
    }

    /** The second half of 16 bytes, else 0. */
    public long storeHigh() {
        return storeHigh;
    }
}
