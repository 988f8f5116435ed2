package calvin.machine.gdb;

/** What a session asks of whoever runs the machine. */
public interface Host {
    /**
     * Saves the machine as a snapshot.
     *
     * @param file as the user wrote it
     * @return what to tell the user
     */
    String save(String file);

    /** A host that cannot save. */
    Host NONE = file -> "this machine cannot be saved from here";
}
