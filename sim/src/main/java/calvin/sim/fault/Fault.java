package calvin.sim.fault;

/**
 * A deviation that the experiment injects, named by coordinates that mean the same in every run of one plan: (node,
 * hart, instruction, location, bit) and (port, packet ordinal).
 */
public sealed interface Fault {
    /** Number of the fault within its campaign. */
    int id();

    /**
     * Inverts a bit of an integer register between two instructions.
     *
     * @param instret  the flip happens when the hart has retired exactly this many instructions
     * @param register 1..31
     * @param bit      0..63
     */
    record RegisterFlip(int id, int node, int hart, long instret, int register, int bit) implements Fault {}

    /**
     * Inverts a bit of physical memory between two instructions of a hart.
     *
     * @param pa  physical address of the byte
     * @param bit 0..7
     */
    record MemoryFlip(int id, int node, int hart, long instret, long pa, int bit) implements Fault {}

    /**
     * Loses a frame on the wire behind a sending port.
     *
     * @param port    the sending port's number in the experiment
     * @param ordinal the frame's place among all frames that port sends, from 0
     */
    record PacketDrop(int id, int port, long ordinal) implements Fault {}
}
