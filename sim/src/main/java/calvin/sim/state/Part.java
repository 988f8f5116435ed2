package calvin.sim.state;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares, in a {@code package-info}, what a package is called and which other packages it may use; a test holds it to
 * that.
 */
@Target(ElementType.PACKAGE)
@Retention(RetentionPolicy.CLASS)
public @interface Part {
    /** The package's name without the {@code calvin.} prefix. */
    String name();

    /**
     * Names of the Calvin packages this one may import. {@code sim.check}, {@code sim.time} and {@code sim.state} are
     * always allowed.
     */
    String[] mayUse() default {};
}
