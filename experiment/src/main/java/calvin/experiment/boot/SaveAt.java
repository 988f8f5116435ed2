package calvin.experiment.boot;

import calvin.experiment.input.InputException;
import calvin.experiment.input.Place;
import calvin.experiment.input.Quantity;

/**
 * When to save: one of the two, the other is -1.
 *
 * @param timePs       virtual time
 * @param instructions retired by all harts together; exactly with one hart, at the next slice with more
 */
public record SaveAt(long timePs, long instructions) {
    /** A number is instructions; one with a unit is a time. */
    public static SaveAt parse(String option, String text) {
        try {
            return text.matches("[0-9_]+")
                    ? new SaveAt(-1, Long.parseLong(text.replace("_", "")))
                    : new SaveAt(Quantity.TIME.parse(text), -1);
        } catch (IllegalArgumentException e) {
            throw new InputException(Place.of(option + " " + text), "neither a number of instructions nor a time: "
                    + e.getMessage());
        }
    }
}
