package calvin.machine.embed;

/** What {@link Emulation#runUntil} runs to. */
public sealed interface Until {
    /** The machine has ended: through HTIF, the finisher or SBI, or because a kernel panicked. */
    record Ended() implements Until {}

    /** All that happens before this time has been done. */
    record Time(long timePs) implements Until {}

    /**
     * This many instructions have been retired since the machine was made. Exact with one hart; with several it is the
     * first end of a quantum at which there are at least as many.
     */
    record Instructions(long count) implements Until {}

    /** The console has shown this text since the last {@link Emulation#clearOutput}; seen within a quantum. */
    record Output(String text) implements Until {}

    /**
     * A hart is about to execute the instruction at this virtual address; with several harts, it has come there within
     * the last quantum, which all have finished.
     */
    record Pc(int hart, long va) implements Until {}

    /** A hart is about to execute the instruction at this symbol of the program. */
    record Symbol(int hart, String name) implements Until {}

    static Until ended() {
        return new Ended();
    }

    static Until timePs(long timePs) {
        return new Time(timePs);
    }

    static Until instructions(long count) {
        return new Instructions(count);
    }

    static Until output(String text) {
        return new Output(text);
    }

    /** Hart 0 comes to {@code va}. */
    static Until pc(long va) {
        return new Pc(0, va);
    }

    /** Hart 0 comes to the symbol. */
    static Until symbol(String name) {
        return new Symbol(0, name);
    }
}
