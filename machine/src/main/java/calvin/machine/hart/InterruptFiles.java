package calvin.machine.hart;

/**
 * The interrupt files of a hart's IMSIC, as the hart's CSRs reach them (aia 3). Files are numbered: {@link #MACHINE},
 * {@link #SUPERVISOR}, then guest n at {@link #guest}. A file's signal reaches the hart by a wire, not through here.
 */
public interface InterruptFiles {
    int MACHINE = 0;
    int SUPERVISOR = 1;
    /** Select values of a file's registers, first and last. */
    int FIRST_REGISTER = 0x70;
    int LAST_REGISTER = 0xFF;

    /** The file of guest {@code number}, from 1. */
    static int guest(int number) {
        return SUPERVISOR + number;
    }

    /** GEILEN: how many guest files there are, 0 to 63. */
    int guests();

    /** @param register {@link #FIRST_REGISTER} to {@link #LAST_REGISTER}; even where it is one of an array */
    long read(int file, int register);

    void write(int file, int register, long contents);

    /** The best pending and enabled identity below the threshold, which is its priority number too; 0 for none. */
    int top(int file);

    /** Clears the pending bit of {@link #top}. */
    void claim(int file);
}
