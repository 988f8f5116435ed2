package calvin.machine.hart;

/**
 * What things cost beyond one cycle per instruction, in cycles of the hart. With the default, a system call of a hosted
 * kernel that does nothing costs some 200 cycles: trap, entry, saving and looking up a few words, return.
 *
 * @param trap         taking a trap or interrupt
 * @param deviceAccess a load or store that reaches a device, on top of its cycle
 * @param hostedEntry  entering and leaving a hosted kernel: what saving and restoring registers would cost
 * @param csrAccess    a CSR access of a hosted kernel
 * @param memoryAccess a hosted kernel's access to RAM of up to 8 bytes, and each further 8 bytes
 * @param walkStep     a page-table entry read for a hosted kernel
 * @param fence        a translation or instruction fence of a hosted kernel
 * @param pause        a PAUSE, on top of its cycle: time that a spinning hart lets pass, which costs the host nothing
 */
public record CostTable(int trap, int deviceAccess, int hostedEntry, int csrAccess, int memoryAccess, int walkStep,
        int fence, int pause) {
    public static final CostTable DEFAULT = new CostTable(10, 40, 60, 2, 4, 10, 20, 19);
}
