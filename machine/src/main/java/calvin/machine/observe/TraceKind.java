package calvin.machine.observe;

/** What a trace may hold. */
public enum TraceKind {
    /** Instructions with the registers they wrote; slow. */
    INSN,
    /** Exceptions taken. */
    EXCEPTION,
    /** Interrupts taken. */
    INTERRUPT,
    /** Loads and stores of device registers. */
    DEVICE,
    /** Which mode a hart is in, and when it waits. */
    MODE,
    /** Entries of hosted kernels. */
    HOSTED
}
