package calvin.experiment.trace;

import calvin.sim.check.Check;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Where the time of a typical message of one size goes.
 *
 * <p>The one-way latency of a program is the time from one message's completion to the completion of the message that
 * answers it: it holds the software of one side once. So the samples are the answers, messages of the size whose sender
 * last received a message of the same size, without those of the warm-up. The sample with the median total stands for
 * all. Its stages add up to its total exactly, which medians of single stages would not; that is checked.
 *
 * @param bytes    payload of the work requests
 * @param messages messages of that size
 * @param samples  answers among them, or all where none is one
 * @param stagesPs by {@link Stage#ordinal()}
 * @param totalPs  one-way latency of the median sample: the sum of the stages
 */
public record Breakdown(long bytes, int messages, int samples, long[] stagesPs, long totalPs) {
    /** Messages before the steady state: first touches of pages and connections that are still being made. */
    private static final int WARM_UP = 4;

    /** The breakdown for messages of {@code bytes}, or null if there were none. */
    public static Breakdown of(List<Message> all, long bytes) {
        List<Message> wanted = all.stream().filter(message -> message.bytes() == bytes).toList();
        List<Message> samples = new ArrayList<>();
        Set<Long> origins = new HashSet<>();
        wanted.forEach(message -> origins.add(message.origin()));
        wanted.stream().filter(message -> origins.contains(message.startOrigin())).forEach(samples::add);
        if (samples.isEmpty()) {
            samples.addAll(wanted);
        }
        if (samples.size() > 2 * WARM_UP) {
            samples = new ArrayList<>(samples.subList(WARM_UP, samples.size()));
        }
        if (samples.isEmpty()) {
            return null;
        }
        int steady = samples.size();
        samples.sort(Comparator.comparingLong(Message::totalPs));
        Message median = samples.get((steady - 1) / 2);
        long sum = 0;
        for (Stage stage : Stage.values()) {
            sum += median.stagePs(stage);
        }
        Check.that(sum == median.totalPs(), "the stages do not add up to the one-way latency", sum, median.totalPs());
        return new Breakdown(bytes, wanted.size(), steady, median.stagesPs(), sum);
    }

    public long stagePs(Stage stage) {
        return stagesPs[stage.ordinal()];
    }
}
