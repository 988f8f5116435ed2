package calvin.hypervisor.host;

/** What the host does next with the task of a virtual core. */
public enum After {
    /** Return to the guest: {@link calvin.machine.hosted.Resume#RETURN} enters it. */
    GUEST,
    /** An interrupt of the host's own made the guest leave: handle it, then let the scheduler decide. */
    HOST,
    /** The guest waits for an interrupt: run the task again at its wake time, or earlier. */
    WAIT,
    /** The virtual machine is over, well or not: end the task. */
    ENDED
}
