package calvin.machine.dev;

/** Ends the machine; nothing executes afterwards. */
public interface MachineEnd {
    /** @param code 0 for success */
    void end(long timePs, long code);
}
