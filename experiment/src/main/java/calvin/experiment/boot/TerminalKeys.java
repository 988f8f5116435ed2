package calvin.experiment.boot;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Takes what is meant for Calvin out of what the user types: Ctrl-A and a letter, as QEMU has it. Owned by the thread
 * that reads the terminal but for {@link #next}.
 */
final class TerminalKeys {
    static final String HELP = """
            Ctrl-A X  leaves: the machine ends here
            Ctrl-A S  saves a snapshot to the file of --save
            Ctrl-A H  shows this
            Ctrl-A Ctrl-A  types Ctrl-A
            """;
    private static final int CTRL_A = 1;

    /** What the user wants of Calvin. */
    enum Command {
        LEAVE, SAVE, HELP
    }

    private final Deque<Command> commands = new ArrayDeque<>();
    private boolean escaped;

    /** What of {@code count} typed bytes is the guest's. */
    byte[] guests(byte[] typed, int count) {
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            if (escaped) {
                escaped = false;
                if (typed[i] == CTRL_A) {
                    rest.write(CTRL_A);
                } else {
                    command(typed[i]);
                }
            } else if (typed[i] == CTRL_A) {
                escaped = true;
            } else {
                rest.write(typed[i]);
            }
        }
        return rest.toByteArray();
    }

    private void command(int key) {
        synchronized (commands) {
            commands.add(switch (key) {
                case 'x', 'X' -> Command.LEAVE;
                case 's', 'S' -> Command.SAVE;
                default -> Command.HELP;
            });
        }
    }

    /** The command given first that has not been taken, or null. */
    Command next() {
        synchronized (commands) {
            return commands.poll();
        }
    }
}
