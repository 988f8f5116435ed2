package calvin.machine.dev;

/** Ends the machine, after which nothing executes, or restarts it. */
public interface MachineEnd {
    /** @param code 0 for success */
    void end(long timePs, long code);

    /** Back to what it was started with, at once: memory is as loaded, devices as after power-on. Time goes on. */
    void restart(long timePs);
}
