package calvin.machine.fitting;

import java.util.List;

/** What a kind of device is: how it is checked, built and described. Has no state. */
public interface FittingKind {
    /** Length of its window on the bus, at {@link Fitting#basePa()}. */
    long windowBytes(Fitting fitting);

    /** Names of the parameters it has. */
    default List<String> parameters() {
        return List.of();
    }

    /** What is wrong with a fitting of this kind beyond its address, wire and names of parameters. */
    default List<String> problems(Fitting fitting) {
        return List.of();
    }

    /** Whether it is built before the other fittings, as what they reach memory through. */
    default boolean comesFirst() {
        return false;
    }

    /** Builds the device and puts it on the bus, by {@link Workbench#add}. */
    void build(Fitting fitting, Workbench bench);

    /** Writes its node, if it has one, into {@code /soc}. */
    void describe(Fitting fitting, TreeWriter tree);

    /** Writes what it has to say outside of {@code /soc}. */
    default void describeAtRoot(Fitting fitting, TreeWriter tree) {}
}
