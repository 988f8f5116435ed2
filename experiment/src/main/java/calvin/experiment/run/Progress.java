package calvin.experiment.run;

import calvin.sim.time.SimTime;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * How far a long piece of work is, on the standard error stream of a terminal; silent where nobody watches. A run shows
 * virtual time, slow-down and the time until the end at the latest; a campaign shows its experiments.
 */
public final class Progress implements AutoCloseable {
    /** Windows between two looks at the clock. */
    private static final long EVERY = 1 << 10;
    private static final int INTERVAL_MS = 500;

    private final ProgressBar bar;
    private final long startNs = System.nanoTime();
    private long startPs = -1;

    private Progress(ProgressBar bar) {
        this.bar = bar;
    }

    /** Shows nothing. */
    public static Progress silent() {
        return new Progress(null);
    }

    /**
     * Progress of a run in virtual microseconds.
     *
     * @param untilPs when it ends at the latest: most end before, so the time left is an upper bound
     */
    public static Progress ofRun(String name, long untilPs) {
        return watched(name, untilPs / SimTime.PS_PER_US, " us");
    }

    /** Progress of {@code count} pieces of work. */
    public static Progress ofCount(String name, long count, String unit) {
        return watched(name, count, " " + unit);
    }

    private static Progress watched(String name, long max, String unit) {
        if (System.console() == null || !System.console().isTerminal()) {
            return silent();
        }
        return new Progress(new ProgressBarBuilder().setTaskName(name).setInitialMax(max).setUnit(unit, 1)
                .setStyle(ProgressBarStyle.ASCII).setUpdateIntervalMillis(INTERVAL_MS).clearDisplayOnFinish().build());
    }

    /** A window of a run has ended. */
    public void window(long horizonPs, long windows) {
        if (bar == null) {
            return;
        }
        if (startPs < 0) {
            startPs = horizonPs;
        }
        if (windows % EVERY == 0) {
            bar.stepTo(horizonPs / SimTime.PS_PER_US);
            double slowDown = (System.nanoTime() - startNs) * 1e3 / Math.max(1, horizonPs - startPs);
            bar.setExtraMessage(
                    String.format(Locale.ROOT, "virtual %s, %.0fx slower", SimTime.format(horizonPs), slowDown));
        }
    }

    /** One more piece of work is done. */
    public void step() {
        if (bar != null) {
            bar.step();
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
