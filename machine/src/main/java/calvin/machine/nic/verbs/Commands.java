package calvin.machine.nic.verbs;

import calvin.machine.bus.Dma;
import calvin.sim.state.Block;
import calvin.sim.state.Derived;

/** The commands of BAR0 (docs/adr/0004). Each is done when the write of COMMAND returns: all or nothing. */
final class Commands {
    private static final int FIRST_QPN = 17;
    /** 0xFFFFFF means multicast. */
    private static final int LAST_QPN = 0xFF_FFFE;
    private static final int MAX_QUEUE_LOG2 = 15;
    private static final int MAX_CQ_LOG2 = 22;
    private static final int MIN_MTU = 256;

    private final CardState state;
    private final Block block;
    private final Pairs pairs;
    private final SendScheduler scheduler;
    private final Regions regions;
    private final ReceiveQueue receives;
    private final Dma dma;
    @Derived(from = "nothing: filled before every use")
    private final byte[] probe = new byte[WorkStruct.BYTES];

    Commands(CardState state, Pairs pairs, SendScheduler scheduler, Regions regions, ReceiveQueue receives, Dma dma) {
        this.state = state;
        this.block = state.block;
        this.pairs = pairs;
        this.scheduler = scheduler;
        this.regions = regions;
        this.receives = receives;
        this.dma = dma;
    }

    /** Executes a command on ARG0..ARG7 and sets STATUS and RESULT. */
    void execute(long nowPs, int opcode) {
        CardStruct.RESULT.set(block, 0, 0);
        int errno = switch (opcode) {
            case 1 -> allocDomain();
            case 2 -> deallocDomain();
            case 3 -> registerRegion();
            case 4 -> deregisterRegion();
            case 5 -> createQueue();
            case 6 -> destroyQueue();
            case 7 -> createPair();
            case 8 -> destroyPair();
            case 9 -> modifyPair(nowPs);
            case 10 -> queryPair();
            default -> Errno.EINVAL;
        };
        CardStruct.STATUS.set(block, 0, errno);
        state.count(Counter.COMMANDS);
        if (errno != Errno.OK) {
            state.count(Counter.COMMANDS_REFUSED);
        }
    }

    private long argument(int index) {
        return CardStruct.ARGUMENTS.get(block, 0, index);
    }

    private int low(int index) {
        return (int) argument(index);
    }

    private int high(int index) {
        return (int) (argument(index) >>> 32);
    }

    private int result(long value) {
        CardStruct.RESULT.set(block, 0, value);
        return Errno.OK;
    }

    /** Offset of the domain with this number, or -1. */
    private long domainAt(long number) {
        boolean is = number > 0 && number <= state.domains.capacity() && state.domains.inUse((int) number - 1);
        return is ? state.domains.at((int) number - 1) : -1;
    }

    private long queueAt(long number) {
        boolean is = number > 0 && number <= state.queues.capacity() && state.queues.inUse((int) number - 1);
        return is ? state.queues.at((int) number - 1) : -1;
    }

    private void useDomain(long number, int change) {
        long at = domainAt(number);
        DomainStruct.USERS.set(block, at, DomainStruct.USERS.get(block, at) + change);
    }

    private void useQueue(long number, int change) {
        long at = queueAt(number);
        CompletionQueueStruct.USERS.set(block, at, CompletionQueueStruct.USERS.get(block, at) + change);
    }

    private int allocDomain() {
        int index = state.domains.take();
        return index < 0 ? Errno.ENOMEM : result(index + 1);
    }

    private int deallocDomain() {
        long at = domainAt(argument(0));
        if (at < 0) {
            return Errno.ENOENT;
        }
        if (DomainStruct.USERS.get(block, at) != 0) {
            return Errno.EBUSY;
        }
        state.domains.give((int) argument(0) - 1);
        return Errno.OK;
    }

    private int registerRegion() {
        long va = argument(1);
        long length = argument(2);
        long pa = argument(3);
        long access = argument(4);
        if (domainAt(argument(0)) < 0) {
            return Errno.ENOENT;
        }
        boolean wraps = Long.compareUnsigned(va + length - 1, va) < 0 || pa < 0 || pa + length < 0;
        if (length <= 0 || wraps || (access & ~Regions.ALL_ACCESS) != 0) {
            return Errno.EINVAL;
        }
        int key = regions.register(low(0), va, length, pa, (int) access);
        if (key == 0) {
            return Errno.ENOMEM;
        }
        useDomain(argument(0), 1);
        return result(key & 0xFFFF_FFFFL);
    }

    private int deregisterRegion() {
        int region = argument(0) >>> 32 != 0 ? -1 : regions.find(low(0));
        if (region < 0) {
            return Errno.ENOENT;
        }
        useDomain(regions.domainOf(region), -1);
        regions.deregister(region);
        return Errno.OK;
    }

    private int createQueue() {
        long log2 = argument(1);
        if (log2 < 0 || log2 > MAX_CQ_LOG2 || badUar(argument(3)) || !ring(argument(0), log2, CompletionStruct.BYTES)
                || !ring(argument(2), 0, 8)) {
            return Errno.EINVAL;
        }
        int index = state.queues.take();
        if (index < 0) {
            return Errno.ENOMEM;
        }
        long at = state.queues.at(index);
        CompletionQueueStruct.RING.set(block, at, argument(0));
        CompletionQueueStruct.LOG2.set(block, at, (int) log2);
        CompletionQueueStruct.RECORD.set(block, at, argument(2));
        CompletionQueueStruct.UAR.set(block, at, argument(3));
        return result(index + 1);
    }

    private static boolean badUar(long uar) {
        return uar < 0 || uar >= VerbsEngine.UAR_PAGES;
    }

    /** Whether a ring's first and last entries are memory; what lies between is found out in use. */
    private boolean ring(long pa, long log2, int entryBytes) {
        long last = pa + ((1L << log2) - 1) * entryBytes;
        return pa >= 0 && last >= 0 && dma.read(pa, probe, 0, entryBytes) && dma.read(last, probe, 0, entryBytes);
    }

    private int destroyQueue() {
        long at = queueAt(argument(0));
        if (at < 0) {
            return Errno.ENOENT;
        }
        if (CompletionQueueStruct.USERS.get(block, at) != 0) {
            return Errno.EBUSY;
        }
        state.queues.give((int) argument(0) - 1);
        return Errno.OK;
    }

    private int createPair() {
        if (domainAt(low(0)) < 0 || queueAt(low(1)) < 0 || queueAt(high(1)) < 0) {
            return Errno.ENOENT;
        }
        long sqLog2 = argument(3);
        long rqLog2 = argument(5);
        boolean sizes = sqLog2 >= 0 && sqLog2 <= MAX_QUEUE_LOG2 && rqLog2 >= 0 && rqLog2 <= MAX_QUEUE_LOG2;
        if (!sizes || badUar(high(0)) || !ring(argument(2), sqLog2, WorkStruct.BYTES)
                || !ring(argument(4), rqLog2, ReceiveWorkStruct.BYTES)
                || !ring(argument(6), 0, 8)) {
            return Errno.EINVAL;
        }
        long wanted = argument(7);
        if (wanted != 0 && (wanted < FIRST_QPN || wanted > LAST_QPN)) {
            return Errno.EINVAL;
        }
        if (wanted != 0 && state.findPair((int) wanted) >= 0) {
            return Errno.EBUSY;
        }
        int pair = state.pairs.take();
        if (pair < 0) {
            return Errno.ENOMEM;
        }
        long at = pairs.at(pair);
        PairStruct.QPN.set(block, at, wanted != 0 ? wanted : freeQpn(pair));
        state.linkPair(pair);
        PairStruct.DOMAIN.set(block, at, low(0));
        PairStruct.UAR.set(block, at, high(0));
        PairStruct.SEND_CQ.set(block, at, low(1));
        PairStruct.RECV_CQ.set(block, at, high(1));
        PairStruct.SQ.set(block, at, argument(2));
        PairStruct.SQ_LOG2.set(block, at, (int) sqLog2);
        PairStruct.RQ.set(block, at, argument(4));
        PairStruct.RQ_LOG2.set(block, at, (int) rqLog2);
        PairStruct.RECORD.set(block, at, argument(6));
        useDomain(low(0), 1);
        useQueue(low(1), 1);
        useQueue(high(1), 1);
        return result(PairStruct.QPN.get(block, at));
    }

    /** A number nobody has; there are fewer queue pairs than numbers. */
    private int freeQpn(int pair) {
        int qpn = FIRST_QPN + pair;
        while (state.findPair(qpn) >= 0) {
            qpn++;
        }
        return qpn;
    }

    private int pairOf(long qpn) {
        return qpn <= 0 || qpn > LAST_QPN ? -1 : state.findPair((int) qpn);
    }

    private int destroyPair() {
        int pair = pairOf(argument(0));
        if (pair < 0) {
            return Errno.ENOENT;
        }
        long at = pairs.at(pair);
        pairs.toReset(pair);
        useDomain(PairStruct.DOMAIN.get(block, at), -1);
        useQueue(PairStruct.SEND_CQ.get(block, at), -1);
        useQueue(PairStruct.RECV_CQ.get(block, at), -1);
        state.unlinkPair(pair);
        state.pairs.give(pair);
        return Errno.OK;
    }

    private int modifyPair(long nowPs) {
        int pair = pairOf(low(0) & 0xFFFF_FFFFL);
        if (pair < 0) {
            return Errno.ENOENT;
        }
        int from = pairs.state(pair);
        int to = high(0);
        if (!PairState.allowed(from, to)) {
            return Errno.EINVAL;
        }
        return switch (to) {
            case PairState.RESET -> {
                pairs.toReset(pair);
                yield Errno.OK;
            }
            case PairState.INIT -> toInit(pair);
            case PairState.RTR -> toRtr(nowPs, pair);
            case PairState.RTS -> toRts(pair, from);
            case PairState.SQD -> toSqd(pair);
            default -> {
                if (from != PairState.ERR) {
                    pairs.toError(nowPs, pair);
                }
                yield Errno.OK;
            }
        };
    }

    private int toInit(int pair) {
        if ((argument(1) & ~Regions.ALL_ACCESS) != 0) {
            return Errno.EINVAL;
        }
        PairStruct.ACCESS.set(block, pairs.at(pair), low(1));
        PairStruct.STATE.set(block, pairs.at(pair), PairState.INIT);
        return Errno.OK;
    }

    private int toRtr(long nowPs, int pair) {
        int mtu = low(4) & 0xFFFF;
        int rnrCode = low(4) >>> 16;
        boolean psn = high(1) >>> 24 == 0;
        boolean peer = low(1) > 0 && low(1) <= LAST_QPN && argument(2) >>> 32 == 0 && argument(3) >>> 48 == 0;
        boolean size = mtu >= MIN_MTU && mtu <= CardState.MAX_MTU && Integer.bitCount(mtu) == 1;
        if (!psn || !peer || !size || rnrCode > 31) {
            return Errno.EINVAL;
        }
        long at = pairs.at(pair);
        PairStruct.PEER_QPN.set(block, at, low(1));
        PairStruct.EXPECTED_PSN.set(block, at, high(1));
        PairStruct.PEER_IP.set(block, at, low(2));
        PairStruct.PEER_MAC.set(block, at, argument(3));
        PairStruct.MTU.set(block, at, mtu);
        PairStruct.RNR_CODE.set(block, at, rnrCode);
        PairStruct.STATE.set(block, at, PairState.RTR);
        receives.refreshIfLow(nowPs, pair);
        return Errno.OK;
    }

    private int toRts(int pair, int from) {
        long at = pairs.at(pair);
        if (from == PairState.RTR) {
            int psn = low(1);
            int timeout = high(1) & 0xFF;
            int retry = high(1) >>> 8 & 0xFF;
            int rnr = high(1) >>> 16;
            if (psn >>> 24 != 0 || timeout > 31 || retry > 7 || rnr > 7) {
                return Errno.EINVAL;
            }
            PairStruct.NEXT_PSN.set(block, at, psn);
            PairStruct.CURSOR_PSN.set(block, at, psn);
            PairStruct.UNACKED_PSN.set(block, at, psn);
            PairStruct.TIMEOUT_CODE.set(block, at, timeout);
            PairStruct.RETRY_LIMIT.set(block, at, retry);
            PairStruct.RETRY_LEFT.set(block, at, retry);
            PairStruct.RNR_LIMIT.set(block, at, rnr);
            PairStruct.RNR_LEFT.set(block, at, rnr);
        }
        PairStruct.STATE.set(block, at, PairState.RTS);
        scheduler.wake(pair);
        return Errno.OK;
    }

    private int toSqd(int pair) {
        PairStruct.STATE.set(block, pairs.at(pair), PairState.SQD);
        scheduler.wake(pair);
        return Errno.OK;
    }

    private int queryPair() {
        int pair = pairOf(argument(0));
        if (pair < 0) {
            return Errno.ENOENT;
        }
        long at = pairs.at(pair);
        return result(pairs.state(pair) | PairStruct.NEXT_PSN.get(block, at) << 8
                | PairStruct.EXPECTED_PSN.get(block, at) << 32);
    }
}
