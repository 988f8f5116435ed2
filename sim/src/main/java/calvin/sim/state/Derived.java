package calvin.sim.state;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a mutable Java field that holds no state of the simulated world: it can be dropped at any event boundary and is
 * rebuilt from {@link #from()}. Restore and fork call {@link Stateful#dropDerived()} on its owner.
 */
@Target(ElementType.FIELD)
@Retention(RetentionPolicy.CLASS)
public @interface Derived {
    /** What the field is computed from. */
    String from();
}
