package calvin.experiment.boot;

import java.nio.file.Path;

/**
 * What a run writes, and what it goes on from; each null where there is none.
 *
 * @param signature    gets the memory between {@code begin_signature} and {@code end_signature}
 * @param traceCommits gets what the harts do, in Spike's form
 * @param save         gets a snapshot
 * @param load         a snapshot to go on from
 * @param record       gets what is typed, with its times
 * @param replay       what is typed, as {@code record} wrote it
 */
public record BootFiles(Path signature, Path traceCommits, Path save, Path load, Path record, Path replay) {
    public static final BootFiles NONE = new BootFiles(null, null, null, null, null, null);

    public BootFiles withSignature(Path value) {
        return new BootFiles(value, traceCommits, save, load, record, replay);
    }

    public BootFiles withTraceCommits(Path value) {
        return new BootFiles(signature, value, save, load, record, replay);
    }

    public BootFiles withSave(Path value) {
        return new BootFiles(signature, traceCommits, value, load, record, replay);
    }

    public BootFiles withLoad(Path value) {
        return new BootFiles(signature, traceCommits, save, value, record, replay);
    }

    public BootFiles withRecord(Path value) {
        return new BootFiles(signature, traceCommits, save, load, value, replay);
    }

    public BootFiles withReplay(Path value) {
        return new BootFiles(signature, traceCommits, save, load, record, value);
    }
}
