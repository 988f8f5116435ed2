package calvin.sim.state;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a mutable Java field that is state, kept in Java for speed while its owner runs, and written out and read back
 * whole by the owner's {@link Stateful} methods. Every such field is a promise that {@code save} and {@code load} name
 * it.
 */
@Target(ElementType.FIELD)
@Retention(RetentionPolicy.CLASS)
public @interface Published {
}
