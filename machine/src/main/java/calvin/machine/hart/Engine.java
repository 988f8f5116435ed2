package calvin.machine.hart;

/** Executes instructions of one hart. Two engines must be indistinguishable in state, counts and trap points. */
public interface Engine extends CodeWatcher {
    /**
     * Executes until {@code hart.cycle >= hart.deadline}, a trap is pending, {@code hart.waiting}, or pc lies in the
     * window of hosted kernels ({@link calvin.machine.hosted.HostedVector}). Takes no traps itself.
     */
    void run(Hart hart);

    /**
     * The addresses of {@link HartBus#stops} have changed. {@link #run} returns before an instruction at one of them
     * when {@link Stops#at} says so.
     */
    void stopsChanged();
}
