package calvin.experiment.trace;

import calvin.sim.check.Check;
import calvin.sim.trace.TraceKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts the records of all lanes together to messages.
 *
 * <pre>
 * sender    COMPLETION ── software ──► DOORBELL_RUNG ── doorbell ──► DOORBELL_SEEN ── DMA ──► FRAME_SENT
 * network                                                               FRAME_SENT ── wire, switches ──► FRAME_RECEIVED
 * receiver                                                                FRAME_RECEIVED ── completion ──► COMPLETION
 * </pre>
 *
 * The stages are differences of consecutive records, so their sum is the time between the two completions by
 * construction. Messages of several frames, and those that were retransmitted, are left out. A receive completion is
 * one whose opcode has bit 7 (RECV and RECV_RDMA_WITH_IMM of {@code enum ibv_wc_opcode}).
 */
public final class MessageFinder {
    private static final int RECEIVE_BIT = 0x80;

    private final Map<Long, Sent> sentByOrigin = new HashMap<>();
    private final Map<WorkKey, Work> works = new HashMap<>();
    private final Map<Integer, List<Completion>> completions = new HashMap<>();
    private final Map<Long, Long> receivedAt = new HashMap<>();
    private final Map<Long, Long> switchPs = new HashMap<>();

    private record WorkKey(int port, long key) {}

    private record Sent(WorkKey work, long timePs) {}

    private record Completion(long timePs, long origin, boolean receive) {}

    private static final class Work {
        private long rungPs = -1;
        private long seenPs = -1;
        private long bytes = -1;
        private int frames;
    }

    private MessageFinder() {}

    /** All messages that can be followed from end to end, in the order of their ends. */
    public static List<Message> find(List<TraceLog> lanes) {
        MessageFinder finder = new MessageFinder();
        for (TraceLog lane : lanes) {
            for (int i = 0; i < lane.size(); i++) {
                finder.take(lane, i);
            }
        }
        return finder.messages();
    }

    private void take(TraceLog log, int i) {
        int port = log.component(i);
        long timePs = log.timePs(i);
        TraceKind kind = log.kind(i);
        switch (kind) {
            case DOORBELL_RUNG -> work(port, log.a(i)).rungPs = timePs;
            case DOORBELL_SEEN -> work(port, log.a(i)).seenPs = timePs;
            case WORK_FETCHED -> work(port, log.a(i)).bytes = log.c(i);
            case FRAME_SENT -> {
                if (log.a(i) != -1) {
                    WorkKey key = new WorkKey(port, log.a(i));
                    work(port, log.a(i)).frames++;
                    sentByOrigin.put(log.b(i), new Sent(key, timePs));
                }
            }
            case SWITCH_RECEIVED -> switchPs.merge(log.b(i), -timePs, Long::sum);
            case SWITCH_SENT -> switchPs.merge(log.b(i), timePs, Long::sum);
            case FRAME_RECEIVED -> receivedAt.put(log.b(i), timePs);
            case COMPLETION -> completions.computeIfAbsent(port, p -> new ArrayList<>())
                    .add(new Completion(timePs, log.b(i), (log.c(i) & RECEIVE_BIT) != 0));
            case PAYLOAD_WRITTEN, RETRANSMIT, FRAME_DROPPED, TASK_STARTED, TASK_ENDED, VM_EXIT, FAULT_APPLIED -> {
            }
        }
    }

    private Work work(int port, long key) {
        return works.computeIfAbsent(new WorkKey(port, key), k -> new Work());
    }

    private List<Message> messages() {
        List<Message> all = new ArrayList<>();
        completions.forEach((port, list) -> {
            list.sort(Comparator.comparingLong(Completion::timePs));
            for (Completion completion : list) {
                Message message = completion.receive() ? follow(port, completion) : null;
                if (message != null) {
                    all.add(message);
                }
            }
        });
        all.sort(Comparator.comparingLong(Message::endPs).thenComparingLong(Message::origin));
        return all;
    }

    private Message follow(int receiver, Completion completion) {
        Sent sent = sentByOrigin.get(completion.origin());
        Long arrivedPs = receivedAt.get(completion.origin());
        Work work = sent == null ? null : works.get(sent.work());
        if (work == null || arrivedPs == null || work.frames != 1 || work.rungPs < 0 || work.seenPs < 0) {
            return null;
        }
        int sender = sent.work().port();
        Completion before = lastReceiveBefore(sender, work.rungPs);
        if (before == null) {
            return null;
        }
        long inSwitches = switchPs.getOrDefault(completion.origin(), 0L);
        long[] stages = new long[Stage.values().length];
        stages[Stage.SOFTWARE.ordinal()] = work.rungPs - before.timePs();
        stages[Stage.DOORBELL.ordinal()] = work.seenPs - work.rungPs;
        stages[Stage.DMA.ordinal()] = sent.timePs() - work.seenPs;
        stages[Stage.WIRE.ordinal()] = arrivedPs - sent.timePs() - inSwitches;
        stages[Stage.SWITCH.ordinal()] = inSwitches;
        stages[Stage.COMPLETION.ordinal()] = completion.timePs() - arrivedPs;
        long sum = 0;
        for (long stage : stages) {
            sum += stage;
        }
        Check.that(sum == completion.timePs() - before.timePs(), "the stages of a message do not add up", sum);
        return new Message(sender, receiver, work.bytes, before.timePs(), completion.timePs(), stages, before.origin(),
                completion.origin());
    }

    private Completion lastReceiveBefore(int port, long timePs) {
        List<Completion> list = completions.getOrDefault(port, List.of());
        int low = 0;
        int high = list.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (list.get(middle).timePs() <= timePs) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        for (int i = low - 1; i >= 0; i--) {
            if (list.get(i).receive()) {
                return list.get(i);
            }
        }
        return null;
    }
}
