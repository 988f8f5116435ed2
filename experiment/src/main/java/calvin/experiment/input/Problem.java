package calvin.experiment.input;

/** One mistake in the input. The message says what is wrong and what would be right. */
public record Problem(Place place, String message) {
    @Override
    public String toString() {
        return place + ": " + message;
    }
}
