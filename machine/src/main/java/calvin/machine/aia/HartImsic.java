package calvin.machine.aia;

import calvin.machine.hart.InterruptFiles;

/** One hart's interrupt files of both levels, for its CSRs. */
public final class HartImsic implements InterruptFiles {
    private final int hart;
    private final Imsic machine;
    private final Imsic supervisor;

    /** @param hart number of the hart in both */
    public HartImsic(int hart, Imsic machine, Imsic supervisor) {
        this.hart = hart;
        this.machine = machine;
        this.supervisor = supervisor;
    }

    private Imsic level(int file) {
        return file == MACHINE ? machine : supervisor;
    }

    private static int number(int file) {
        return file == MACHINE ? 0 : file - SUPERVISOR;
    }

    @Override
    public int guests() {
        return supervisor.filesPerHart() - 1;
    }

    @Override
    public long read(int file, int register) {
        return level(file).read(hart, number(file), register);
    }

    @Override
    public void write(int file, int register, long contents) {
        level(file).write(hart, number(file), register, contents);
    }

    @Override
    public int top(int file) {
        return level(file).top(hart, number(file));
    }

    @Override
    public void claim(int file) {
        level(file).claim(hart, number(file));
    }
}
