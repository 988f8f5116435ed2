package calvin.experiment.input;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects every mistake of one input before anything runs. */
public final class Problems {
    private final List<Problem> found = new ArrayList<>();

    public void add(Place place, String message) {
        Problem problem = new Problem(place, message);
        if (!found.contains(problem)) {
            found.add(problem);
        }
    }

    public boolean isEmpty() {
        return found.isEmpty();
    }

    /** All mistakes, in the order in which they stand in the input. */
    public List<Problem> all() {
        return found.stream().sorted(Comparator.comparing((Problem p) -> p.place().source())
                .thenComparingInt(p -> p.place().line()).thenComparingInt(p -> p.place().column())).toList();
    }

    /** Ends the checks: throws what was found, if anything was. */
    public void throwIfAny() {
        if (!found.isEmpty()) {
            throw new InputException(all());
        }
    }
}
