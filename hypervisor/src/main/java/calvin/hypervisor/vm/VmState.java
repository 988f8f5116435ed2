package calvin.hypervisor.vm;

/** Life of a virtual machine; the code is what {@link VmStruct#STATE} holds, and the names are Palacios's. */
public enum VmState {
    /** Not built, or built from a specification that is wrong. */
    INVALID,
    /** Built, not launched; or shut down by its guest. */
    STOPPED, RUNNING,
    /** Taken off its hart by the host until it says otherwise. */
    PAUSED,
    /**
     * Its guest did something that the hypervisor cannot emulate, or its own state is inconsistent. Never leaves this
     * state.
     */
    ERROR,
    /** The word in memory holds none of the codes. */
    CORRUPT;

    private static final VmState[] ALL = values();

    /** The state that a code in memory stands for. */
    public static VmState of(long code) {
        return code >= 0 && code < ALL.length ? ALL[(int) code] : CORRUPT;
    }
}
