package calvin.experiment.trace;

/**
 * One message of one frame, followed from the completion that came before it at its sender to its own completion at its
 * receiver.
 *
 * @param sender      the sending card's port
 * @param receiver    the receiving card's port
 * @param bytes       payload of the work request
 * @param startPs     the completion at the sender after which the software went on
 * @param endPs       the completion at the receiver
 * @param stagesPs    by {@link Stage#ordinal()}; their sum is {@code endPs - startPs}
 * @param startOrigin origin of the frame that caused the completion at {@code startPs}
 * @param origin      the message's own frame
 */
public record Message(int sender, int receiver, long bytes, long startPs, long endPs, long[] stagesPs, long startOrigin,
        long origin) {
    public long totalPs() {
        return endPs - startPs;
    }

    public long stagePs(Stage stage) {
        return stagesPs[stage.ordinal()];
    }
}
