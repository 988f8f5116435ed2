package calvin.experiment.input;

/**
 * Where in the user's input something stands.
 *
 * @param source file name, or the option of the command line
 * @param line   from 1; 0 where the source has no lines
 * @param column from 1; 0 where the source has no lines
 */
public record Place(String source, int line, int column) {
    /** A place without lines: an option of the command line or a whole file. */
    public static Place of(String source) {
        return new Place(source, 0, 0);
    }

    @Override
    public String toString() {
        return line == 0 ? source : source + ":" + line + ":" + column;
    }
}
