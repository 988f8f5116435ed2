package calvin.experiment.boot;

/**
 * How a machine is looked at while it runs; none of it changes what it computes.
 *
 * @param gdb where to wait for gdb, {@code PORT} or {@code HOST:PORT}, or null
 */
public record Inspection(String gdb) {
    public static final Inspection NONE = new Inspection(null);

    public Inspection withGdb(String address) {
        return new Inspection(address);
    }
}
