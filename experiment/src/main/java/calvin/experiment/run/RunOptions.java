package calvin.experiment.run;

import java.nio.file.Path;

/**
 * How to run, beyond what the file says; nothing here changes results.
 *
 * @param out      folder of results, null for the next free one under {@code out}
 * @param saveAtPs when to save a snapshot, or -1
 * @param save     where to save it
 * @param load     a snapshot to go on from, or null
 * @param watched  whether progress may be shown
 */
public record RunOptions(Path out, long saveAtPs, Path save, Path load, boolean watched) {}
