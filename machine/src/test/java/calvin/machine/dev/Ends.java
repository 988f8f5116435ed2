package calvin.machine.dev;

import java.util.ArrayList;
import java.util.List;

/** Keeps how a machine was ended, and -1 for each restart. */
final class Ends implements MachineEnd {
    final List<Long> codes = new ArrayList<>();

    @Override
    public void end(long timePs, long code) {
        codes.add(code);
    }

    @Override
    public void restart(long timePs) {
        codes.add(-1L);
    }
}
