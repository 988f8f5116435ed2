package calvin.experiment.boot;

import calvin.machine.board.Machine;
import calvin.sim.time.SimTime;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Writer;

/** Between the slices of a booted machine: keys of Calvin's, snapshots, the pace of time, the log of what is typed. */
final class BootHooks implements LoopHooks {
    private final BootOptions options;
    private final Machine machine;
    private final String name;
    private final TerminalInput input;
    private final TerminalKeys keys;
    private final PrintStream messages;
    private final Writer log;
    private final Pace pace;
    private boolean saved;
    private boolean left;

    /** @param name the machine's, in snapshots */
    BootHooks(BootOptions options, Machine machine, String name, TerminalInput input, TerminalKeys keys,
            PrintStream messages, Writer log) {
        this.options = options;
        this.machine = machine;
        this.name = name;
        this.input = input;
        this.keys = keys;
        this.messages = messages;
        this.log = log;
        pace = options.interactive() && !options.fast() ? new Pace(machine.lane().timePs()) : null;
    }

    /** Whether the user has left. */
    boolean left() {
        return left;
    }

    @Override
    public boolean turn() throws IOException {
        SaveAt at = options.saveAt();
        if (at != null && !saved && machine.lane().timePs() >= limitPs()
                || at != null && !saved && machine.instructions() >= limitInstructions()) {
            save();
        }
        if (options.interactive() && !commands()) {
            return false;
        }
        if (pace != null) {
            long waitMs = pace.waitMs(machine.lane().timePs());
            return waitMs == 0 || input.await(waitMs);
        }
        return true;
    }

    /** Does what the user wants; false to leave. */
    private boolean commands() throws IOException {
        for (TerminalKeys.Command command = keys.next(); command != null; command = keys.next()) {
            switch (command) {
                case LEAVE -> left = true;
                case HELP -> say(TerminalKeys.HELP);
                case SAVE -> {
                    if (options.files().save() == null) {
                        say("calvin: where to? --save FILE says so\n");
                    } else {
                        save();
                    }
                }
            }
        }
        // Who has closed the terminal has left.
        left |= input.ended();
        return !left;
    }

    void save() throws IOException {
        long startNs = System.nanoTime();
        BootSnapshot.save(machine.lane(), name, options.files().save());
        saved = true;
        say("calvin: saved to " + options.files().save() + " at " + SimTime.format(machine.lane().timePs()) + " in "
                + (System.nanoTime() - startNs) / 1_000_000 + " ms\n");
    }

    /** Whether there is a snapshot by now. */
    boolean saved() {
        return saved;
    }

    /** A terminal in raw mode wants a carriage return, too. */
    private void say(String text) {
        messages.print(options.interactive() ? text.replace("\n", "\r\n") : text);
        messages.flush();
    }

    @Override
    public long limitPs() {
        SaveAt at = options.saveAt();
        return at == null || saved || at.timePs() < 0 ? Long.MAX_VALUE : at.timePs();
    }

    @Override
    public long limitInstructions() {
        SaveAt at = options.saveAt();
        return at == null || saved || at.instructions() < 0 ? Long.MAX_VALUE : at.instructions();
    }

    @Override
    public void typed(long timePs, byte[] bytes) throws IOException {
        if (log != null) {
            InputLog.write(log, timePs, bytes);
        }
    }
}
