package calvin.machine.board;

/**
 * What the device tree's /chosen tells a kernel of its boot.
 *
 * @param arguments   the command line
 * @param initrdPa    where the initial RAM disk begins
 * @param initrdEndPa where it ends, exclusive; 0 when there is none
 */
record Chosen(String arguments, long initrdPa, long initrdEndPa) {
    static Chosen of(String arguments) {
        return new Chosen(arguments, 0, 0);
    }
}
