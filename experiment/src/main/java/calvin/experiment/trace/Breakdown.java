package calvin.experiment.trace;

import calvin.sim.check.Check;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the time of a typical message of one size goes.
 *
 * <p>In a ping-pong, one-way latency is half a round trip. So two messages of which the second answers the first make a sample, and the sample with
 * the median total stands for all: its stages, halved, add up to its one-way latency exactly, which medians of single stages would not. Where
 * nobody answers at once (collectives), a sample is one message.
 *
 * @param bytes    payload of the work requests
 * @param messages messages of that size
 * @param samples  round trips, or messages where {@code paired} is false
 * @param paired   whether a sample is half a round trip
 * @param stagesPs by {@link Stage#ordinal()}
 * @param totalPs  one-way latency of the median sample: the sum of the stages
 */
public record Breakdown(long bytes, int messages, int samples, boolean paired, double[] stagesPs, double totalPs) {
    /** Messages before the steady state: caches of the transport and first touches of pages are still cold. */
    private static final int WARM_UP = 4;

    private record Sample(long totalPs, long[] stagesPs) {
    }

    /** The breakdown for messages of {@code bytes}, or null if too few were seen. */
    public static Breakdown of(List<Message> all, long bytes) {
        List<Message> wanted = new ArrayList<>(all.stream().filter(message -> message.bytes() == bytes).toList());
        int seen = wanted.size();
        if (wanted.size() > 2 * WARM_UP) {
            wanted = wanted.subList(WARM_UP, wanted.size());
        }
        List<Sample> samples = pairs(wanted);
        boolean paired = !samples.isEmpty();
        if (!paired) {
            wanted.forEach(message -> samples.add(new Sample(message.totalPs(), message.stagesPs())));
        }
        if (samples.isEmpty()) {
            return null;
        }
        samples.sort(Comparator.comparingLong(Sample::totalPs));
        Sample median = samples.get((samples.size() - 1) / 2);
        double divisor = paired ? 2 : 1;
        double[] stages = new double[Stage.values().length];
        double sum = 0;
        for (int i = 0; i < stages.length; i++) {
            stages[i] = median.stagesPs()[i] / divisor;
            sum += stages[i];
        }
        // Picoseconds below 2^52 and their halves are exact in a double, so equality is meant.
        Check.that(sum == median.totalPs() / divisor, "the stages do not add up to the one-way latency", median.totalPs());
        return new Breakdown(bytes, seen, samples.size(), paired, stages, sum);
    }

    /** Round trips: a message and the next one that its completion at the receiver started, back to its sender. */
    private static List<Sample> pairs(List<Message> messages) {
        Map<Long, Message> byStart = new HashMap<>();
        messages.forEach(message -> byStart.putIfAbsent(message.startOrigin(), message));
        List<Sample> samples = new ArrayList<>();
        Message previousAnswer = null;
        for (Message ping : messages) {
            Message pong = byStart.get(ping.origin());
            if (ping == previousAnswer || pong == null || pong.receiver() != ping.sender() || pong.sender() != ping.receiver()) {
                continue;
            }
            long[] stages = new long[Stage.values().length];
            for (int i = 0; i < stages.length; i++) {
                stages[i] = ping.stagesPs()[i] + pong.stagesPs()[i];
            }
            samples.add(new Sample(pong.endPs() - ping.startPs(), stages));
            previousAnswer = pong;
        }
        return samples;
    }

    public double stagePs(Stage stage) {
        return stagesPs[stage.ordinal()];
    }
}
