package calvin.experiment.input;

/** A scalar of the input, with its place for checks that can only be made later. */
public record Text(String value, Place place) {
    @Override
    public String toString() {
        return value;
    }
}
