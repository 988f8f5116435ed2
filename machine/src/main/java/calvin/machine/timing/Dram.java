package calvin.machine.timing;

import calvin.sim.state.StateReader;
import calvin.sim.state.StateWriter;
import java.util.Arrays;

/**
 * The memory of one NUMA node: channels, their banks' open rows, and how much each channel's data bus carries.
 * Consecutive lines go to consecutive channels, consecutive rows to consecutive banks. Not modelled: refresh, read to
 * write turnaround, reordering.
 */
final class Dram {
    private final DramSpec spec;
    private final int rowLines;
    /** Open row by channel and bank, or -1. */
    private final long[] openRow;
    private final Throughput[] bus;

    Dram(DramSpec spec) {
        this.spec = spec;
        rowLines = Math.max(1, spec.rowBytes() / TimingSpec.LINE_BYTES);
        openRow = new long[spec.channels() * spec.banks()];
        Arrays.fill(openRow, -1);
        bus = new Throughput[spec.channels()];
        for (int i = 0; i < bus.length; i++) {
            bus[i] = new Throughput(spec.burstPs());
        }
    }

    /** From a request at the controller to its data, in picoseconds. */
    long access(long line, long nowPs) {
        int channel = (int) Long.remainderUnsigned(line ^ line >>> 7, spec.channels());
        long inChannel = Long.divideUnsigned(line, spec.channels());
        long row = Long.divideUnsigned(inChannel, rowLines);
        int bank = channel * spec.banks() + (int) Long.remainderUnsigned(row ^ row >>> 5, spec.banks());
        long open = openRow[bank];
        openRow[bank] = row;
        long waitPs = bus[channel].reserve(nowPs);
        long rowPs = open == row ? 0 : open < 0 ? spec.activatePs() : spec.prechargePs() + spec.activatePs();
        return spec.controllerPs() + waitPs + rowPs + spec.casPs() + spec.burstPs();
    }

    void save(StateWriter out) {
        out.u64s(openRow);
        for (Throughput channel : bus) {
            channel.save(out);
        }
    }

    void load(StateReader in) {
        in.u64s(openRow);
        for (Throughput channel : bus) {
            channel.load(in);
        }
    }
}
