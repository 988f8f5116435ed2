package calvin.machine.observe;

import calvin.machine.trace.Commit;
import java.io.IOException;

/** A form in which a trace is written. Records of one hart come in the order of their times. */
interface TraceOutput {
    void instruction(Commit commit) throws IOException;

    void trap(long timePs, int hart, long cause, long value, long pc, String from, String to) throws IOException;

    /** The hart is in this mode from now on. */
    void mode(long timePs, int hart, String mode) throws IOException;

    void waiting(long timePs, int hart, boolean begins) throws IOException;

    void hosted(long timePs, int hart, String kernel, boolean begins) throws IOException;

    /** @param hart that made it, or -1 */
    void device(long timePs, int hart, String device, boolean store, long pa, int bytes, long value)
            throws IOException;

    /** The end of the trace. */
    void end(long timePs) throws IOException;
}
