package calvin.experiment.world;

import calvin.machine.dev.ConsoleSink;
import calvin.sim.state.Published;
import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;
import calvin.sim.state.Stateful;
import java.util.Arrays;

/**
 * What a node has printed since the start of the experiment. It is state: the hash of a run covers its output, and a
 * run that is resumed has the whole console.
 */
final class ConsoleLog implements ConsoleSink, Stateful {
    private final String stateName;
    @Published
    private byte[] bytes = new byte[256];
    @Published
    private int size;

    ConsoleLog(String stateName) {
        this.stateName = stateName;
    }

    @Override
    public void write(long timePs, int value) {
        if (size == bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * size);
        }
        bytes[size++] = (byte) value;
    }

    byte[] bytes() {
        return Arrays.copyOf(bytes, size);
    }

    @Override
    public String stateName() {
        return stateName;
    }

    @Override
    public void save(StateWriter out) {
        out.blob(bytes());
    }

    @Override
    public void load(StateReader in) {
        byte[] saved = in.blob();
        bytes = Arrays.copyOf(saved, Math.max(256, saved.length));
        size = saved.length;
    }
}
