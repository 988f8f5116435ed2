package calvin.lwk.task;

import calvin.lwk.mm.Aspace;
import calvin.lwk.state.AspaceStruct;
import calvin.lwk.state.TaskStruct;
import calvin.sim.state.Memory;
import calvin.sim.state.Struct.Words;

/**
 * Signals that wait to be taken, of one task and of its address space, and who sent them: the pid, with {@link
 * #BY_TGKILL} for tgkill and tkill. Two of the same number are one; values (sigqueue) are left out.
 */
public final class PendingSignals {
    public static final long BY_TGKILL = 1L << 31;
    /** The part of {@code siginfo_t} that is filled: si_signo, si_errno, si_code, 0, si_pid, si_uid. */
    public static final int INFO_BYTES = 24;
    private static final int SI_USER = 0;
    private static final int SI_TKILL = -6;
    private static final int HALF = 32;
    private static final long HALF_MASK = 0xFFFF_FFFFL;

    private PendingSignals() {}

    /** All that the task may take, bit n-1 for signal n. */
    public static long of(Memory memory, long taskAt) {
        long aspace = TaskStruct.ASPACE.get(memory, taskAt);
        return TaskStruct.SIGNALS.get(memory, taskAt) | (aspace == 0 ? 0 : AspaceStruct.SIGNALS.get(memory, aspace));
    }

    static void add(Memory memory, long taskAt, int signal, long sender) {
        TaskStruct.SIGNALS.set(memory, taskAt, TaskStruct.SIGNALS.get(memory, taskAt) | Signals.bit(signal));
        setSender(memory, TaskStruct.SENDERS, taskAt, signal, sender);
    }

    static void addShared(Memory memory, long aspaceAt, int signal, long sender) {
        AspaceStruct.SIGNALS.set(memory, aspaceAt, AspaceStruct.SIGNALS.get(memory, aspaceAt) | Signals.bit(signal));
        setSender(memory, AspaceStruct.SENDERS, aspaceAt, signal, sender);
    }

    /** Takes a pending signal; returns its sender. */
    public static long take(Memory memory, long taskAt, int signal) {
        long own = TaskStruct.SIGNALS.get(memory, taskAt);
        if ((own & Signals.bit(signal)) != 0) {
            TaskStruct.SIGNALS.set(memory, taskAt, own & ~Signals.bit(signal));
            return sender(memory, TaskStruct.SENDERS, taskAt, signal);
        }
        long aspace = TaskStruct.ASPACE.get(memory, taskAt);
        AspaceStruct.SIGNALS.set(memory, aspace, AspaceStruct.SIGNALS.get(memory, aspace) & ~Signals.bit(signal));
        return sender(memory, AspaceStruct.SENDERS, aspace, signal);
    }

    /** si_code of a signal from that sender. */
    static int code(long sender) {
        return (sender & BY_TGKILL) != 0 ? SI_TKILL : SI_USER;
    }

    static long pid(long sender) {
        return sender & ~BY_TGKILL;
    }

    /** Fills a siginfo_t of an address space, which need not be the current one; nothing at address 0. */
    public static void writeInfo(Memory memory, long aspaceAt, long va, int signal, long sender) {
        int[] words = {signal, 0, code(sender), 0, (int) pid(sender), 0};
        for (int i = 0; va != 0 && i < words.length; i++) {
            long pa = Aspace.virtToPhys(memory, aspaceAt, va + 4L * i);
            if (pa > 0) {
                memory.u32(pa, words[i]);
            }
        }
    }

    private static long sender(Memory memory, Words senders, long at, int signal) {
        return senders.get(memory, at, (signal - 1) / 2) >>> (signal - 1) % 2 * HALF & HALF_MASK;
    }

    private static void setSender(Memory memory, Words senders, long at, int signal, long sender) {
        int shift = (signal - 1) % 2 * HALF;
        int index = (signal - 1) / 2;
        senders.set(memory, at, index, senders.get(memory, at, index) & ~(HALF_MASK << shift) | sender << shift);
    }
}
