package calvin.experiment.report;

import calvin.experiment.trace.TraceLog;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * A whole run: the lanes of all processes in the order of the plan.
 *
 * @param end     why it ended
 * @param endPs   the virtual time that every lane has reached
 * @param windows windows that were run
 */
public record RunResult(End end, long endPs, long windows, List<LaneReport> lanes) {
    /** Why a run ends. */
    public enum End {
        /** Every node's work is done. */
        ENDED("all work is done"),
        /** A kernel panicked or a virtual machine failed. */
        FAILED("a node failed"),
        /** A rank of a parallel job ended with an error; the job ends with it, as launchers do. */
        ABORTED("a rank ended with an error, and its job with it"),
        /** Every hart waits and nothing is on its way. */
        STUCK("nothing can happen any more, and not all work is done"),
        /** The experiment's {@code until}. */
        UNTIL("the time of `until` has come, and not all work is done");

        private final String text;

        End(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }

    /** SHA-256 over the hashes of the lanes, in the order of the plan: what two runs of one plan must agree on. */
    public String stateHash() {
        return combine(lanes.stream().map(LaneReport::stateHash).toList());
    }

    /** The hash of a world from those of its lanes. */
    public static String combine(List<String> laneHashes) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String hash : laneHashes) {
                digest.update(hash.getBytes(StandardCharsets.US_ASCII));
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The report of node {@code number}. */
    public LaneReport.NodeReport node(int number) {
        return lanes.get(number).node();
    }

    /** The nodes' reports, by number. */
    public List<LaneReport.NodeReport> nodes() {
        return lanes.stream().map(LaneReport::node).filter(java.util.Objects::nonNull).toList();
    }

    public List<TraceLog> traces() {
        return lanes.stream().map(LaneReport::trace).toList();
    }
}
